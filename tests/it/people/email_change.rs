//! Changing what decides who may sign in: the address and the password.

use http::StatusCode;
use serde_json::{Value, json};

use super::{ADA, hub_with_mail, wait};
use crate::support::client::Client;
use crate::support::databases::{TestDatabase, on_each_database};
use crate::support::hub::TestHub;

const EMAIL: &str = "/api/v1/me/email";
const PASSWORD: &str = "/api/v1/me/password";
const CONFIRM: &str = "/api/v1/email/confirm";
const VICTIM: &str = "victim@example.org";
const PHRASE: &str = "a pass phrase of mine";

async fn me(client: &Client) -> Value {
    client.get("/api/v1/me").await.ok()
}

async fn set_password(client: &mut Client) {
    client.put(PASSWORD, json!({"password": PHRASE})).await.ok();
}

#[tokio::test]
async fn without_a_password_a_mail_shows_that_it_is_still_them() {
    let (hub, mut mail) = hub_with_mail(TestDatabase::sqlite()).await;
    let mut ada = hub.signed_in(ADA).await;
    wait(&hub, 15);
    let changes = [(EMAIL, json!({"email": VICTIM})), (PASSWORD, json!({"password": PHRASE}))];
    for (path, body) in changes.clone() {
        let refused = ada.put(path, body).await;
        let told = (refused.status, refused.code());
        assert_eq!(told, (StatusCode::FORBIDDEN, "sign_in.not_fresh".to_owned()));
    }
    let asked = ada.post("/api/v1/sign-in/link", json!({"email": ADA})).await.ok();
    let code = mail.mailed(ADA).await.code;
    let proof = json!({"request": asked["request"], "code": code});
    ada.post("/api/v1/sign-in/link/redeem", proof).await.ok();
    for (path, body) in changes {
        ada.put(path, body).await.ok();
    }
}

#[tokio::test]
async fn where_there_is_a_password_it_is_asked_for() {
    let (hub, mut mail) = hub_with_mail(TestDatabase::sqlite()).await;
    let mut ada = hub.signed_in(ADA).await;
    set_password(&mut ada).await;
    for (body, field) in [
        (json!({"email": VICTIM}), "current"),
        (json!({"email": VICTIM, "current": "something else"}), "current"),
    ] {
        let refused = ada.put(EMAIL, body).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
        assert_eq!(refused.json()["field"], field);
    }
    ada.put(EMAIL, json!({"email": VICTIM, "current": PHRASE})).await.ok();
    mail.token(VICTIM).await;

    let mut by_password = hub.client();
    let request = json!({"email": ADA, "password": PHRASE});
    by_password.post("/api/v1/sign-in/password", request).await.ok();
    let refused = by_password.put(PASSWORD, json!({"password": "another pass phrase"})).await;
    assert_eq!(refused.json()["field"], "current", "it was typed for something else");
}

on_each_database!(an_account_prepared_for_somebody_else_is_theirs_alone_once_they_confirm);

async fn an_account_prepared_for_somebody_else_is_theirs_alone_once_they_confirm(
    database: TestDatabase,
) {
    let (hub, mut mail) = hub_with_mail(database).await;
    let mut eve = hub.signed_in(ADA).await;
    set_password(&mut eve).await;
    let hers = hub.signed_in(ADA).await;
    eve.put(EMAIL, json!({"email": VICTIM, "current": PHRASE})).await.ok();
    let token = mail.token(VICTIM).await;

    let mut victim = hub.client();
    let shown = victim.post("/api/v1/mailed-link", json!({"token": token})).await.ok();
    assert_eq!((&shown["purpose"], &shown["email"]), (&json!("confirm_email"), &json!(VICTIM)));
    assert_eq!(shown["removes_password"], true);
    assert_eq!(me(&eve).await["email"], ADA, "looking at the link confirms nothing");

    let now = victim.post(CONFIRM, json!({"token": token})).await.ok();
    assert_eq!((&now["email"], &now["has_password"]), (&json!(VICTIM), &json!(false)));
    for sign_in in [&eve, &hers] {
        assert_eq!(sign_in.get("/api/v1/me").await.status, StatusCode::UNAUTHORIZED);
    }
    let password = json!({"email": VICTIM, "password": PHRASE});
    let refused = hub.client().post("/api/v1/sign-in/password", password).await;
    assert_eq!(refused.code(), "sign_in.wrong");
    assert!(mail.next(ADA).await.text().contains("new password"));
    assert!(mail.next(ADA).await.text().contains("address of your account was changed"));
    me(&victim).await;
}

