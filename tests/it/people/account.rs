//! A person's own account.

use http::StatusCode;
use serde_json::json;

use super::{ADA, hub_with_mail};
use crate::support::databases::{TestDatabase, on_each_database};
use crate::support::hub::TestHub;

on_each_database!(a_profile_keeps_its_changes);

async fn a_profile_keeps_its_changes(database: TestDatabase) {
    let (hub, _mail) = hub_with_mail(database).await;
    let mut ada = hub.signed_in(ADA).await;
    let change = json!({
        "name": "Ada Löwenstein", "affiliation": "Analytical Engines", "about": "Notes\non notes",
        "languages": ["en", "pt-BR"], "locale": "de",
    });
    let me = ada.patch("/api/v1/me", change).await.ok();
    assert_eq!(me["profile"]["name"], "Ada Löwenstein");
    assert_eq!(me["profile"]["languages"], json!(["en", "pt-BR"]));
    assert_eq!(me["locale"], "de");

    let me = ada.patch("/api/v1/me", json!({"affiliation": ""})).await.ok();
    assert_eq!(me["profile"]["affiliation"], "");
    assert_eq!(me["profile"]["about"], "Notes\non notes", "what is not named stays");
}

#[tokio::test]
async fn a_profile_refuses_invalid_fields_by_name() {
    let hub = TestHub::start().await;
    let mut ada = hub.signed_in(ADA).await;
    for (change, field) in [
        (json!({"name": ""}), "name"),
        (json!({"name": 7}), "name"),
        (json!({"about": "x".repeat(1_001)}), "about"),
        (json!({"languages": ["english"]}), "languages[0]"),
        (json!({"languages": vec!["en"; 11]}), "languages"),
        (json!({"email": "eve@example.org"}), "email"),
    ] {
        let answer = ada.patch("/api/v1/me", change).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
        assert_eq!(answer.json()["field"], field, "{}", answer.text);
    }
    assert_eq!(hub.client().get("/api/v1/me").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_new_password_needs_the_old_one_and_ends_the_other_sign_ins() {
    let (hub, mut mail) = hub_with_mail(TestDatabase::sqlite()).await;
    let (mut here, there) = (hub.signed_in(ADA).await, hub.signed_in(ADA).await);
    here.put("/api/v1/me/password", json!({"password": "the first one"})).await.ok();
    assert!(mail.next(ADA).await.text().contains("new password"));
    assert_eq!(there.get("/api/v1/me").await.status, StatusCode::UNAUTHORIZED);

    let without = here.put("/api/v1/me/password", json!({"password": "the second one"})).await;
    assert_eq!(without.json()["field"], "current", "{}", without.text);
    let change = json!({"current": "the first one", "password": "the second one"});
    here.put("/api/v1/me/password", change).await.ok();
    here.get("/api/v1/me").await.ok();
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_a_mailed_link() {
    let (hub, mut mail) = hub_with_mail(TestDatabase::sqlite()).await;
    let before = hub.signed_in(ADA).await;
    let mut client = hub.client();
    client.post("/api/v1/password-reset", json!({"email": ADA})).await.ok();
    let sent = mail.next(ADA).await;
    assert!(sent.text().contains("/reset-password#token="), "{}", sent.text());
    let token = sent.token().expect("a token");

    let not_for_this = client.post("/api/v1/sign-in/link/redeem", json!({"token": token})).await;
    assert_eq!(not_for_this.status, StatusCode::GONE, "a token is good for one purpose");
    let short = json!({"token": token, "password": "short"});
    let short = client.post("/api/v1/password-reset/redeem", short).await;
    assert_eq!(short.json()["field"], "password", "{}", short.text);

    let redeem = json!({"token": token, "password": "a new password"});
    client.post("/api/v1/password-reset/redeem", redeem).await.ok();
    client.get("/api/v1/me").await.ok();
    assert_eq!(before.get("/api/v1/me").await.status, StatusCode::UNAUTHORIZED);
    let request = json!({"email": ADA, "password": "a new password"});
    hub.client().post("/api/v1/sign-in/password", request).await.ok();
}

on_each_database!(a_new_address_counts_once_its_link_was_used);

async fn a_new_address_counts_once_its_link_was_used(database: TestDatabase) {
    let (hub, mut mail) = hub_with_mail(database).await;
    let mut ada = hub.signed_in(ADA).await;
    hub.signed_in("bob@example.org").await;
    ada.put("/api/v1/me/email", json!({"email": "ada@new.example"})).await.ok();
    assert_eq!(ada.get("/api/v1/me").await.ok()["email"], ADA, "not yet");

    let token = mail.token("ada@new.example").await;
    let me = ada.post("/api/v1/email/confirm", json!({"token": token})).await.ok();
    assert_eq!(me["email"], "ada@new.example");
    assert!(mail.next(ADA).await.text().contains("email address of your account was changed"));

    ada.put("/api/v1/me/email", json!({"email": "bob@example.org"})).await.ok();
    let token = mail.token("bob@example.org").await;
    let taken = ada.post("/api/v1/email/confirm", json!({"token": token})).await;
    assert_eq!((taken.status, taken.code().as_str()), (StatusCode::CONFLICT, "email.taken"));
    assert_eq!(taken.json()["field"], "email");
}

#[tokio::test]
async fn own_sign_ins_are_listed_and_can_be_ended() {
    let hub = TestHub::start().await;
    let (mut here, there) = (hub.signed_in(ADA).await, hub.signed_in(ADA).await);
    let list = here.get("/api/v1/me/sign-ins").await.ok();
    let items = list["items"].as_array().expect("a list");
    assert_eq!(items.len(), 2);
    assert_eq!(items.iter().filter(|item| item["current"] == true).count(), 1);
    assert_eq!(items[0]["address"], "127.0.0.1");

    let other = items.iter().find(|item| item["current"] == false).expect("the other");
    let path = format!("/api/v1/me/sign-ins/{}", other["id"].as_str().expect("an id"));
    let mut bob = hub.signed_in("bob@example.org").await;
    assert_eq!(bob.delete(&path).await.status, StatusCode::NOT_FOUND, "not his to end");
    assert_eq!(here.delete(&path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(there.get("/api/v1/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(here.delete("/api/v1/me/sign-ins/7").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_oversized_request_is_answered_and_not_cut_off() {
    let hub = TestHub::start().await;
    let mut ada = hub.signed_in(ADA).await;
    let answer = ada.patch("/api/v1/me", json!({"about": "a".repeat(5_000_000)})).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{}", answer.text);
    assert_eq!(answer.json()["detail"], "The request's body is larger than 256 KiB.");
}
