//! The event itself.

use plenary::permission::Role;
use serde_json::json;

use super::{camp, new_event};
use crate::support::conference::{Conference, message};
use crate::support::databases::{TestDatabase, on_each_database};
use crate::support::hub::TestHub;
use crate::support::socket::Socket;

on_each_database!(an_event_is_created_changed_and_read);
async fn an_event_is_created_changed_and_read(database: TestDatabase) {
    let (hub, mut administrator, _) = camp(database).await;
    let stranger = hub.client();

    let seen = stranger.get("/api/v1/events/camp").await.ok();
    assert_eq!(seen["title"], "Summer Camp");
    assert_eq!(seen["locale"], "en");
    assert_eq!(seen["ticket_types"], json!([]));
    assert_eq!(seen["consent_version"], 1);

    let patch = json!({ "title": " Winter  Camp ", "consent_text": "You agree." });
    let changed = administrator.client.patch("/api/v1/events/camp", patch).await.ok();
    assert_eq!(changed["title"], "Winter Camp");
    assert_eq!(changed["consent_version"], 2);
    let version = |event: &serde_json::Value| event["version"].as_u64().expect("a version");
    assert!(version(&changed) > version(&seen));
    assert_eq!(stranger.get("/api/v1/events/camp").await.ok(), changed);

    let same =
        administrator.client.patch("/api/v1/events/camp", json!({ "title": "Winter Camp" })).await;
    assert_eq!(version(&same.ok()), version(&changed), "nothing changed, nothing to tell");

    let listed = stranger.get("/api/v1/events").await.ok();
    assert_eq!(listed["items"][0]["title"], "Winter Camp");
}

#[tokio::test]
async fn an_unchanged_event_is_not_sent_again() {
    let (hub, mut administrator, _) = camp(TestDatabase::sqlite()).await;
    let mut stranger = hub.client();
    for path in ["/api/v1/events", "/api/v1/events/camp"] {
        let first = stranger.get(path).await;
        let tag = first.headers["etag"].to_str().expect("a tag").to_owned();
        let sent = [("if-none-match", tag.as_str())];
        let again = stranger.ask(http::Method::GET, path, &sent, None).await;
        assert_eq!(again.status, 304, "{path}");
        assert_eq!(again.text, "");

        let title = json!({ "title": format!("Renamed after {path}") });
        administrator.client.patch("/api/v1/events/camp", title).await.ok();
        let changed = stranger.ask(http::Method::GET, path, &sent, None).await;
        assert_eq!(changed.status, 200, "{path}");
    }
}

#[tokio::test]
async fn a_draft_exists_for_its_organizers_only() {
    let (hub, mut administrator, _) = camp(TestDatabase::sqlite()).await;
    administrator.client.patch("/api/v1/events/camp", json!({ "state": "draft" })).await.ok();
    let other = hub.person("Other").await;
    for client in [&hub.client(), &other.client] {
        assert_eq!(client.get("/api/v1/events/camp").await.code(), "not_found");
        assert_eq!(client.get("/api/v1/events").await.ok()["items"], json!([]));
    }
    assert_eq!(administrator.client.get("/api/v1/events/camp").await.ok()["state"], "draft");
    assert_eq!(administrator.client.get("/api/v1/events").await.ok()["items"][0]["slug"], "camp");
}

#[tokio::test]
async fn only_administrators_create_events_and_only_organizers_change_them() {
    let (hub, _administrator, _) = camp(TestDatabase::sqlite()).await;
    let mut stranger = hub.client();
    let mut person = hub.person("Person").await;

    let answer = stranger.post("/api/v1/events", new_event("other")).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (401, "sign_in.required"));
    let answer = person.client.post("/api/v1/events", new_event("other")).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (403, "permission.denied"));
    let patch = json!({ "title": "Mine now" });
    assert_eq!(stranger.patch("/api/v1/events/camp", patch.clone()).await.status, 401);
    assert_eq!(person.client.patch("/api/v1/events/camp", patch).await.status, 403);
}

on_each_database!(a_slug_is_taken_once);
async fn a_slug_is_taken_once(database: TestDatabase) {
    let (_hub, mut administrator, _) = camp(database).await;
    let again = administrator.client.post("/api/v1/events", new_event("camp")).await;
    assert_eq!((again.status.as_u16(), again.code().as_str()), (409, "event.slug_taken"));
    assert_eq!(again.json()["field"], "slug");
}

