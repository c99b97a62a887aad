//! Changes of another node that were missed, without a link or by a lost message, are found.

use plenary::bus::faulty::Faults;
use plenary::permission::Role;
use serde_json::{Value, json};

use super::{ban, names};
use crate::support::cluster::Cluster;
use crate::support::conference::{message, open_direct};
use crate::support::databases::{TestDatabase, on_each_server};
use crate::support::moments::{at_once, soon, until};

on_each_server!(
    without_a_link_versions_reveal_what_has_changed,
    when_the_link_is_back_everything_is_corrected_at_once,
    a_lost_change_is_found_although_the_next_one_arrives,
    the_list_of_events_is_right_on_a_node_where_nobody_has_asked_for_them,
);

async fn without_a_link_versions_reveal_what_has_changed(database: TestDatabase) {
    let nodes = Cluster::start(database, 2, 1).await;
    let (ada, ben) = (nodes.camp.attendee("Ada").await, nodes.camp.attendee("Ben").await);
    let mia = nodes.camp.moderator("Mia").await;
    let (mut ada_socket, mut ben_socket) =
        (nodes.socket(1, &ada).await, nodes.socket(1, &ben).await);
    let mut moderator = nodes.camp.socket(&mia).await;
    let direct = open_direct(&mut ada_socket, ben.id).await;
    ada_socket.ask("message.send", message(&direct, "Hello")).await.expect("sent");

    nodes.transport(1).cut();
    nodes.camp.hub.grant(nodes.camp.event, ben.id, Role::Moderator, None).await;
    let told = soon(ben_socket.push("roles")).await;
    assert_eq!(told["data"]["roles"][0]["role"], "moderator");
    let mut ben_here = nodes.camp.socket(&ben).await;
    ben_here.ask("person.block", json!({ "person": ada.id })).await.expect("blocked");
    let blocked = Err("chat.blocked".to_owned());
    let is_blocked =
        async || ada_socket.ask("message.send", message(&direct, "?")).await == blocked;
    soon(until(is_blocked)).await;
    ban(&mut moderator, &ada).await;
    assert_eq!(soon(ada_socket.ended()).await.0, 4_202);
}

async fn when_the_link_is_back_everything_is_corrected_at_once(database: TestDatabase) {
    let nodes = Cluster::start(database, 2, 1).await;
    let (mut ada, mut ben) = (nodes.camp.attendee("Ada").await, nodes.camp.attendee("Ben").await);
    let (eva, mia) = (nodes.camp.attendee("Eva").await, nodes.camp.moderator("Mia").await);
    let here = nodes.camp.room.channel.as_str();
    let mut ada_socket = nodes.joined(1, &ada, here).await.0;
    let mut ben_socket = nodes.joined(1, &ben, here).await.0;
    let mut eva_socket = nodes.joined(1, &eva, here).await.0;
    let mut moderator = nodes.camp.socket(&mia).await;

    nodes.transport(1).cut();
    ada.client.post("/api/v1/sign-out", json!({})).await.ok();
    ben.client.patch("/api/v1/me", json!({ "name": "Benjamin" })).await.ok();
    ban(&mut moderator, &eva).await;
    nodes.transport(1).mend();
    at_once(async {
        assert_eq!(ada_socket.ended().await.0, 4_200);
        assert_eq!(eva_socket.ended().await.0, 4_202);
        let benjamin = "Benjamin".to_owned();
        until(async || names(&mut ben_socket, here).await.contains(&benjamin)).await;
    })
    .await;
}

async fn a_lost_change_is_found_although_the_next_one_arrives(database: TestDatabase) {
    let nodes = Cluster::start(database, 2, 1).await;
    let (mut ada, mia) = (nodes.camp.attendee("Ada").await, nodes.camp.moderator("Mia").await);
    let here = nodes.camp.room.channel.as_str();
    let mut socket = nodes.joined(1, &ada, here).await.0;
    let mut moderator = nodes.camp.socket(&mia).await;

    nodes.network.set_faults(Faults { lost: 1_000, ..Faults::default() });
    let cancelled = ada.client.delete("/api/v1/events/camp/registration").await;
    assert!(cancelled.status.is_success(), "{}", cancelled.text);
    nodes.network.set_faults(Faults::default());
    let lock = json!({ "room": nodes.camp.room.id, "locked": true });
    moderator.ask("moderation.lock", lock).await.expect("locked");
    let is_locked = |push: &Value| push["push"] == "room" && push["data"]["locked"] == true;
    socket.push_where(is_locked).await;
    assert_eq!(soon(socket.ended()).await.0, 4_201);
}

async fn the_list_of_events_is_right_on_a_node_where_nobody_has_asked_for_them(
    database: TestDatabase,
) {
    let mut nodes = Cluster::start(database, 2, 1).await;
    let stranger = nodes.hub(1).client();
    let titles = async || {
        let list = stranger.get("/api/v1/events").await.ok();
        let titles = list["items"].as_array().expect("events").iter();
        titles
            .map(|event| event["title"].as_str().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(titles().await, ["Summer Camp"]);
    let draft = json!({
        "slug": "fair", "title": "Fair", "state": "draft", "time_zone": "UTC",
        "starts_at": 1_800_000_000_000_i64, "ends_at": 1_800_300_000_000_i64,
    });
    let organizer = &mut nodes.camp.organizer.client;
    organizer.post("/api/v1/events", draft).await.ok();
    // Once this one is visible, so is the number of events, which then stays the same.
    let other_draft = json!({
        "slug": "ball", "title": "Ball", "state": "open", "time_zone": "UTC",
        "starts_at": 1_800_000_000_000_i64, "ends_at": 1_800_300_000_000_i64,
    });
    organizer.post("/api/v1/events", other_draft).await.ok();
    soon(until(async || titles().await.len() == 2)).await;
    organizer.patch("/api/v1/events/fair", json!({ "state": "open" })).await.ok();
    soon(until(async || titles().await.len() == 3)).await;
}
