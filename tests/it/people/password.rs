//! Passwords: which are taken, and what strangers who try some cost the hub.

use http::{Method, StatusCode};
use serde_json::json;

use super::ADA;
use crate::support::client::Client;
use crate::support::hub::{HubProcess, TestHub};
use crate::support::temporary::TemporaryFolder;

const MEBIBYTE: u64 = 1 << 20;

#[tokio::test]
async fn a_common_password_is_refused() {
    let hub = TestHub::start().await;
    let mut ada = hub.signed_in(ADA).await;
    for common in ["password123", "1234567890", "qwertyuiop", "P@ssw0rd2024", "aaaaaaaaaaaa"] {
        let refused = ada.put("/api/v1/me/password", json!({ "password": common })).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{common}");
        assert_eq!(refused.json()["field"], "password", "{common}");
        assert!(!refused.text.contains(common), "{}", refused.text);
    }
    assert_eq!(ada.get("/api/v1/me").await.ok()["has_password"], false);
    ada.put("/api/v1/me/password", json!({ "password": "correct horse" })).await.ok();
    // Signing in asks nothing of a password but that it is the right one.
    let wrong = json!({ "email": ADA, "password": "password123" });
    let answer = hub.client().post("/api/v1/sign-in/password", wrong).await;
    assert_eq!(answer.code(), "sign_in.wrong");
}

#[tokio::test]
async fn wrong_passwords_do_not_make_the_hub_grow() {
    let folder = TemporaryFolder::new();
    let hub = HubProcess::start(&folder, &[]).await;
    let mut client = Client::new(hub.address);
    let mut tries = Vec::new();
    for number in 0..4 {
        tries.push(attempt(&mut client, number).await);
    }
    let before = hub.resident_memory();
    for number in 4..40 {
        tries.push(attempt(&mut client, number).await);
    }
    let grown = hub.resident_memory().saturating_sub(before) / MEBIBYTE;
    assert!(tries.iter().all(|status| *status == StatusCode::UNAUTHORIZED), "{tries:?}");
    // A thread for each core but one keeps the memory of a hash, 19 MiB.
    assert!(grown < 80, "{grown} MiB");
}

/// A try with a password that is wrong, at an address of its own.
async fn attempt(client: &mut Client, number: u32) -> StatusCode {
    let email = format!("{number}@example.org");
    let guess = json!({ "email": email, "password": "a guess, one of many" });
    // Without an origin: it is not at its public address.
    let (path, body) = ("/api/v1/sign-in/password", guess.to_string().into_bytes());
    client.ask(Method::POST, path, &[("origin", "")], Some(body)).await.status
}
