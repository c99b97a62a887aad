//! One of two nodes is restarted under a crowd: all clients move to the other one, one after the
//! other, without missing anything, and nobody is seen leaving.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::process::ExitStatus;
use std::time::Duration;

use futures_util::future::join_all;
use plenary::clock::Clock;
use rustix::process::Signal;
use serde_json::json;
use tokio::sync::watch;
use tokio::time::{Instant, interval, sleep};
use tokio_util::task::AbortOnDropHandle;

use crate::support::conference::{Conference, message};
use crate::support::databases::{Kind, TestDatabase};
use crate::support::hub::within;
use crate::support::people::TestPerson;
use crate::support::programs::{Programs, joined};
use crate::support::redis::TestRedis;
use crate::support::socket::Socket;
use crate::support::view::{Heard, View, snapshot};

/// How many people have to move.
const CROWD: u32 = 500;
/// Over how many seconds they are disconnected.
const DRAIN: u32 = 6;
/// By how much the arrivals within one second may exceed the average.
const PEAK: f64 = 1.3;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_moves_evenly_when_a_node_is_restarted_and_misses_nothing() {
    let Some(redis) = TestRedis::start().await else { return };
    let Some(database) = TestDatabase::new(Kind::Postgres).await else { return };
    let url = database.url.clone();
    let camp = Conference::with(database, Clock::System).await;
    let (crowd, ada, ben) =
        (camp.crowd(CROWD).await, camp.attendee("Ada").await, camp.attendee("Ben").await);
    let here = camp.room.channel.clone();
    camp.hub.stop().await;
    let drain = format!("--drain-seconds={DRAIN}");
    let mut nodes = Programs::start(2, &url, &redis, &[&drain, "--drain-notice-seconds=1"]).await;
    let (from, to) = (nodes.hubs[0].address, nodes.hubs[1].address);

    let (mut ada_socket, _) = joined(to, &ada, &here, None).await;
    let (mut ben_socket, _) = joined(to, &ben, &here, None).await;
    let (end, ended) = watch::channel(None);
    let mut moves = Vec::new();
    for some in crowd.chunks(50) {
        let sockets = join_all(some.iter().map(|person| joined(from, person, &here, None))).await;
        for (person, (socket, state)) in some.iter().zip(sockets) {
            let (person, here, view) = (person.clone(), here.clone(), View::of(&state));
            let (socket, ended) = ((socket, view), ended.clone());
            let moved = move_over(person, socket, to, here, ended);
            moves.push(AbortOnDropHandle::new(tokio::spawn(moved)));
        }
    }
    let all = u64::from(CROWD) + 2;
    ada_socket.push_where(|push| push["push"] == "tick" && push["data"]["people"] == all).await;

    nodes.hubs[0].signal(Signal::TERM);
    let ending = nodes.hubs[0].ended();
    let last = talk_until(ending, &mut ben_socket, &here).await;
    end.send_replace(Some(last));
    let mut arrivals = Vec::new();
    let mut views = Vec::new();
    for moved in moves {
        let (arrived, view) = within(moved).await.expect("somebody who moves");
        arrivals.push(arrived);
        views.push(view);
    }

    let first = arrivals.iter().min().copied().expect("arrivals");
    let mut seconds: BTreeMap<u64, u32> = BTreeMap::new();
    for arrived in &arrivals {
        *seconds.entry((*arrived - first).as_secs()).or_default() += 1;
    }
    let even = f64::from(CROWD) / f64::from(DRAIN);
    let peak = f64::from(seconds.values().max().copied().unwrap_or_default());
    println!("{seconds:?}: at worst {:.2} of {even:.0} in a second", peak / even);
    assert!(peak <= PEAK * even, "{seconds:?}, evenly {even:.0}");

    let fresh = snapshot(&mut ada_socket, &here).await;
    assert_eq!(fresh.messages.len() as u64, last, "numbers without a hole");
    for view in &views {
        assert_eq!((view.holes, view.resets), (0, 0));
        assert_eq!(view.messages, fresh.messages);
    }
    assert_eq!(everybody(&mut ben_socket, &here).await, all);
    let ticks = ada_socket.pushes_so_far().await;
    let totals = ticks.iter().filter(|push| push["push"] == "tick");
    for tick in totals {
        assert_eq!(tick["data"]["people"], all, "nobody was seen leaving or coming: {tick}");
    }
}

/// Stays until it is disconnected, reconnects to the other node when told to, and stays until the
/// last message has arrived. Returns when it arrived.
async fn move_over(
    person: TestPerson,
    (mut socket, mut view): (Socket, View),
    to: SocketAddr,
    channel: String,
    mut end: watch::Receiver<Option<u64>>,
) -> (Instant, View) {
    let mut told = None;
    while let Some(push) = socket.next_push().await {
        if push["push"] == "closing" {
            assert_eq!(push["data"]["code"], "server.draining");
            told = push["data"]["retry_after_ms"].as_u64().map(Duration::from_millis);
        }
        assert_ne!(view.hear(&push), Heard::Missing, "{push}");
    }
    sleep(told.expect("told when to come back")).await;
    let (mut socket, state) = joined(to, &person, &channel, Some(view.seq)).await;
    let arrived = Instant::now();
    view.take(&state);
    let last = loop {
        let known = *end.borrow();
        if let Some(last) = known {
            break last;
        }
        tokio::select! {
            push = socket.next_push() => {
                let push = push.expect("an open socket");
                assert_ne!(view.hear(&push), Heard::Missing, "{push}");
            }
            changed = end.changed() => changed.expect("an end"),
        }
    };
    view.reads_up_to(last, &mut socket).await;
    (arrived, view)
}

/// Talks until the program has ended, and returns the position of the last message.
async fn talk_until(
    ending: impl Future<Output = ExitStatus>,
    socket: &mut Socket,
    channel: &str,
) -> u64 {
    let mut last = 0;
    let mut ending = std::pin::pin!(ending);
    let mut moments = interval(Duration::from_millis(500));
    loop {
        tokio::select! {
            status = &mut ending => {
                assert!(status.success(), "{status}");
                return last;
            }
            _ = moments.tick() => {
                let sent = socket.ask("message.send", message(channel, "We are moving.")).await;
                last = sent.expect("sent")["seq"].as_u64().expect("a number");
            }
        }
    }
}

/// How many people are in the channel.
async fn everybody(socket: &mut Socket, channel: &str) -> u64 {
    let people = socket.ask("channel.people", json!({ "channel": channel })).await;
    let people = people.expect("people");
    people["total"].as_u64().expect("a number")
}
