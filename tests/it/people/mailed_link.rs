//! Links in mails: what they would do is shown, and only the redemption counts.

use http::StatusCode;
use serde_json::{Value, json};

use super::{ADA, START, conference_with_mail, hub_with_mail, ticket_type, wait};
use crate::support::client::Client;
use crate::support::databases::{TestDatabase, on_each_database};
use crate::support::hub::TestHub;

const REDEEM: &str = "/api/v1/sign-in/link/redeem";
const BOB: &str = "bob@example.org";

async fn look(client: &mut Client, token: &str) -> Value {
    client.post("/api/v1/mailed-link", json!({"token": token})).await.ok()
}

on_each_database!(
    looking_at_a_link_shows_what_it_does_and_uses_nothing_up,
    a_registration_is_shown_before_it_is_confirmed,
);

async fn looking_at_a_link_shows_what_it_does_and_uses_nothing_up(database: TestDatabase) {
    let (conference, mut mail) = conference_with_mail(database).await;
    conference.hub.with_account(ADA, "Ada").await;
    let ask = json!({"email": ADA, "event": "camp", "next": "/e/camp/rooms"});
    let mut client = conference.hub.client();
    client.post("/api/v1/sign-in/link", ask).await.ok();
    let token = mail.token(ADA).await;

    // A mail filter, five times, without cookies.
    for _ in 0..5 {
        let shown = look(&mut conference.hub.client(), &token).await;
        assert_eq!(shown["purpose"], "sign_in");
        assert_eq!((&shown["email"], &shown["name"]), (&json!(ADA), &json!("Ada")));
        assert_eq!(shown["event"]["title"], "Summer Camp");
        assert_eq!(shown["expires_at"], START + 30 * 60_000);
    }
    let me = client.post(REDEEM, json!({"token": token})).await.ok();
    assert_eq!((&me["email"], &me["next"]), (&json!(ADA), &json!("/e/camp/rooms")));

    let used = client.post("/api/v1/mailed-link", json!({"token": token})).await;
    assert_eq!((used.status, used.code().as_str()), (StatusCode::GONE, "sign_in.link_used"));
}

async fn a_registration_is_shown_before_it_is_confirmed(database: TestDatabase) {
    let (mut conference, mut mail) = conference_with_mail(database).await;
    let ticket = ticket_type(&mut conference, 2).await;
    let stranger = json!({"email": ADA, "name": "Eve", "ticket_type": ticket, "consent": true});
    let registrations = "/api/v1/events/camp/registrations";
    conference.hub.client().post(registrations, stranger).await.ok();
    let token = mail.token(ADA).await;
    let mut ada = conference.hub.client();
    for _ in 0..5 {
        let shown = look(&mut ada, &token).await;
        assert_eq!(shown["purpose"], "confirm_registration");
        assert_eq!((&shown["name"], &shown["ticket"]), (&json!("Eve"), &json!("One of 2")));
        assert_eq!(shown["event"]["slug"], "camp");
    }
    let own = "/api/v1/events/camp/registration";
    assert_eq!(ada.get(own).await.status, StatusCode::UNAUTHORIZED);
    let list = conference.organizer.client.get(registrations).await.ok();
    assert_eq!(list["items"][0]["status"], "pending");
    ada.post(REDEEM, json!({"token": token})).await.ok();
    assert_eq!(ada.get(own).await.ok()["status"], "confirmed");
}

