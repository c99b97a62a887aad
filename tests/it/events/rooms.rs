//! Rooms and their channels.

use plenary::permission::Role;
use serde_json::{Value, json};

use super::camp;
use crate::support::client::Client;
use crate::support::conference::{Conference, message, open_direct};
use crate::support::databases::{TestDatabase, on_each_database};

const ROOMS: &str = "/api/v1/events/camp/rooms";

async fn names(client: &Client) -> Vec<String> {
    let rooms = client.get(ROOMS).await.ok();
    let items = rooms["items"].as_array().expect("a list");
    items.iter().map(|room| room["name"].as_str().expect("a name").to_owned()).collect()
}

fn path_of(room: &Value) -> String {
    format!("{ROOMS}/{}", room["id"].as_str().expect("an id"))
}

on_each_database!(a_room_is_created_with_its_channels_changed_and_removed);
async fn a_room_is_created_with_its_channels_changed_and_removed(database: TestDatabase) {
    let (hub, mut administrator, event) = camp(database).await;
    let organizer = &mut administrator.client;
    let made = organizer.post(ROOMS, json!({ "name": "Curie", "capacity": 80 })).await;
    assert_eq!(made.status, 201);
    let curie = made.json();
    assert_eq!(curie["capacity"], 80);
    organizer.post(ROOMS, json!({ "name": "Meitner" })).await.ok();
    assert_eq!(names(organizer).await, ["Curie", "Meitner"]);

    let snapshot = hub.app.events.by_id(event).await.expect("an answer").expect("the event");
    let kinds = |field: &str| {
        let id = curie[field].as_str().expect("a channel").parse().expect("an id");
        snapshot.channels[&id].kind.name()
    };
    assert_eq!([kinds("channel"), kinds("staff_channel")], ["room", "staff"]);

    let patch = json!({ "name": "Marie Curie", "capacity": null, "slow_mode_seconds": 30 });
    let changed = organizer.patch(&path_of(&curie), patch).await.ok();
    assert_eq!(changed["name"], "Marie Curie");
    assert_eq!(changed["slow_mode_seconds"], 30);
    assert_eq!(changed["channel"], curie["channel"]);
    assert!(changed.get("capacity").is_none());

    assert_eq!(organizer.delete(&path_of(&curie)).await.status, 204);
    assert_eq!(names(organizer).await, ["Meitner"]);
    assert_eq!(organizer.delete(&path_of(&curie)).await.status, 404);
    let snapshot = hub.app.events.by_id(event).await.expect("an answer").expect("the event");
    let rooms = snapshot.channels.values().filter_map(|channel| channel.room());
    let left = rooms.filter(|room| snapshot.rooms.contains_key(room)).count();
    assert_eq!(left, 2, "the two of the room that is left");

    organizer.post(ROOMS, json!({ "name": "Marie Curie" })).await.ok();
    assert_eq!(names(organizer).await, ["Meitner", "Marie Curie"], "the name is free again");
}

on_each_database!(a_name_is_taken_once_in_an_event);
async fn a_name_is_taken_once_in_an_event(database: TestDatabase) {
    let (_hub, mut administrator, _) = camp(database).await;
    administrator.client.post(ROOMS, json!({ "name": "Curie" })).await.ok();
    let meitner = administrator.client.post(ROOMS, json!({ "name": "Meitner" })).await.ok();
    let again = administrator.client.post(ROOMS, json!({ "name": " curie " })).await;
    assert_eq!((again.status.as_u16(), again.code().as_str()), (409, "room.name_taken"));
    assert_eq!(again.json()["field"], "name");
    let renamed = administrator.client.patch(&path_of(&meitner), json!({ "name": "CURIE" })).await;
    assert_eq!(renamed.code(), "room.name_taken");
    assert_eq!(renamed.json()["field"], "name");
    let itself = administrator.client.patch(&path_of(&meitner), json!({ "name": "MEITNER" })).await;
    assert_eq!(itself.ok()["name"], "MEITNER");
}

#[tokio::test]
async fn everyone_sees_what_they_may() {
    let (hub, mut administrator, event) = camp(TestDatabase::sqlite()).await;
    let curie = administrator.client.post(ROOMS, json!({ "name": "Curie" })).await.ok();
    administrator.client.post(ROOMS, json!({ "name": "Meitner" })).await.ok();
    administrator.client.post(ROOMS, json!({ "name": "Green room", "hidden": true })).await.ok();
    let room = curie["id"].as_str().expect("an id").parse().expect("an id");

    assert_eq!(hub.client().get(ROOMS).await.code(), "sign_in.required");
    let person = hub.person("Person").await;
    assert_eq!(person.client.get(ROOMS).await.code(), "registration.required");

    hub.grant(event, person.id, Role::Attendee, None).await;
    let seen = person.client.get(ROOMS).await.ok();
    assert_eq!(names(&person.client).await, ["Curie", "Meitner"]);
    assert!(seen["announcements"].is_string());
    assert!(!seen.to_string().contains("staff_channel"));

    hub.grant(event, person.id, Role::Moderator, Some(room)).await;
    let seen = person.client.get(ROOMS).await.ok();
    assert!(seen["items"][0]["staff_channel"].is_string(), "the room they moderate");
    assert!(seen["items"][1].get("staff_channel").is_none(), "another room");
    assert_eq!(names(&administrator.client).await, ["Curie", "Meitner", "Green room"]);
    assert_eq!(administrator.client.get(ROOMS).await.ok()["items"][2]["hidden"], true);
}

