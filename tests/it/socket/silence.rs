//! Clients that send nothing. The test advances the time.

use std::time::Duration;

use serde_json::json;

use super::Neighbours;

#[tokio::test]
async fn a_client_that_does_not_send_hello_is_disconnected() {
    let neighbours = Neighbours::meet().await;
    let mut mute = neighbours.mute_socket().await;
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(11)).await;
    tokio::time::resume();
    assert_eq!(mute.ended().await, (4_203, "hello.refused".to_owned()));
    neighbours.still_talk().await;
}

#[tokio::test]
async fn a_client_that_does_not_answer_pings_is_disconnected() {
    let mut neighbours = Neighbours::meet().await;
    let mut silent = neighbours.bad_socket().await;
    neighbours.good.ask("ping", json!({})).await.expect("a pong");
    let member = neighbours.camp.hub.app.hub.connections_of(neighbours.bad.id).remove(0);
    tokio::time::pause();
    // Nothing is read here, so that pings are not answered either.
    for asked in 1..=2 {
        tokio::time::advance(Duration::from_secs(26)).await;
        while member.unanswered() < asked {
            tokio::task::yield_now().await;
        }
    }
    tokio::time::advance(Duration::from_secs(26)).await;
    while neighbours.camp.hub.app.hub.connections_of(neighbours.bad.id).len() == 1 {
        tokio::task::yield_now().await;
    }
    tokio::time::resume();
    assert_eq!(silent.ended().await, (4_001, "connection.silent".to_owned()));
}
