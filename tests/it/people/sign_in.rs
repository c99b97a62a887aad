//! Signing in by link and by password, and signing out.

use std::collections::HashSet;

use http::{Method, StatusCode};
use serde_json::json;

use super::{ADA, hub_with_mail, wait};
use crate::support::client::Answer;
use crate::support::databases::{TestDatabase, on_each_database};
use crate::support::hub::{TestHub, within};

on_each_database!(a_mailed_link_signs_in_once_and_within_half_an_hour);

async fn a_mailed_link_signs_in_once_and_within_half_an_hour(database: TestDatabase) {
    let (hub, mut mail) = hub_with_mail(database).await;
    hub.signed_in(ADA).await;
    let mut client = hub.client();
    let request = json!({"email": "Ada@Example.org", "next": "/e/camp"});
    let answer = client.post("/api/v1/sign-in/link", request.clone()).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);

    let token = mail.token("Ada@Example.org").await;
    let me = client.post("/api/v1/sign-in/link/redeem", json!({"token": token})).await.ok();
    assert_eq!(me["email"], ADA);
    assert_eq!(me["email_confirmed"], true);
    assert_eq!(me["next"], "/e/camp");
    assert_eq!(client.get("/api/v1/me").await.ok()["id"], me["id"]);

    let mut other = hub.client();
    let again = other.post("/api/v1/sign-in/link/redeem", json!({"token": token})).await;
    assert_eq!((again.status, again.code().as_str()), (StatusCode::GONE, "sign_in.link_used"));

    other.post("/api/v1/sign-in/link", request).await.ok();
    let token = mail.token("Ada@Example.org").await;
    wait(&hub, 31);
    let late = other.post("/api/v1/sign-in/link/redeem", json!({"token": token})).await;
    assert_eq!(late.status, StatusCode::GONE);
}

#[tokio::test]
async fn an_unknown_address_gets_the_same_answer_and_another_mail() {
    let (hub, mut mail) = hub_with_mail(TestDatabase::sqlite()).await;
    hub.signed_in(ADA).await;
    let mut client = hub.client();
    let known = client.post("/api/v1/sign-in/link", json!({"email": ADA})).await;
    let unknown = client.post("/api/v1/sign-in/link", json!({"email": "bob@example.org"})).await;
    assert_eq!(known.status, unknown.status);
    let length = |answer: &Answer| answer.ok()["request"].as_str().map(str::len);
    assert_eq!((length(&known), known.text.len()), (Some(43), unknown.text.len()));
    assert!(mail.next(ADA).await.token().is_some());
    let told = mail.next("bob@example.org").await;
    assert_eq!(told.token(), None, "{}", told.text());
    assert!(told.text().contains(&hub.app.settings.addresses.public_url), "{}", told.text());
}

#[tokio::test]
async fn a_password_signs_in_and_a_wrong_one_reveals_nothing() {
    let hub = TestHub::start().await;
    let mut ada = hub.signed_in(ADA).await;
    let chosen = ada.put("/api/v1/me/password", json!({"password": "correct horse"})).await;
    assert_eq!(chosen.status, StatusCode::NO_CONTENT, "{}", chosen.text);

    let mut client = hub.client();
    let request = json!({"email": ADA, "password": "correct horse"});
    let me = client.post("/api/v1/sign-in/password", request).await.ok();
    assert_eq!(me["has_password"], true);

    let wrong = json!({"email": ADA, "password": "battery staple"});
    let unknown = json!({"email": "bob@example.org", "password": "battery staple"});
    let wrong = hub.client().post("/api/v1/sign-in/password", wrong).await;
    let unknown = hub.client().post("/api/v1/sign-in/password", unknown).await;
    assert_eq!((wrong.status, wrong.code().as_str()), (StatusCode::UNAUTHORIZED, "sign_in.wrong"));
    assert_eq!(wrong.text, unknown.text);
}

