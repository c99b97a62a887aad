//! Clients that send nothing. The test advances the time.

use std::time::Duration;

use serde_json::json;

use super::Pair;

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
