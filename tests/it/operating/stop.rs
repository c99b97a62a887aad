//! SIGTERM and SIGINT: stop gracefully at the first, at once at the second.

use std::time::Duration;

use futures_util::future::join_all;
use http::StatusCode;
use rustix::process::Signal;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Error;

use crate::support::client::Client;
use crate::support::conference::message;
use crate::support::databases::{TestDatabase, on_each_database};
use crate::support::hub::HubProcess;
use crate::support::program::ProgramConference;
use crate::support::socket::Socket;
use crate::support::temporary::TemporaryFolder;

#[tokio::test]
async fn the_first_signal_stops_gracefully() {
    for signal in [Signal::TERM, Signal::INT] {
        let folder = TemporaryFolder::new();
        let mut hub = HubProcess::start(&folder, &[]).await;
        hub.signal(signal);
        let status = hub.ended().await;
        assert!(status.success(), "{signal:?}: {status}");
    }
}

/// A request that is never finished: it holds up the graceful stop.
async fn held_up(hub: &HubProcess) -> TcpStream {
    let mut stream = TcpStream::connect(hub.address).await.expect("connect");
    stream.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n").await.expect("half a request");
    // Everything before it has been received, too.
    Client::new(hub.address).get("/").await;
    stream
}

#[tokio::test]
async fn a_second_signal_ends_at_once_with_a_failure() {
    let folder = TemporaryFolder::new();
    let mut hub = HubProcess::start(&folder, &[]).await;
    let _held_up = held_up(&hub).await;

    hub.signal(Signal::TERM);
    hub.logged("stopping gracefully; a second signal stops at once").await;
    assert!(Client::new(hub.admin_address).get("/readyz").await.text.contains("stopping"));

    let begin = std::time::Instant::now();
    hub.signal(Signal::TERM);
    let status = hub.ended().await;
    assert_eq!(status.code(), Some(1));
    assert!(begin.elapsed().as_secs() < 4, "before the requests under way are given up");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sending_clients_elsewhere_is_not_logged_as_a_failure() {
    let mut camp = ProgramConference::start(TestDatabase::sqlite(), &["--drain-seconds=60"]).await;
    let mut sockets = Vec::new();
    for _ in 0..8 {
        sockets.push(camp.joined().await.0);
    }
    camp.hub.signal(Signal::TERM);
    camp.hub.logged("stopping gracefully; a second signal stops at once").await;
    let Err(Error::Http(refused)) = Socket::open(camp.hub.address, None).await else {
        panic!("a socket was let in while stopping")
    };
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    camp.hub.signal(Signal::TERM);
    let log = camp.hub.rest_of_log().await;
    assert!(!log.contains("\"ERROR\""), "{log}");
}

#[tokio::test]
async fn a_request_that_never_ends_does_not_keep_the_hub_from_stopping() {
    let folder = TemporaryFolder::new();
    let mut hub = HubProcess::start(&folder, &[]).await;
    let _held_up = held_up(&hub).await;

    hub.signal(Signal::TERM);
    let status = hub.ended().await;
    assert!(status.success(), "{status}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_are_closed_spread_over_the_drain_and_told_when_to_reconnect() {
    let database = TestDatabase::sqlite();
    let mut camp = ProgramConference::start(database, &["--drain-seconds=2"]).await;
    let mut sockets = Vec::new();
    for _ in 0..8 {
        sockets.push(camp.joined().await.0);
    }
    camp.hub.signal(Signal::TERM);
    camp.hub.logged("stopping gracefully; a second signal stops at once").await;
    let begin = std::time::Instant::now();

    let refused = Socket::open(camp.hub.address, None).await;
    assert!(refused.is_err(), "no new socket is let in");
    let ends = sockets.into_iter().map(async |mut socket| {
        let closing = socket.push("closing").await["data"].clone();
        let (code, _) = socket.ended().await;
        (closing, code, begin.elapsed())
    });
    let ends = join_all(ends).await;

    for (closing, code, at) in &ends {
        assert_eq!((closing["code"].as_str(), *code), (Some("server.draining"), 4_100));
        let told = Duration::from_millis(closing["retry_after_ms"].as_u64().expect("a delay"));
        assert!(*at + told > Duration::from_secs(2), "nobody comes back before all are gone");
    }
    let earliest = ends.iter().map(|(.., at)| *at).min().expect("some");
    let latest = ends.iter().map(|(.., at)| *at).max().expect("some");
    assert!(latest - earliest > Duration::from_millis(100), "{earliest:?} to {latest:?}");
    let status = camp.hub.ended().await;
    assert!(status.success(), "{status}");
}

on_each_database!(
    messages_acknowledged_while_stopping_are_there_afterwards,
    messages_acknowledged_before_a_crash_are_there_afterwards,
);

async fn messages_acknowledged_while_stopping_are_there_afterwards(database: TestDatabase) {
    end_while_talking(database, Signal::TERM).await;
}

async fn messages_acknowledged_before_a_crash_are_there_afterwards(database: TestDatabase) {
    end_while_talking(database, Signal::KILL).await;
}

/// Sends message after message, ends the program in the middle and compares what was acknowledged
/// with what a new socket finds after a restart.
async fn end_while_talking(database: TestDatabase, signal: Signal) {
    let mut camp = ProgramConference::start(database, &["--drain-seconds=1"]).await;
    let (mut socket, _) = camp.joined().await;
    let mut sent = Vec::new();
    for number in 0..10 {
        let text = format!("message {number}");
        let id = socket.send_request("message.send", message(&camp.channel, &text)).await;
        sent.push((id, text));
        if number == 5 {
            socket.push_where(|line| line["reply"] == sent[0].0).await;
            camp.hub.signal(signal);
        }
    }
    let replies = socket.rest().await;
    let acknowledged: Vec<&String> = sent
        .iter()
        .filter(|(id, _)| {
            replies.iter().any(|line| line["reply"] == *id && line.get("ok").is_some())
        })
        .map(|(_, text)| text)
        .collect();
    camp.hub.ended().await;

    camp.restart().await;
    let (_, state) = camp.joined().await;
    let kept: Vec<&str> = state["messages"]
        .as_array()
        .expect("messages")
        .iter()
        .filter_map(|message| message["text"].as_str())
        .collect();
    for text in acknowledged {
        assert!(kept.contains(&text.as_str()), "{text} of {kept:?}");
    }
    assert!(kept.contains(&"message 0"));
}
