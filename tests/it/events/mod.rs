//! Events, rooms, ticket types and registration fields, over real HTTP.

mod beside;
mod details;
mod fields;
mod rooms;
mod ticket_types;

use plenary::clock::Clock;
use plenary::id::EventId;
use serde_json::{Value, json};

use crate::support::databases::TestDatabase;
use crate::support::hub::TestHub;
use crate::support::people::TestPerson;

/// A hub on this database with one open event, `camp`, and its organizer.
pub async fn camp(database: TestDatabase) -> (TestHub, TestPerson, EventId) {
    let hub = TestHub::with(database, Clock::System, &[]).await;
    let mut administrator = hub.administrator().await;
    let made = administrator.client.post("/api/v1/events", new_event("camp")).await.ok();
    let id = made["id"].as_str().expect("an id").parse().expect("an id");
    (hub, administrator, id)
}

/// The body that creates an open event.
pub fn new_event(slug: &str) -> Value {
    json!({
        "slug": slug, "title": "Summer Camp", "state": "open",
        "starts_at": 1_800_000_000_000_i64, "ends_at": 1_800_300_000_000_i64,
        "time_zone": "Europe/Berlin", "registration_open": true,
    })
}