#[tokio::test]
async fn only_organizers_change_rooms() {
    let (hub, mut administrator, event) = camp(TestDatabase::sqlite()).await;
    let curie = administrator.client.post(ROOMS, json!({ "name": "Curie" })).await.ok();
    let mut moderator = hub.person("Moderator").await;
    hub.grant(event, moderator.id, Role::Moderator, None).await;
    let path = path_of(&curie);
    for answer in [
        moderator.client.post(ROOMS, json!({ "name": "Mine" })).await,
        moderator.client.patch(&path, json!({ "name": "Mine" })).await,
        moderator.client.delete(&path).await,
    ] {
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (403, "permission.denied"));
    }
    assert_eq!(names(&administrator.client).await, ["Curie"]);
}

#[tokio::test]
async fn another_events_room_is_not_found() {
    let (_hub, mut administrator, _) = camp(TestDatabase::sqlite()).await;
    administrator.client.post("/api/v1/events", super::new_event("other")).await.ok();
    let other =
        administrator.client.post("/api/v1/events/other/rooms", json!({ "name": "A" })).await;
    let path = path_of(&other.ok());
    assert_eq!(administrator.client.patch(&path, json!({ "name": "B" })).await.status, 404);
    assert_eq!(administrator.client.delete(&path).await.status, 404);
    assert_eq!(administrator.client.delete(&format!("{ROOMS}/nonsense")).await.status, 404);
}

#[tokio::test]
async fn invalid_fields_are_refused_by_name() {
    let (_hub, mut administrator, _) = camp(TestDatabase::sqlite()).await;
    for (field, room) in [
        ("name", json!({ "name": "" })),
        ("name", json!({ "name": "x".repeat(101) })),
        ("slow_mode_seconds", json!({ "name": "A", "slow_mode_seconds": 3_601 })),
        ("capacity", json!({ "name": "A", "capacity": -1 })),
        ("key", json!({ "name": "A", "key": "mine" })),
    ] {
        let answer = administrator.client.post(ROOMS, room).await;
        assert_eq!(answer.status, 422, "{field}");
        assert_eq!(answer.json()["field"], field, "{}", answer.text);
    }
    assert!(names(&administrator.client).await.is_empty());
}

#[tokio::test]
async fn everything_that_does_not_fit_is_named_at_once() {
    let (_hub, mut administrator, _) = camp(TestDatabase::sqlite()).await;
    let made = administrator.client.post(ROOMS, json!({ "name": "A" })).await.ok();
    let room = json!({ "name": " ", "capacity": -1, "slow_mode_seconds": "slow", "hidden": true });
    for answer in [
        administrator.client.post(ROOMS, room.clone()).await,
        administrator.client.patch(&path_of(&made), room).await,
    ] {
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (422, "request.invalid"));
        let errors = answer.json()["errors"].clone();
        let named: Vec<_> =
            errors.as_array().expect("errors").iter().map(|e| &e["field"]).collect();
        assert_eq!(named, ["name", "capacity", "slow_mode_seconds"], "{}", answer.text);
        assert_eq!(errors[0]["message"], "The field name cannot be used: it must not be empty.");
    }
    let nothing = administrator.client.post(ROOMS, json!({ "capacity": 80 })).await;
    assert_eq!(nothing.json()["field"], "name", "{}", nothing.text);
    assert_eq!(nothing.json()["detail"], "The field name is missing.");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_in_a_room_leaves_it_when_it_is_deleted() {
    let mut camp = Conference::start().await;
    let (ada, mia) = (camp.attendee("Ada").await, camp.moderator("Mia").await);
    let (channel, staff) = (camp.room.channel.clone(), camp.room.staff.clone());
    let (mut socket, _) = camp.joined(&ada, &channel).await;
    let (mut moderator, _) = camp.joined(&mia, &staff).await;
    let direct = open_direct(&mut socket, mia.id).await;
    socket.ask("channel.join", json!({ "channel": direct })).await.expect("joined");
    let room = format!("{ROOMS}/{}", camp.room.id);
    assert_eq!(camp.organizer.client.delete(&room).await.status, 204);
    for (socket, channel) in [(&mut socket, &channel), (&mut moderator, &staff)] {
        let removed = socket.push("removed").await;
        assert_eq!(
            (&removed["channel"], &removed["data"]["code"]),
            (&json!(channel), &json!("not_found"))
        );
        let join = socket.ask("channel.join", json!({ "channel": channel })).await;
        assert_eq!(join, Err("not_found".to_owned()));
    }
    socket.ask("message.send", message(&direct, "still here")).await.expect("sent");
}
