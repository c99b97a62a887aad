//! The database goes down and comes back: sends wait for a moment and then fail at once, failed
//! messages are sent again, and in the end everything is there once.

use std::sync::Arc;
use std::time::{Duration, Instant};

use plenary::chat::{Entry, LogError};
use plenary::clock::Clock;
use plenary::id::{ChannelId, PersonId};
use tokio::sync::watch;

use crate::support::conference::Conference;
use crate::support::databases::{Kind, TestDatabase, on_each_server};
use crate::support::hub::within;
use crate::support::node::{Node, kept, new_client_id, send, stage};
use crate::support::own_database::OwnDatabase;
use crate::support::proxy::Proxy;

/// How many people talk.
const PEOPLE: usize = 8;

on_each_server!(sends_fail_while_the_network_drops_everything_and_recover_afterwards);

async fn sends_fail_while_the_network_drops_everything_and_recover_afterwards(
    database: TestDatabase,
) {
    let (proxy, url) = Proxy::to_database(&database.url).await;
    let camp = Conference::with(database, Clock::System).await;
    let ([channel, ..], person) = stage(&camp).await;
    let node = Node::on(&url, Clock::System).await;
    node.say(channel, person, "before").await.expect("it is written");

    proxy.freeze();
    let swallowed = send(person, new_client_id(), "swallowed");
    let failed = within(node.write(channel, person, swallowed.clone())).await;
    assert_eq!(failed, Err(LogError::Storage));

    proxy.mend();
    let again = async {
        loop {
            match node.write(channel, person, swallowed.clone()).await {
                Ok(written) => return written,
                Err(error) => assert_eq!(error, LogError::Storage),
            }
        }
    };
    assert_eq!(within(again).await.seq, 2);
    let (messages, last, _) = kept(&camp.hub.app.db, channel).await;
    assert_eq!((messages.len(), last), (2, 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mariadb_that_is_killed_and_restarted_has_everything_once() {
    a_server_is_killed_and_restarted(Kind::Mariadb).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_that_is_killed_and_restarted_has_everything_once() {
    a_server_is_killed_and_restarted(Kind::Postgres).await;
}

async fn a_server_is_killed_and_restarted(kind: Kind) {
    let Some(server) = OwnDatabase::new(kind).await else { return };
    let camp = Conference::with(server.database(), Clock::System).await;
    let ([channel, other, _], person) = stage(&camp).await;
    let node = Arc::new(Node::on(&server.url, Clock::System).await);
    let (there, state) = watch::channel(Server::There);
    let talks: Vec<_> = (0..PEOPLE)
        .map(|_| tokio::spawn(talk(Arc::clone(&node), channel, person, state.clone())))
        .collect();
    let written = async || kept(&camp.hub.app.db, channel).await.1;
    let before = 100;
    within(async { while written().await < before {} }).await;

    there.send_replace(Server::Away);
    let server = server.kill().await;
    // The first one waits a moment in case it comes back.
    let first = within(node.say(other, person, "hello?")).await;
    assert_eq!(first.map(drop), Err(LogError::Storage));
    let begin = Instant::now();
    for _ in 0..20 {
        let failed = within(node.say(other, person, "hello?")).await;
        assert_eq!(failed.map(drop), Err(LogError::Storage));
    }
    assert!(begin.elapsed() < Duration::from_secs(20), "nobody waits: {:?}", begin.elapsed());

    let server = server.start_again().await;
    within(async { while node.say(other, person, "hello!").await.is_err() {} }).await;
    there.send_replace(Server::There);
    within(async { while written().await < before + 100 {} }).await;
    there.send_replace(Server::Enough);
    let mut said = 0;
    for talk in talks {
        said += within(talk).await.expect("a talk");
    }
    let (messages, last, count) = kept(&camp.hub.app.db, channel).await;
    assert_eq!(messages.keys().copied().collect::<Vec<_>>(), (1..=last).collect::<Vec<_>>());
    assert_eq!((last, count), (said, said), "what was acknowledged is there, once");
    drop(server);
}

/// What the talkers know about the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Server {
    There,
    Away,
    /// It is up, and enough was said.
    Enough,
}

/// Sends messages in turn, each until it is acknowledged; returns how many.
async fn talk(
    node: Arc<Node>,
    channel: ChannelId,
    person: PersonId,
    mut server: watch::Receiver<Server>,
) -> u64 {
    let mut said = 0;
    while *server.borrow() != Server::Enough {
        let message = send(person, new_client_id(), "and another thing");
        while let Err(error) = node.write(channel, person, message.clone()).await {
            assert_eq!(error, LogError::Storage);
            server.wait_for(|server| *server != Server::Away).await.expect("it comes back");
        }
        said += 1;
    }
    said
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_was_briefly_full_loses_nothing() {
    let camp = Conference::with(TestDatabase::sqlite(), Clock::System).await;
    let ([channel, ..], person) = stage(&camp).await;
    let db = &camp.hub.app.db;
    // On this connection SQLite behaves as on a full disk when the file would grow; the next
    // connection finds room.
    db.run(db.query("PRAGMA max_page_count = 1")).await.expect("no room");
    for number in 1..=20 {
        let action = send(person, new_client_id(), &"x".repeat(4_000));
        let entry = Entry { channel, person, permit: None, action };
        let written = within(camp.hub.app.chat.log.append(entry)).await.expect("written");
        assert_eq!(written.seq, number);
    }
    let (messages, last, count) = kept(db, channel).await;
    assert_eq!((messages.len(), last, count), (20, 20, 20));
}