#[tokio::test]
async fn a_strangers_link_signs_nobody_out_unasked() {
    let (hub, mut mail) = hub_with_mail(TestDatabase::sqlite()).await;
    hub.signed_in(ADA).await;
    let mut bob = hub.signed_in(BOB).await;
    let before = bob.clone();
    hub.client().post("/api/v1/sign-in/link", json!({"email": ADA})).await.ok();
    let token = mail.token(ADA).await;
    let shown = look(&mut bob, &token).await;
    assert_eq!((&shown["email"], &shown["somebody_else"]), (&json!(ADA), &json!(true)));

    let refused = bob.post(REDEEM, json!({"token": token})).await;
    let told = (refused.status, refused.code());
    assert_eq!(told, (StatusCode::CONFLICT, "sign_in.somebody_else".to_owned()));
    assert_eq!(bob.get("/api/v1/me").await.ok()["email"], BOB);

    let wanted = json!({"token": token, "replace": true});
    assert_eq!(bob.post(REDEEM, wanted).await.ok()["email"], ADA, "the link is still good");
    assert_eq!(before.get("/api/v1/me").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn who_is_signed_in_already_stays_so() {
    let (hub, mut mail) = hub_with_mail(TestDatabase::sqlite()).await;
    let mut ada = hub.signed_in(ADA).await;
    let ids = async |client: &Client| client.get("/api/v1/me/sign-ins").await.ok()["items"].clone();
    let before = ids(&ada).await;
    wait(&hub, 60);
    ada.post("/api/v1/sign-in/link", json!({"email": ADA})).await.ok();
    let token = mail.token(ADA).await;
    let answer = ada.post(REDEEM, json!({"token": token})).await;
    assert!(!answer.headers.contains_key("set-cookie"), "the same sign-in");
    let after = ids(&ada).await;
    assert_eq!((&after[0]["id"], &after[1]), (&before[0]["id"], &Value::Null));
}

#[tokio::test]
async fn a_guest_becomes_whom_the_link_is_for() {
    let (mut conference, mut mail) = conference_with_mail(TestDatabase::sqlite()).await;
    conference.hub.with_account(ADA, "Ada").await;
    let guests = json!({"guests_allowed": true});
    conference.organizer.client.patch("/api/v1/events/camp", guests).await.ok();
    let mut guest = conference.hub.client();
    guest.post("/api/v1/sign-in/guest", json!({"event": "camp"})).await.ok();
    guest.post("/api/v1/sign-in/link", json!({"email": ADA})).await.ok();
    let token = mail.token(ADA).await;
    assert_eq!(guest.post(REDEEM, json!({"token": token})).await.ok()["email"], ADA);
}

#[tokio::test]
async fn a_link_to_an_old_address_is_of_no_use() {
    let (hub, mut mail) = hub_with_mail(TestDatabase::sqlite()).await;
    let mut ada = hub.signed_in(ADA).await;
    hub.client().post("/api/v1/sign-in/link", json!({"email": ADA})).await.ok();
    let old = mail.token(ADA).await;
    ada.put("/api/v1/me/email", json!({"email": "ada@new.example"})).await.ok();
    let token = mail.token("ada@new.example").await;
    ada.post("/api/v1/email/confirm", json!({"token": token})).await.ok();
    for path in ["/api/v1/mailed-link", REDEEM] {
        let answer = TestHub::client(&hub).post(path, json!({"token": old})).await;
        assert_eq!(answer.status, StatusCode::GONE, "{}", answer.text);
    }
}

#[tokio::test]
async fn a_link_for_a_new_password_is_shown_and_survives_looking() {
    let (hub, mut mail) = hub_with_mail(TestDatabase::sqlite()).await;
    hub.signed_in(ADA).await;
    let mut client = hub.client();
    client.post("/api/v1/password-reset", json!({"email": ADA})).await.ok();
    let token = mail.token(ADA).await;
    let shown = look(&mut client, &token).await;
    assert_eq!((&shown["purpose"], &shown["email"]), (&json!("reset_password"), &json!(ADA)));

    let reset = json!({"token": token, "password": "a new pass phrase"});
    let mut bob = hub.signed_in(BOB).await;
    let refused = bob.post("/api/v1/password-reset/redeem", reset.clone()).await;
    assert_eq!(refused.code(), "sign_in.somebody_else");
    client.post("/api/v1/password-reset/redeem", reset).await.ok();
}