#[tokio::test]
async fn guessing_passwords_is_slowed_down() {
    let (hub, _mail) = hub_with_mail(TestDatabase::sqlite()).await;
    let mut client = hub.client();
    let guess = json!({"email": ADA, "password": "a guess, one of many"});
    for _ in 0..10 {
        let answer = client.post("/api/v1/sign-in/password", guess.clone()).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
    let answer = client.post("/api/v1/sign-in/password", guess.clone()).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(answer.headers.contains_key("retry-after"));
    wait(&hub, 1);
    let answer = client.post("/api/v1/sign-in/password", guess).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn signing_out_ends_the_sign_in_here_or_everywhere() {
    let hub = TestHub::start().await;
    let (mut one, mut two) = (hub.signed_in(ADA).await, hub.signed_in(ADA).await);
    let (mut three, bob) = (hub.signed_in(ADA).await, hub.signed_in("bob@example.org").await);
    let mut news = hub.app.identity.sign_ins.listen();

    let cookie = one.cookie.clone();
    one.post("/api/v1/sign-out", json!({})).await.ok();
    assert_eq!(one.cookie, None, "the browser is told to forget it");
    one.cookie = cookie;
    assert_eq!(one.get("/api/v1/me").await.status, StatusCode::UNAUTHORIZED);
    let mut ended = HashSet::from([news.recv().await.expect("news").sign_in]);
    two.get("/api/v1/me").await.ok();

    two.post("/api/v1/sign-out", json!({"everywhere": true})).await.ok();
    assert_eq!(three.get("/api/v1/me").await.status, StatusCode::UNAUTHORIZED);
    // Some may be notified twice.
    within(async {
        while ended.len() < 3 {
            ended.insert(news.recv().await.expect("news").sign_in);
        }
    })
    .await;
    bob.get("/api/v1/me").await.ok();
    let nobody = three.post("/api/v1/sign-out", json!({})).await;
    assert_eq!(nobody.status, StatusCode::NO_CONTENT, "also without a sign-in");
}

#[tokio::test]
async fn a_sign_in_lasts_as_long_as_it_is_used() {
    const DAY: u64 = 24 * 60;
    let (hub, _mail) = hub_with_mail(TestDatabase::sqlite()).await;
    let client = hub.signed_in(ADA).await;
    for _ in 0..3 {
        wait(&hub, 29 * DAY);
        client.get("/api/v1/me").await.ok();
    }
    wait(&hub, 30 * DAY);
    assert_eq!(client.get("/api/v1/me").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn who_is_signed_in_can_be_asked_without_being_signed_in() {
    let hub = TestHub::start().await;
    assert_eq!(hub.client().get("/api/v1/sign-in").await.ok(), json!({}));
    let mut ada = hub.signed_in(ADA).await;
    assert_eq!(ada.get("/api/v1/sign-in").await.ok()["me"], ada.get("/api/v1/me").await.ok());
    ada.post("/api/v1/sign-out", json!({})).await;
    assert_eq!(ada.get("/api/v1/sign-in").await.ok(), json!({}));
    assert_eq!(ada.get("/api/v1/me").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn other_sites_cannot_sign_anybody_out() {
    let hub = TestHub::start().await;
    let mut client = hub.signed_in(ADA).await;
    let headers = [("sec-fetch-site", "cross-site"), ("origin", "https://elsewhere.example")];
    let answer = client.ask(Method::POST, "/api/v1/sign-out", &headers, Some(b"{}".to_vec())).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    client.get("/api/v1/me").await.ok();
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_for_scripts_and_other_sites() {
    let (hub, mut mail) = hub_with_mail(TestDatabase::sqlite()).await;
    hub.signed_in(ADA).await;
    let mut client = hub.client();
    client.post("/api/v1/sign-in/link", json!({"email": ADA})).await.ok();
    let token = mail.token(ADA).await;
    let answer = client.post("/api/v1/sign-in/link/redeem", json!({"token": token})).await;
    let cookie = answer.headers["set-cookie"].to_str().expect("text").to_owned();
    for part in ["plenary=", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
}
