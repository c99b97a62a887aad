//! Several nodes write to one database server.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::join_all;
use plenary::clock::{Clock, Timestamp};
use plenary::db::Db;
use plenary::id::ClientMessageId;
use serde_json::json;

use crate::support::conference::{Conference, message};
use crate::support::databases::{TestDatabase, on_each_server};
use crate::support::hub::within;
use crate::support::node::{Node, kept, new_client_id, send, stage};

/// How much each node writes.
const MESSAGES: usize = 500;

on_each_server!(
    two_nodes_assign_positions_without_gaps_or_duplicates,
    a_clock_that_is_behind_does_not_turn_time_back,
    a_node_that_freezes_in_a_transaction_does_not_block_the_others,
    the_log_writes_while_the_pool_has_no_connection,
);

async fn two_nodes_assign_positions_without_gaps_or_duplicates(database: TestDatabase) {
    let url = database.url.clone();
    let camp = Conference::with(database, Clock::System).await;
    let (channels, person) = stage(&camp).await;
    let nodes = [Node::on(&url, Clock::System).await, Node::on(&url, Clock::System).await];

    let mut sends = Vec::new();
    for number in 0..MESSAGES {
        for node in &nodes {
            let channel = channels[number % channels.len()];
            sends.push(async move {
                let client_id = new_client_id();
                let action = send(person, client_id, &format!("message {number}"));
                let written = node.write(channel, person, action).await.expect("it is written");
                (channel, written.seq, client_id)
            });
        }
    }
    let written = within(join_all(sends)).await;

    for channel in channels {
        let (messages, last, count) = kept(&camp.hub.app.db, channel).await;
        assert_eq!(messages.keys().copied().collect::<Vec<_>>(), (1..=last).collect::<Vec<_>>());
        assert_eq!(last, count, "nothing was changed after it was sent");
        let answered = written.iter().filter(|(other, _, _)| *other == channel);
        let answered: BTreeSet<(u64, ClientMessageId)> =
            answered.map(|(_, seq, client_id)| (*seq, *client_id)).collect();
        let there = messages.iter().map(|(seq, message)| (*seq, message.client_id)).collect();
        assert_eq!(answered, there, "everybody was told the number that their message has");
        let times: Vec<Timestamp> = messages.values().map(|message| message.sent_at).collect();
        assert!(times.is_sorted(), "time goes forward: {times:?}");
    }
}

async fn a_clock_that_is_behind_does_not_turn_time_back(database: TestDatabase) {
    let url = database.url.clone();
    let camp = Conference::with(database, Clock::System).await;
    let ([channel, ..], person) = stage(&camp).await;
    let ahead = Node::on(&url, Clock::System).await;
    let behind = Clock::manual(Clock::System.now().before(Duration::from_secs(3_600)));
    let behind = Node::on(&url, behind).await;

    let first = ahead.say(channel, person, "first").await.expect("it is written");
    let second = behind.say(channel, person, "second").await.expect("it is written");
    assert!(second.message.sent_at >= first.message.sent_at);
}

/// Like `kill -STOP`: a transaction that has the lock neither ends nor continues.
async fn a_node_that_freezes_in_a_transaction_does_not_block_the_others(database: TestDatabase) {
    let url = database.url.clone();
    let camp = Conference::with(database, Clock::System).await;
    let ([channel, ..], person) = stage(&camp).await;
    let node = Node::on(&url, Clock::System).await;
    node.say(channel, person, "before").await.expect("it is written");

    let stopped = Db::connect(&url, 1).await.expect("connect");
    let mut transaction = stopped.begin().await.expect("begin");
    let change = stopped.query("UPDATE channels SET message_count = 77 WHERE id = ?");
    change.bind(channel.bytes()).execute(&mut *transaction).await.expect("take the lock");

    let after = node.say(channel, person, "after").await.expect("the server has ended the other");
    assert_eq!(after.seq, 2);
    transaction.commit().await.expect_err("it comes too late");
    let (_, _, count) = kept(&camp.hub.app.db, channel).await;
    assert_eq!(count, 2, "nothing of it is left");
}

async fn the_log_writes_while_the_pool_has_no_connection(database: TestDatabase) {
    let url = database.url.clone();
    let flags = ["--database-connections=4"];
    let camp = Conference::with_flags(database, Clock::System, &flags).await;
    let ada = camp.attendee("Ada").await;
    let (mut ada, _) = camp.joined(&ada, &camp.room.channel).await;

    let db = &camp.hub.app.db;
    let mut taken = Vec::new();
    for _ in 0..4 {
        taken.push(db.reading().await.expect("a connection"));
    }
    // Makes the log read the event again, in its transaction.
    let other = Db::connect(&url, 1).await.expect("connect");
    let change = other.query("UPDATE events SET version = version + 1");
    assert_eq!(other.run(change).await.expect("another version"), 1);

    let hello = message(&camp.room.channel, "hello");
    let sent = ada.ask("message.send", hello).await.expect("it is written");
    assert_eq!(sent["message"]["seq"], json!(1));
    drop(taken);
}
