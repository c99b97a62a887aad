//! Clients that do not read: they only harm themselves, and are told.

use std::time::Duration;

use plenary::clock::Clock;
use serde_json::json;

use crate::support::conference::{Conference, message};
use crate::support::databases::TestDatabase;
use crate::support::people::TestPerson;
use crate::support::socket::Socket;

/// How many connections send in turn, to stay below the rate limits.
const SPEAKERS: usize = 8;

/// A conference with generous limits: a slow reader, and a listener.
async fn talkative() -> (Conference, TestPerson, Socket) {
    let flags = ["--message-burst=100000", "--messages-per-second=100000"];
    let camp = Conference::with_flags(TestDatabase::sqlite(), Clock::System, &flags).await;
    let reader = camp.attendee("Reader").await;
    let listener = camp.attendee("Listener").await;
    let (listener, _) = camp.joined(&listener, &camp.room.channel).await;
    (camp, reader, listener)
}

/// Sends more than the system's buffers and the outbox can hold; each message is answered, and
/// reaches the listener, all the while.
async fn say_too_much(camp: &Conference, reader: &TestPerson, listener: &mut Socket) {
    let speaker = camp.attendee("Speaker").await;
    let mut speakers = Vec::new();
    for _ in 0..SPEAKERS {
        speakers.push(camp.socket(&speaker).await);
    }
    let member = camp.hub.app.hub.connections_of(reader.id).remove(0);
    let long = "𝄞".repeat(4_000);
    let (mut said, mut too_much) = (0, 0);
    // Once more what fits into the outbox, from the moment when it is nearly full.
    while too_much < 32 {
        let one = message(&camp.room.channel, &long);
        speakers[said % SPEAKERS].ask("message.send", one).await.expect("sent");
        listener.push("messages").await;
        said += 1;
        too_much += usize::from(too_much > 0 || member.outbox.bytes() > 200 * 1024);
    }
}

#[tokio::test]
async fn a_slow_reader_is_told_from_where_to_resume() {
    let (camp, reader, mut listener) = talkative().await;
    let (mut slow, joined) = camp.joined(&reader, &camp.room.channel).await;
    let mut own = joined["seq"].as_u64().expect("a number");
    say_too_much(&camp, &reader, &mut listener).await;

    loop {
        let push = slow.push_where(|push| push["channel"] == camp.room.channel.as_str()).await;
        match push["push"].as_str() {
            Some("messages") => {
                assert_eq!(push["data"]["after"], own, "no number is passed over");
                own = push["data"]["seq"].as_u64().expect("a number");
            }
            Some("reset") => break assert_eq!(push["data"]["reason"], "connection.slow"),
            _ => {}
        }
    }
    let after = json!({ "channel": camp.room.channel, "after": own });
    let missed = slow.ask("channel.catch_up", after).await.expect("what was missed");
    let head = camp.hub.app.db.query("SELECT MAX(seq) AS head FROM messages");
    let head = camp.hub.app.db.one(head).await.expect("an answer").expect("a row");
    let head = plenary::db::Columns::count(&head, "head").expect("a number");
    assert_eq!(
        missed["seq"], head,
        "up to the newest, or a new start with it: {}",
        missed["reset"]
    );
}

#[tokio::test]
async fn a_client_that_reads_nothing_for_half_a_minute_is_disconnected() {
    let (camp, reader, mut listener) = talkative().await;
    let (_stalled, _) = camp.joined(&reader, &camp.room.channel).await;
    say_too_much(&camp, &reader, &mut listener).await;
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(31)).await;
    while !camp.hub.app.hub.connections_of(reader.id).is_empty() {
        tokio::task::yield_now().await;
    }
    tokio::time::resume();
    listener.ask("ping", json!({})).await.expect("the others are still here");
}
