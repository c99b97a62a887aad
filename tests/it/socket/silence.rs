//! Clients that send nothing. The test advances the time.

use std::time::Duration;

use plenary::clock::Clock;
use serde_json::json;

use super::Pair;
use crate::support::conference::Conference;
use crate::support::databases::TestDatabase;
use crate::support::hub::within;
use crate::support::socket::Socket;

#[tokio::test]
async fn a_client_that_does_not_send_hello_is_disconnected() {
    let pair = Pair::meet().await;
    let mut mute = pair.mute_socket().await;
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(11)).await;
    tokio::time::resume();
    // It may have been frozen, or the network slow: it is let try again.
    assert_eq!(mute.ended().await, (4_001, "connection.silent".to_owned()));
    pair.still_talk().await;
}

#[tokio::test]
async fn a_client_that_does_not_answer_pings_is_disconnected() {
    let mut pair = Pair::meet().await;
    let mut silent = pair.bad_socket().await;
    pair.good.ask("ping", json!({})).await.expect("a pong");
    let member = pair.camp.hub.app.hub.connections_of(pair.bad.id).remove(0);
    tokio::time::pause();
    // Nothing is read here, so that pings are not answered either.
    for asked in 1..=2 {
        tokio::time::advance(Duration::from_secs(26)).await;
        while member.unanswered() < asked {
            tokio::task::yield_now().await;
        }
    }
    tokio::time::advance(Duration::from_secs(26)).await;
    while pair.camp.hub.app.hub.connections_of(pair.bad.id).len() == 1 {
        tokio::task::yield_now().await;
    }
    tokio::time::resume();
    assert_eq!(silent.ended().await, (4_001, "connection.silent".to_owned()));
}

#[tokio::test]
async fn sockets_without_hello_keep_nobody_out() {
    let database = TestDatabase::sqlite();
    let camp = Conference::with_flags(database, Clock::System, &["--max-connections=3"]).await;
    let ada = camp.attendee("Ada").await;
    let mut mute = Vec::new();
    for _ in 0..3 {
        mute.push(Socket::open(camp.address(), None).await.expect("a socket"));
    }
    // For a second nobody loses a place, then whoever has most.
    let arrived = within(async {
        loop {
            match Socket::open(camp.address(), ada.client.cookie.as_deref()).await {
                Ok(socket) => return socket,
                Err(_) => tokio::task::yield_now().await,
            }
        }
    });
    let mut arrived = arrived.await;
    arrived.ask("hello", json!({ "event": "camp" })).await.expect("a welcome");
    assert_eq!(mute[0].ended().await.0, 4_101, "the oldest made room");
}