#[tokio::test]
async fn invalid_fields_are_refused_by_name_and_change_nothing() {
    let hub = TestHub::start().await;
    let mut administrator = hub.administrator().await;
    let refused = [
        ("slug", json!("Not A Slug")),
        ("slug", json!(7)),
        ("title", json!("")),
        ("title", json!("x".repeat(201))),
        ("time_zone", json!("Europe/Nowhere")),
        ("locale", json!("English")),
        ("state", json!("cancelled")),
        ("ends_at", json!(1_700_000_000_000_i64)),
        ("ends_at", json!(1_900_000_000_000_i64)),
        ("starts_at", json!("tomorrow")),
        ("starts_at", json!(-1)),
        ("colour", json!("red")),
    ];
    for (field, value) in refused {
        let mut event = new_event("camp");
        event[field] = value;
        let answer = administrator.client.post("/api/v1/events", event).await;
        assert_eq!(answer.status, 422, "{field}: {}", answer.text);
        assert_eq!(answer.json()["field"], field, "{}", answer.text);
    }
    assert_eq!(administrator.client.get("/api/v1/events/camp").await.status, 404);
}

#[tokio::test]
async fn a_crowd_at_the_lobby_reads_from_memory() {
    let (hub, _administrator, _) = camp(TestDatabase::sqlite()).await;
    let path = "/api/v1/events/camp";
    let first = hub.client().get(path).await.ok();
    // Without a database there is only memory.
    hub.app.db.close().await;
    assert_eq!(hub.client().get(path).await.ok(), first);
}

#[tokio::test]
async fn people_who_lose_access_by_a_change_are_disconnected_at_once() {
    let mut camp = Conference::start().await;
    let change = async |camp: &mut Conference, patch: serde_json::Value| {
        camp.organizer.client.patch("/api/v1/events/camp", patch).await.ok();
    };
    change(&mut camp, json!({ "guests_allowed": true })).await;
    let mut guest = camp.hub.client();
    guest.post("/api/v1/sign-in/guest", json!({ "event": "camp" })).await.ok();
    let mut guest = Socket::open(camp.address(), guest.cookie.as_deref()).await.expect("a socket");
    guest.ask("hello", json!({ "event": "camp" })).await.expect("a welcome");
    let ada = camp.attendee("Ada").await;
    let (mut attendee, _) = camp.joined(&ada, &camp.room.channel).await;
    let mut organizer = camp.socket(&camp.organizer).await;
    let ended = (4_205, "access.ended".to_owned());

    change(&mut camp, json!({ "guests_allowed": false })).await;
    assert_eq!(guest.ended().await, ended);
    attendee.ask("message.send", message(&camp.room.channel, "I am")).await.expect("still here");

    change(&mut camp, json!({ "state": "draft" })).await;
    assert_eq!(attendee.ended().await, ended);
    organizer.ask("ping", json!({})).await.expect("it is theirs");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closing_an_event_tells_those_in_it_that_they_can_only_read() {
    let mut camp = Conference::start().await;
    let (ada, mia) = (camp.attendee("Ada").await, camp.moderator("Mia").await);
    let (mut attendee, mut moderator) = (camp.socket(&ada).await, camp.socket(&mia).await);
    camp.organizer.client.patch("/api/v1/events/camp", json!({ "state": "closed" })).await.ok();
    assert_eq!(attendee.push("roles").await["data"]["read_only"], true);
    camp.hub.grant(camp.event, ada.id, Role::Speaker, None).await;
    assert_eq!(attendee.push("roles").await["data"]["read_only"], true, "a role is no way around");
    moderator.push("event").await;
    let pushes = moderator.pushes_so_far().await;
    assert!(pushes.iter().all(|push| push["push"] != "roles"), "staff writes on: {pushes:?}");
    assert_eq!(camp.greeted(&mia).await.1["read_only"], false);
    assert_eq!(camp.greeted(&ada).await.1["read_only"], true);
    camp.organizer.client.patch("/api/v1/events/camp", json!({ "state": "open" })).await.ok();
    assert_eq!(attendee.push("roles").await["data"]["read_only"], false);
}
