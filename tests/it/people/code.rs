//! Codes in mails, for another device.

use http::StatusCode;
use serde_json::{Value, json};

use super::{ADA, conference_with_mail, hub_with_mail, wait};
use crate::support::client::{Answer, Client};
use crate::support::databases::{TestDatabase, on_each_database};
use crate::support::hub::TestHub;
use crate::support::mail::{Mailboxes, Mailed};

const REDEEM: &str = "/api/v1/sign-in/link/redeem";

/// Asks for a mail; the answer's secret.
async fn ask(client: &mut Client, email: &str) -> String {
    let answer = client.post("/api/v1/sign-in/link", json!({"email": email})).await.ok();
    answer["request"].as_str().expect("a request").to_owned()
}

async fn enter(client: &mut Client, request: &str, code: &str) -> Answer {
    client.post(REDEEM, json!({"request": request, "code": code})).await
}

/// A code that is not this one.
fn other_than(code: &str) -> &'static str {
    if code == "000 000" { "111 111" } else { "000 000" }
}

async fn asked(hub: &TestHub, mail: &mut Mailboxes) -> (Client, String, Mailed) {
    let mut client = hub.client();
    let request = ask(&mut client, ADA).await;
    let mailed = mail.mailed(ADA).await;
    (client, request, mailed)
}

on_each_database!(
    a_code_signs_in_the_browser_that_asked_and_no_other,
    a_code_may_be_tried_a_few_times,
);

async fn a_code_signs_in_the_browser_that_asked_and_no_other(database: TestDatabase) {
    let (hub, mut mail) = hub_with_mail(database).await;
    hub.signed_in(ADA).await;
    let (mut laptop, request, Mailed { token, code }) = asked(&hub, &mut mail).await;

    let mut eve = hub.client();
    let others = ask(&mut eve, ADA).await;
    let refused = enter(&mut eve, &others, &code).await;
    let told = (refused.status, refused.code());
    assert_eq!(told, (StatusCode::UNPROCESSABLE_ENTITY, "sign_in.code_wrong".to_owned()));
    assert_eq!(refused.json()["field"], "code");
    let made_up = enter(&mut eve, "made up", &code).await;
    assert_eq!(made_up.code(), "sign_in.code_spent");

    let me = enter(&mut laptop, &request, &code.replace(' ', "")).await.ok();
    assert_eq!((&me["email"], &me["email_confirmed"]), (&json!(ADA), &json!(true)));
    laptop.get("/api/v1/me").await.ok();

    let again = enter(&mut hub.client(), &request, &code).await;
    assert_eq!(again.status, StatusCode::GONE, "once: {}", again.text);
    let link = hub.client().post(REDEEM, json!({"token": token})).await;
    assert_eq!(link.code(), "sign_in.link_used", "the link beside it, too");
}

async fn a_code_may_be_tried_a_few_times(database: TestDatabase) {
    let (hub, mut mail) = hub_with_mail(database).await;
    hub.signed_in(ADA).await;
    let (mut client, request, Mailed { token, code }) = asked(&hub, &mut mail).await;
    let wrong = other_than(&code);
    for _ in 0..4 {
        assert_eq!(enter(&mut client, &request, wrong).await.code(), "sign_in.code_wrong");
    }
    assert_eq!(enter(&mut client, &request, wrong).await.code(), "sign_in.code_spent");
    assert_eq!(enter(&mut client, &request, &code).await.code(), "sign_in.code_spent");
    client.post(REDEEM, json!({"token": token})).await.ok();
}

#[tokio::test]
async fn a_link_that_was_used_leaves_no_code() {
    let (hub, mut mail) = hub_with_mail(TestDatabase::sqlite()).await;
    hub.signed_in(ADA).await;
    let (mut client, request, Mailed { token, code }) = asked(&hub, &mut mail).await;
    hub.client().post(REDEEM, json!({"token": token})).await.ok();
    assert_eq!(enter(&mut client, &request, &code).await.code(), "sign_in.link_used");
}

