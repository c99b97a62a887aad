//! A node is killed without warning: its people leave, too, unless they reconnect to another.

use std::time::Duration;

use plenary::clock::Clock;
use rustix::process::Signal;
use serde_json::json;
use tokio::time::Instant;

use crate::support::conference::{Conference, message};
use crate::support::databases::{Kind, TestDatabase};
use crate::support::hub::within;
use crate::support::moments::{at_once, until};
use crate::support::programs::{Programs, names};
use crate::support::redis::TestRedis;

/// When people who do not come back have left, with a margin for a busy machine.
const GONE: Duration = Duration::from_millis(10_500);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_people_of_a_killed_node_leave_within_ten_seconds_except_those_who_move() {
    let Some(redis) = TestRedis::start().await else { return };
    let Some(database) = TestDatabase::new(Kind::Mariadb).await else { return };
    let url = database.url.clone();
    let camp = Conference::with(database, Clock::System).await;
    let (ada, ben) = (camp.attendee("Ada").await, camp.attendee("Ben").await);
    let (cleo, dan) = (camp.attendee("Cleo").await, camp.attendee("Dan").await);
    let here = camp.room.channel.clone();
    camp.hub.stop().await;
    let mut nodes = Programs::start(2, &url, &redis, &["--drain-seconds=0"]).await;
    let (mut ada_socket, _) = nodes.joined(0, &ada, &here).await;
    let (mut ben_socket, _) = nodes.joined(0, &ben, &here).await;
    let (_cleo, _) = nodes.joined(1, &cleo, &here).await;
    let (dan_socket, _) = nodes.joined(1, &dan, &here).await;
    let everybody = ["Ada", "Ben", "Cleo", "Dan"];
    within(until(async || names(&mut ada_socket, &here).await == everybody)).await;
    ada_socket.pushes_so_far().await;

    nodes.hubs[1].signal(Signal::KILL);
    let killed = Instant::now();
    dan_socket.cut();
    let (_dan, _) = nodes.joined(0, &dan, &here).await;
    ada_socket.ask("message.send", message(&here, "Still there?")).await.expect("sent");
    at_once(ben_socket.push("messages")).await;
    let left = ada_socket.push_where(|push| push["data"]["left"].is_array()).await;
    assert!(killed.elapsed() < GONE, "{:?}", killed.elapsed());
    assert_eq!(left["data"]["left"], json!([cleo.id]), "nobody else went: {left}");
    assert_eq!(names(&mut ben_socket, &here).await, ["Ada", "Ben", "Dan"]);

    nodes.hubs[1].ended().await;
    nodes.start_again(1).await;
    let (mut cleo_socket, _) = nodes.joined(1, &cleo, &here).await;
    let back = ada_socket.push_where(|push| push["data"]["joined"].is_array()).await;
    assert_eq!(back["data"]["joined"][0]["name"], "Cleo", "{back}");
    within(until(async || names(&mut cleo_socket, &here).await == everybody)).await;
}
