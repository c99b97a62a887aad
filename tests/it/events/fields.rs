//! Registration fields.

use serde_json::{Value, json};

use super::camp;
use crate::support::databases::{TestDatabase, on_each_database};

const FIELDS: &str = "/api/v1/events/camp/fields";

fn path_of(field: &Value) -> String {
    format!("{FIELDS}/{}", field["id"].as_str().expect("an id"))
}

on_each_database!(a_question_is_created_changed_and_removed);
async fn a_question_is_created_changed_and_removed(database: TestDatabase) {
    let (hub, mut administrator, _) = camp(database).await;
    let size = json!({
        "key": "size", "label": "T-shirt", "kind": "choice", "options": ["S", "M", "L"],
        "required": true,
    });
    let made = administrator.client.post(FIELDS, size.clone()).await;
    assert_eq!(made.status, 201);
    let food = json!({ "key": "food", "label": "Food", "kind": "text", "position": 0 });
    administrator.client.post(FIELDS, food).await.ok();

    let event = hub.client().get("/api/v1/events/camp").await.ok();
    let keys: Vec<_> = event["fields"].as_array().expect("a list").iter().collect();
    assert_eq!((&keys[0]["key"], &keys[1]["key"]), (&json!("food"), &json!("size")));
    assert_eq!(keys[1]["options"], json!(["S", "M", "L"]));

    let taken = administrator.client.post(FIELDS, size).await;
    assert_eq!(taken.code(), "field.key_taken");
    assert_eq!(taken.json()["field"], "key");
    let patch = json!({ "label": "Size of your T-shirt", "options": ["S", "XL"] });
    let changed = administrator.client.patch(&path_of(&made.json()), patch).await.ok();
    assert_eq!(changed["options"], json!(["S", "XL"]));
    assert_eq!(administrator.client.delete(&path_of(&changed)).await.status, 204);
    let left = hub.client().get(FIELDS).await.ok();
    assert_eq!(left["items"].as_array().expect("a list").len(), 1);
}

#[tokio::test]
async fn invalid_fields_are_refused_by_name() {
    let (hub, mut administrator, _) = camp(TestDatabase::sqlite()).await;
    let many: Vec<_> = (0..101).map(|number| number.to_string()).collect();
    for (field, question) in [
        ("key", json!({ "key": "T shirt", "label": "A", "kind": "text" })),
        ("kind", json!({ "key": "a", "label": "A", "kind": "number" })),
        ("options", json!({ "key": "a", "label": "A", "kind": "choice" })),
        ("options", json!({ "key": "a", "label": "A", "kind": "text", "options": ["B"] })),
        ("options", json!({ "key": "a", "label": "A", "kind": "choice", "options": ["B", "B"] })),
        ("options", json!({ "key": "a", "label": "A", "kind": "choice", "options": many })),
    ] {
        let answer = administrator.client.post(FIELDS, question).await;
        assert_eq!(answer.status, 422, "{field}");
        assert_eq!(answer.json()["field"], field, "{}", answer.text);
    }
    let mut stranger = hub.client();
    let question = json!({ "key": "a", "label": "A", "kind": "text" });
    assert_eq!(stranger.post(FIELDS, question).await.status, 401);
    assert_eq!(hub.client().get(FIELDS).await.ok()["items"], json!([]));
}