#[tokio::test]
async fn a_code_lasts_for_half_an_hour() {
    let (hub, mut mail) = hub_with_mail(TestDatabase::sqlite()).await;
    hub.signed_in(ADA).await;
    let (mut client, request, Mailed { code, .. }) = asked(&hub, &mut mail).await;
    wait(&hub, 31);
    assert_eq!(enter(&mut client, &request, &code).await.code(), "sign_in.code_spent");
}

#[tokio::test]
async fn whether_an_address_is_known_does_not_show_at_its_codes() {
    let (hub, mut mail) = hub_with_mail(TestDatabase::sqlite()).await;
    hub.signed_in(ADA).await;
    let (mut client, request, Mailed { code, .. }) = asked(&hub, &mut mail).await;
    let unknown = ask(&mut client, "nobody@example.org").await;
    for _ in 0..6 {
        let known = enter(&mut client, &request, other_than(&code)).await;
        let none = enter(&mut client, &unknown, "123 456").await;
        assert_eq!((known.status, known.text), (none.status, none.text));
    }
}

#[tokio::test]
async fn codes_for_a_mailbox_cannot_be_guessed_all_day() {
    let (hub, mut mail) = hub_with_mail(TestDatabase::sqlite()).await;
    hub.signed_in(ADA).await;
    for _ in 0..4 {
        let (mut eve, request, Mailed { code, .. }) = asked(&hub, &mut mail).await;
        for _ in 0..5 {
            enter(&mut eve, &request, other_than(&code)).await;
        }
        wait(&hub, 3);
    }
    let (mut client, request, Mailed { token, code }) = asked(&hub, &mut mail).await;
    assert_eq!(enter(&mut client, &request, &code).await.code(), "sign_in.code_spent");
    client.post(REDEEM, json!({"token": token})).await.ok();
}

#[tokio::test]
async fn codes_of_many_mailboxes_cannot_be_guessed_from_one_place() {
    let (hub, _mail) = hub_with_mail(TestDatabase::sqlite()).await;
    let mut client = hub.client();
    for _ in 0..60 {
        assert_eq!(enter(&mut client, "made up", "123 456").await.code(), "sign_in.code_spent");
    }
    let limited = enter(&mut client, "made up", "123 456").await;
    assert_eq!(limited.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_registration_is_confirmed_by_its_own_code_only() {
    let (conference, mut mail) = conference_with_mail(TestDatabase::sqlite()).await;
    let registrations = "/api/v1/events/camp/registrations";
    let own = "/api/v1/events/camp/registration";
    let stranger = json!({"email": ADA, "name": "Eve"});
    let mut eve = conference.hub.client();
    let asked = eve.post(registrations, stranger).await.ok();
    let theirs = mail.mailed(ADA).await;

    // Whoever has the mailbox signs in without having seen that registration.
    let mut ada = conference.hub.client();
    let ask = json!({"email": ADA, "event": "camp"});
    let request = ada.post("/api/v1/sign-in/link", ask).await.ok();
    let mailed = mail.mailed(ADA).await;
    enter(&mut ada, request["request"].as_str().expect("a request"), &mailed.code).await.ok();
    assert_eq!(ada.get(own).await.ok()["status"], "pending");

    let mut here = conference.hub.client();
    enter(&mut here, asked["request"].as_str().expect("a request"), &theirs.code).await.ok();
    assert_eq!(here.get(own).await.ok()["status"], "confirmed");
}

#[tokio::test]
async fn what_is_missing_or_no_code_is_named() {
    let hub = TestHub::start().await;
    for (body, field) in [
        (json!({}), "token"),
        (json!({"code": "123 456"}), "request"),
        (json!({"request": "x"}), "code"),
        (json!({"request": "x", "code": "12345"}), "code"),
        (json!({"token": "x", "request": "x", "code": "123456"}), "token"),
    ] {
        let answer = hub.client().post(REDEEM, body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
        let named: Value = answer.json()["field"].clone();
        assert_eq!(named, field, "{}", answer.text);
    }
}
