//! Pictures, and tickets for sockets.

use http::{Method, StatusCode};
use serde_json::json;

use crate::support::client::{Answer, Client};
use crate::support::conference::Conference;
use crate::support::hub::TestHub;
use crate::support::picture::png;
use crate::support::socket::Socket;

const PICTURE: &str = "/api/v1/me/picture";

async fn put(client: &mut Client, file: Vec<u8>) -> Answer {
    client.ask(Method::PUT, PICTURE, &[("content-type", "image/png")], Some(file)).await
}

fn path(me: &serde_json::Value) -> String {
    me["profile"]["picture"].as_str().expect("a picture").to_owned()
}

#[tokio::test]
async fn a_picture_is_served_until_it_is_replaced() {
    let hub = TestHub::start().await;
    let mut ada = hub.signed_in("ada@example.org").await;
    let first = path(&put(&mut ada, png(40)).await.ok());
    // A browser reads it as bytes; this client reads text, in which only the names are readable.
    let shown = hub.client().head(&first).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert_eq!(shown.headers["content-type"], "image/jpeg", "as the hub writes it");
    assert_eq!(shown.headers["x-content-type-options"], "nosniff");
    assert!(shown.headers["cache-control"].to_str().expect("text").contains("immutable"));
    let large = hub.client().head(&format!("{first}?size=large")).await;
    assert_eq!(large.headers["content-type"], "image/jpeg");
    let copies = std::fs::read_dir(hub.app.settings.storage.picture_copies()).expect("copies");
    let copies: Vec<_> = copies.map(|copy| copy.expect("a copy").path()).collect();
    assert_eq!(copies.len(), 2);
    for copy in copies {
        let kept = std::fs::read(copy).expect("a copy");
        assert!(!kept.windows(7).any(|bytes| bytes == b"at home"));
    }
    let unknown = hub.client().get(&format!("{first}?size=huge")).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);

    let second = path(&put(&mut ada, png(41)).await.ok());
    assert_eq!(hub.client().head(&first).await.status, StatusCode::NOT_FOUND);
    let me = ada.delete(PICTURE).await.ok();
    assert!(me["profile"].get("picture").is_none());
    assert_eq!(hub.client().head(&second).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn anything_but_a_picture_is_refused() {
    let hub = TestHub::start().await;
    let mut ada = hub.signed_in("ada@example.org").await;
    for (file, status) in [
        (b"<svg onload='alert(1)'/>".to_vec(), StatusCode::UNPROCESSABLE_ENTITY),
        (png(5_000), StatusCode::UNPROCESSABLE_ENTITY),
        (png(40)[..30].to_vec(), StatusCode::UNPROCESSABLE_ENTITY),
        (vec![0; 2 * 1024 * 1024 + 1], StatusCode::PAYLOAD_TOO_LARGE),
        (vec![0; 9_000_000], StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        let answer = put(&mut ada, file).await;
        assert_eq!(answer.status, status, "{}", answer.text);
    }
    assert!(ada.get("/api/v1/me").await.ok()["profile"].get("picture").is_none());
    let mut stranger = hub.client();
    assert_eq!(put(&mut stranger, png(40)).await.status, StatusCode::UNAUTHORIZED);
    for name in ["..%2Fplenary.sqlite", "a.png", "x.svg"] {
        let answer = stranger.get(&format!("/pictures/{name}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{name}");
    }
}

#[tokio::test]
async fn one_person_does_not_keep_a_core_busy_with_pictures() {
    let hub = TestHub::start().await;
    let mut ada = hub.signed_in("ada@example.org").await;
    for _ in 0..10 {
        put(&mut ada, png(40)).await.ok();
    }
    let refused = put(&mut ada, png(40)).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{}", refused.text);
    let mut ben = hub.signed_in("ben@example.org").await;
    put(&mut ben, png(40)).await.ok();
}

#[tokio::test]
async fn a_ticket_opens_one_socket_without_a_cookie() {
    let conference = Conference::start().await;
    let mut ada = conference.attendee("Ada").await;
    let made = ada.client.post("/api/v1/tickets", json!({})).await.ok();
    assert!(made["expires_at"].is_i64());
    let hello = json!({"event": "camp", "ticket": made["ticket"]});
    let mut socket = Socket::open(conference.address(), None).await.expect("a socket");
    let welcome = socket.ask("hello", hello.clone()).await.expect("a welcome");
    assert_eq!(welcome["person"]["id"], json!(ada.id));
    let mut again = Socket::open(conference.address(), None).await.expect("a socket");
    again.ask("hello", hello).await.expect_err("good once");
    let stranger = conference.hub.client().post("/api/v1/tickets", json!({})).await;
    assert_eq!(stranger.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn unused_tickets_do_not_pile_up() {
    let hub = TestHub::start().await;
    let mut ada = hub.signed_in("ada@example.org").await;
    for _ in 0..16 {
        ada.post("/api/v1/tickets", json!({})).await.ok();
    }
    let refused = ada.post("/api/v1/tickets", json!({})).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{}", refused.text);
    // Others are not affected.
    let mut elsewhere = hub.signed_in("ada@example.org").await;
    elsewhere.post("/api/v1/tickets", json!({})).await.ok();
}
