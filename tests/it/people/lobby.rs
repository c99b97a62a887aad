//! Everything that newcomers read costs the database a handful of statements, whatever their
//! number, and is correct nevertheless.

use std::sync::Arc;
use std::time::Instant;

use futures_util::StreamExt as _;
use http::{Method, StatusCode};
use plenary::app::App;
use plenary::clock::Clock;
use plenary::identity::person::{self, ProfileChange};
use plenary::identity::roles::{self, NewGrant, Scope};
use plenary::people::directory::{self, Wanted};
use plenary::people::{registration, shown};
use plenary::permission::Role;
use plenary::random::Random;
use serde_json::{Value, json};

use crate::support::client::Client;
use crate::support::conference::Conference;
use crate::support::databases::{Kind, TestDatabase, on_each_database};
use crate::support::hub::within;
use crate::support::people::TestPerson;

const PEOPLE: &str = "/api/v1/events/camp/people";
/// What a browser reads in the lobby that is the same for everyone.
const LOBBY: [&str; 4] =
    ["/api/v1/events/camp", "/api/v1/events/camp/agenda", "/api/v1/events/camp/rooms", PEOPLE];
/// The statements for a crowd of any size, where separate requests would cost 2,000 and more: one
/// reading, and a few batches of those who come meanwhile. And the statements per second of the hub
/// itself or while somebody reads: the versions, the directory's changes, the organizers, the mail.
const MAX_STATEMENTS: f64 = 45.0;
const MAX_EACH_SECOND: f64 = 1.5;
const BATCH_SIZE: usize = 32;

fn names(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().expect("items");
    items.iter().map(|item| item["name"].as_str().expect("a name").to_owned()).collect()
}

/// Everyone requests these pages, some at a time, and gets them.
async fn everybody_gets(crowd: &[TestPerson], paths: &[&str]) {
    let asking = crowd.iter().map(|one| async {
        for path in paths {
            let answer = one.client.get(path).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        }
    });
    futures_util::stream::iter(asking).buffer_unordered(BATCH_SIZE).collect::<Vec<()>>().await;
}

on_each_database!(
    a_crowd_in_the_lobby_costs_a_handful_of_statements,
    pages_match_those_of_the_database,
);

async fn a_crowd_in_the_lobby_costs_a_handful_of_statements(database: TestDatabase) {
    let (kind, people) = (database.kind, if database.kind == Kind::Sqlite { 2_000 } else { 500 });
    let conference = Conference::with(database, Clock::System).await;
    let crowd = conference.crowd(people).await;
    let statements = || conference.hub.app.db.statements();

    let before = statements();
    everybody_gets(&crowd, &["/api/v1/events"]).await;
    let signing_in = statements() - before;

    let (before, began) = (statements(), Instant::now());
    everybody_gets(&crowd, &LOBBY).await;
    let (reading, seconds) = (statements() - before, began.elapsed().as_secs_f64());
    println!(
        "{kind:?}, {people} people: {signing_in} statements for who they are, {reading} for the \
         lobby in {seconds:.1} seconds"
    );
    let most = MAX_EACH_SECOND.mul_add(seconds, MAX_STATEMENTS);
    assert!(f64::from(u32::try_from(reading).expect("few")) <= most, "{reading} statements");
    assert!(signing_in <= u64::from(people / 4), "{signing_in} statements for their sign-ins");

    let first = crowd[0].client.get(&format!("{PEOPLE}?limit=200")).await.ok();
    assert_eq!(first["items"].as_array().expect("items").len(), 200);
}

async fn pages_match_those_of_the_database(database: TestDatabase) {
    let conference = Conference::with(database, Clock::System).await;
    let crowd = conference.crowd(60).await;
    let app = &conference.hub.app;
    let names = ["Zoë", "zoe", "Ångström", "O'Neil", "Müller-Lüdenscheidt", "100%", "a_b", "李"];
    for (index, one) in crowd.iter().enumerate().filter(|(index, _)| index % 3 > 0) {
        let person = person::find(&app.db, one.id).await.expect("an answer").expect("a person");
        let name = names[index % names.len()].parse().expect("a name");
        let affiliation = ["", "Café", "University of Zürich"][index % 3].parse().expect("a text");
        let change = ProfileChange {
            name: Some(name),
            affiliation: Some(affiliation),
            ..ProfileChange::default()
        };
        shown::change_profile(app, &person, change).await.expect("a change");
    }
    let event = app.events.by_id(conference.event).await.expect("an answer").expect("the event");
    for search in ["", "zoe", "zur of", "person 1", "100%", "_", "李", "nobody"] {
        let mut cursor: Option<String> = None;
        loop {
            let goes_on = cursor.as_ref().map(|cursor| format!("&cursor={cursor}"));
            let query = format!("search={}{}", escaped(search), goes_on.unwrap_or_default());
            let page = crowd[0].client.get(&format!("{PEOPLE}?limit=7&{query}")).await.ok();
            let after = plenary::http::page::position(cursor.as_deref()).expect("a position");
            let wanted = Wanted::new(Some(search), after, 7);
            let stored = directory::list_in_database(&app.db, &event, &wanted).await;
            let stored = stored.expect("an answer");
            let more = stored.len() > 7;
            let stored = json!(stored.into_iter().take(7).collect::<Vec<_>>());
            assert_eq!(page["items"], stored, "{search:?} after {cursor:?}");
            cursor = page["next"].as_str().map(str::to_owned);
            assert_eq!(cursor.is_some(), more);
            if cursor.is_none() {
                break;
            }
        }
    }
}

fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

async fn may_see_rooms(client: &Client) -> bool {
    client.get("/api/v1/events/camp/rooms").await.status == StatusCode::OK
}

#[tokio::test]
async fn permissions_change_at_once_although_they_are_cached() {
    let conference = Conference::start().await;
    let mut ada = conference.attendee("Ada").await;
    assert!(may_see_rooms(&ada.client).await);
    ada.client.delete("/api/v1/events/camp/registration").await.ok();
    assert!(!may_see_rooms(&ada.client).await, "her registration is cancelled");
    let request = json!({});
    ada.client.post("/api/v1/events/camp/registrations", request).await.ok();
    assert!(may_see_rooms(&ada.client).await, "she has registered anew");

    let app = &conference.hub.app;
    let new = json!({
        "slug": "other", "title": "Other", "starts_at": 1_800_000_000_000_i64,
        "ends_at": 1_800_300_000_000_i64, "time_zone": "UTC",
    });
    assert_eq!(ada.client.post("/api/v1/events", new.clone()).await.code(), "permission.denied");
    let grant = NewGrant { person: ada.id, role: Role::Organizer, scope: Scope::default() };
    roles::grant(&app.identity, grant, None).await.expect("a role");
    assert_eq!(ada.client.post("/api/v1/events", new.clone()).await.status, StatusCode::CREATED);
    roles::revoke(&app.identity, grant, None).await.expect("no role");
    assert_eq!(ada.client.post("/api/v1/events", new).await.code(), "permission.denied");
    let own = ada.client.get("/api/v1/events").await.ok();
    let slugs = own["items"].as_array().expect("items").iter().map(|event| &event["slug"]);
    assert!(slugs.into_iter().any(|slug| slug == "other"), "drafts are there for who made them");
}

#[tokio::test]
async fn the_directory_shows_a_change_at_once_and_reports_no_change() {
    let conference = Conference::start().await;
    let mut ada = conference.attendee("Ada").await;
    let mut bob = conference.attendee("Bob").await;
    let first = bob.client.get(PEOPLE).await;
    assert_eq!(names(&first.ok()), ["Ada", "Bob", "Ida"]);
    let tag = first.headers["etag"].to_str().expect("a tag").to_owned();
    let known = [("if-none-match", tag.as_str())];
    let again = bob.client.ask(Method::GET, PEOPLE, &known, None).await;
    assert_eq!((again.status, again.text.as_str()), (StatusCode::NOT_MODIFIED, ""));

    ada.client.patch("/api/v1/me", json!({"name": "Zoe"})).await.ok();
    let changed = bob.client.ask(Method::GET, PEOPLE, &known, None).await;
    assert_eq!(names(&changed.ok()), ["Bob", "Ida", "Zoe"]);
    conference.hub.grant(conference.event, ada.id, Role::Speaker, None).await;
    assert_eq!(bob.client.get(PEOPLE).await.ok()["items"][2]["badge"], "speaker");

    let registration = "/api/v1/events/camp/registration";
    ada.client.patch(registration, json!({"listed": false})).await.ok();
    assert_eq!(names(&bob.client.get(PEOPLE).await.ok()), ["Bob", "Ida"]);
    ada.client.patch(registration, json!({"listed": true})).await.ok();
    conference.attendee("Cy").await;
    assert_eq!(names(&bob.client.get(PEOPLE).await.ok()), ["Bob", "Cy", "Ida", "Zoe"]);
    ada.client.delete(registration).await.ok();
    let left = bob.client.get(PEOPLE).await.ok();
    assert_eq!(names(&left), ["Bob", "Cy", "Ida"], "whoever cancels is not listed by a role");
}

/// Polls until the directory is this one.
async fn becomes(client: &Client, expected: &[&str]) {
    within(async {
        while names(&client.get(PEOPLE).await.ok()) != expected {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn changes_made_outside_the_hub_are_visible_in_it() {
    let conference = Conference::start().await;
    let (ada, bob) = (conference.attendee("Ada").await, conference.attendee("Bob").await);
    becomes(&bob.client, &["Ada", "Bob", "Ida"]).await;
    assert!(may_see_rooms(&ada.client).await);
    let settings = conference.hub.app.settings.clone();
    let beside = App::open(settings, Clock::System, Random::System).await.expect("the database");

    rename(&beside, &ada, "Zoe").await;
    becomes(&bob.client, &["Bob", "Ida", "Zoe"]).await;

    let event = beside.events.by_id(conference.event).await.expect("an answer").expect("the event");
    let own = registration::of(&beside.db, event.id, ada.id).await.expect("an answer");
    let id = own.expect("a registration").id;
    registration::cancel(&beside, &event, id, bob.id).await.expect("cancelled");
    becomes(&bob.client, &["Bob", "Ida"]).await;
    within(async {
        while may_see_rooms(&ada.client).await {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

async fn rename(app: &Arc<App>, who: &TestPerson, name: &str) {
    let person = person::find(&app.db, who.id).await.expect("an answer").expect("a person");
    let change = ProfileChange { name: Some(name.parse().expect("a name")), ..Default::default() };
    shown::change_profile(app, &person, change).await.expect("a change");
}