#[tokio::test]
async fn who_confirms_where_they_are_signed_in_keeps_password_and_sign_in() {
    let (hub, mut mail) = hub_with_mail(TestDatabase::sqlite()).await;
    let mut ada = hub.signed_in(ADA).await;
    set_password(&mut ada).await;
    let elsewhere = hub.signed_in(ADA).await;
    let change = json!({"email": "ada@new.example", "current": PHRASE});
    let asked = ada.put(EMAIL, change).await.ok();
    let code = mail.mailed("ada@new.example").await.code;
    let proof = json!({"request": asked["request"], "code": code});
    let now = ada.post(CONFIRM, proof).await.ok();
    assert_eq!((&now["email"], &now["has_password"]), (&json!("ada@new.example"), &json!(true)));
    assert_eq!(me(&ada).await["email"], "ada@new.example");
    assert_eq!(elsewhere.get("/api/v1/me").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_strangers_confirmation_signs_nobody_out_unasked() {
    let (hub, mut mail) = hub_with_mail(TestDatabase::sqlite()).await;
    let mut eve = hub.signed_in(ADA).await;
    eve.put(EMAIL, json!({"email": "bob@second.example"})).await.ok();
    let token = mail.token("bob@second.example").await;
    let mut bob = hub.signed_in("bob@example.org").await;
    let refused = bob.post(CONFIRM, json!({"token": token})).await;
    assert_eq!(refused.code(), "sign_in.somebody_else");
    assert_eq!(me(&bob).await["email"], "bob@example.org");
    assert_eq!(me(&eve).await["email"], ADA);
}

#[tokio::test]
async fn an_address_of_another_account_is_said_to_be_taken() {
    let (hub, mut mail) = hub_with_mail(TestDatabase::sqlite()).await;
    let mut ada = hub.signed_in(ADA).await;
    hub.signed_in(VICTIM).await;
    ada.put(EMAIL, json!({"email": VICTIM})).await.ok();
    let token = mail.token(VICTIM).await;
    let shown = ada.post("/api/v1/mailed-link", json!({"token": token})).await.ok();
    assert_eq!(shown["taken"], true);
}

#[tokio::test]
async fn an_account_sends_few_mails_to_strangers() {
    let (hub, _mail) = hub_with_mail(TestDatabase::sqlite()).await;
    let mut ada = hub.signed_in(ADA).await;
    for number in 0..5 {
        let change = json!({"email": format!("stranger{number}@example.org")});
        ada.put(EMAIL, change).await.ok();
    }
    let limited = ada.put(EMAIL, json!({"email": VICTIM})).await;
    assert_eq!(limited.status, StatusCode::TOO_MANY_REQUESTS, "{}", limited.text);
    assert!(limited.json()["detail"].as_str().expect("text").contains("hours"), "{}", limited.text);
}

#[tokio::test]
async fn a_stranger_gets_few_mails_of_many_accounts() {
    let (hub, _mail) = hub_with_mail(TestDatabase::sqlite()).await;
    let mut taken = 0;
    for number in 0..8 {
        let mut account = hub.signed_in(&format!("account{number}@example.org")).await;
        let answer = account.put(EMAIL, json!({"email": VICTIM})).await;
        taken += i32::from(answer.status == StatusCode::ACCEPTED);
        wait(&hub, 14);
    }
    assert_eq!(taken, 5);
}

#[tokio::test]
async fn a_password_that_was_there_before_the_mailbox_was_proved_is_dropped() {
    let (hub, mut mail) = hub_with_mail(TestDatabase::sqlite()).await;
    let mut eve = hub.signed_in(ADA).await;
    set_password(&mut eve).await;
    unconfirm(&hub).await;
    let mut ada = hub.client();
    ada.post("/api/v1/sign-in/link", json!({"email": ADA})).await.ok();
    mail.next(ADA).await;
    let token = mail.token(ADA).await;
    let now = ada.post("/api/v1/sign-in/link/redeem", json!({"token": token})).await.ok();
    assert_eq!(now["has_password"], false);
    assert_eq!(eve.get("/api/v1/me").await.status, StatusCode::UNAUTHORIZED);
}

/// As when a table of people has given the account this address.
async fn unconfirm(hub: &TestHub) {
    let statement = hub.app.db.query("UPDATE people SET email_confirmed_at = NULL");
    hub.app.db.run(statement).await.expect("an update");
}
