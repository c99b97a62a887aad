//! Ticket types.

use std::time::Duration;

use plenary::clock::{Clock, Timestamp};
use serde_json::{Value, json};

use super::{camp, new_event};
use crate::support::databases::{TestDatabase, on_each_database};
use crate::support::hub::TestHub;

const TICKET_TYPES: &str = "/api/v1/events/camp/ticket-types";

fn path_of(ticket_type: &Value) -> String {
    format!("{TICKET_TYPES}/{}", ticket_type["id"].as_str().expect("an id"))
}

on_each_database!(a_ticket_type_is_created_changed_and_removed);
async fn a_ticket_type_is_created_changed_and_removed(database: TestDatabase) {
    let (hub, mut administrator, _) = camp(database).await;
    let made =
        administrator.client.post(TICKET_TYPES, json!({ "name": "Regular", "quota": 3 })).await;
    assert_eq!(made.status, 201);
    let regular = made.json();
    assert_eq!((&regular["remaining"], &regular["on_sale"]), (&json!(3), &json!(true)));
    let staff = json!({ "name": "Staff", "hidden": true });
    administrator.client.post(TICKET_TYPES, staff).await.ok();

    let public = hub.client().get("/api/v1/events/camp").await.ok();
    assert_eq!(public["ticket_types"], json!([regular]));
    let listed = hub.client().get(TICKET_TYPES).await.ok();
    assert_eq!(listed["items"], json!([regular]));
    let all = administrator.client.get(TICKET_TYPES).await.ok();
    assert_eq!(all["items"][1]["name"], "Staff");

    let changed =
        administrator.client.patch(&path_of(&regular), json!({ "quota": null })).await.ok();
    assert!(changed.get("quota").is_none() && changed.get("remaining").is_none());
    let none = administrator.client.patch(&path_of(&regular), json!({ "quota": 0 })).await.ok();
    assert_eq!(none["on_sale"], false);

    let taken = administrator.client.post(TICKET_TYPES, json!({ "name": "regular" })).await;
    assert_eq!(taken.code(), "ticket_type.name_taken");
    assert_eq!(taken.json()["field"], "name");
    assert_eq!(administrator.client.delete(&path_of(&regular)).await.status, 204);
    assert_eq!(administrator.client.delete(&path_of(&regular)).await.status, 404);
}

#[tokio::test]
async fn a_sale_begins_and_ends_by_itself() {
    let clock = Clock::manual(Timestamp(1_790_000_000_000));
    let hub = TestHub::with(TestDatabase::sqlite(), clock.clone(), &[]).await;
    let mut administrator = hub.administrator().await;
    administrator.client.post("/api/v1/events", new_event("camp")).await.ok();
    let window = json!({
        "name": "Early", "sales_from": 1_790_000_060_000_i64, "sales_until": 1_790_000_120_000_i64,
    });
    administrator.client.post(TICKET_TYPES, window).await.ok();

    let mut seen = vec![];
    for _ in 0..3 {
        let event = hub.client().get("/api/v1/events/camp").await.ok();
        seen.push(event["ticket_types"][0]["on_sale"].as_bool().expect("a flag"));
        clock.advance(Duration::from_secs(60));
    }
    assert_eq!(seen, [false, true, false]);
}

#[tokio::test]
async fn invalid_fields_are_refused_by_name() {
    let (hub, mut administrator, _) = camp(TestDatabase::sqlite()).await;
    for (field, ticket_type) in [
        ("name", json!({ "name": " " })),
        ("quota", json!({ "name": "A", "quota": 1_000_001 })),
        ("quota", json!({ "name": "A", "quota": "many" })),
        ("sales_until", json!({ "name": "A", "sales_from": 2_000, "sales_until": 1_000 })),
        ("taken", json!({ "name": "A", "taken": 0 })),
    ] {
        let answer = administrator.client.post(TICKET_TYPES, ticket_type).await;
        assert_eq!(answer.status, 422, "{field}");
        assert_eq!(answer.json()["field"], field, "{}", answer.text);
    }
    let mut stranger = hub.client();
    assert_eq!(stranger.post(TICKET_TYPES, json!({ "name": "A" })).await.status, 401);
    assert_eq!(hub.client().get(TICKET_TYPES).await.ok()["items"], json!([]));
}
