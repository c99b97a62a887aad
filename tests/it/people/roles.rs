//! Organizers manage roles.

use http::StatusCode;
use plenary::db::Columns;
use serde_json::json;

use super::{ADA, conference_with_mail};
use crate::support::conference::Conference;
use crate::support::databases::{TestDatabase, on_each_database};

const ROLES: &str = "/api/v1/events/camp/roles";

on_each_database!(a_role_is_granted_once_and_can_be_revoked);

async fn a_role_is_granted_once_and_can_be_revoked(database: TestDatabase) {
    let (mut conference, _mail) = conference_with_mail(database).await;
    conference.hub.signed_in(ADA).await;
    let organizer = &mut conference.organizer.client;
    let room = conference.room.id;
    let request = json!({"email": ADA, "role": "moderator", "room": room});
    let made = organizer.post(ROLES, request.clone()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    let grant = made.json();
    assert_eq!((&grant["role"], &grant["room"]), (&json!("moderator"), &json!(room)));
    let again = organizer.post(ROLES, request).await;
    assert_eq!((again.status, again.json()["id"].clone()), (StatusCode::OK, grant["id"].clone()));
    let list = organizer.get(ROLES).await.ok();
    assert_eq!(list["items"].as_array().expect("items").len(), 2);
    let path = format!("{ROLES}/{}", grant["id"].as_str().expect("an id"));
    assert_eq!(organizer.delete(&path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(organizer.delete(&path).await.status, StatusCode::NOT_FOUND);

    let query = "SELECT details FROM audit_log WHERE action = 'roles.change' ORDER BY id";
    let db = &conference.hub.app.db;
    let rows = db.all(db.query(query)).await.expect("the audit log");
    let details: Vec<String> = rows.iter().map(|row| row.text("details").expect("text")).collect();
    assert!(details.contains(&r#"{"granted":"moderator"}"#.to_owned()), "{details:?}");
    assert!(details.contains(&r#"{"revoked":"moderator"}"#.to_owned()), "{details:?}");
}

#[tokio::test]
async fn a_role_takes_effect_on_the_open_socket() {
    let mut conference = Conference::start().await;
    let ada = conference.attendee("Ada").await;
    let mut socket = conference.socket(&ada).await;
    let request = json!({"person": ada.id, "role": "moderator"});
    conference.organizer.client.post(ROLES, request).await.ok();
    let push = socket.push("roles").await;
    assert_eq!(push["data"]["roles"], json!([{"role": "moderator"}]));
}

#[tokio::test]
async fn bad_grants_are_refused() {
    let mut conference = Conference::start().await;
    let ada = conference.attendee("Ada").await;
    let organizer = &mut conference.organizer.client;
    for (request, field) in [
        (json!({"role": "moderator"}), "email"),
        (json!({"role": "moderator", "email": ADA, "person": ada.id}), "email"),
        (json!({"role": "moderator", "person": conference.room.id}), "person"),
        (json!({"role": "moderator", "person": ada.id, "room": ada.id}), "room"),
        (json!({"role": "king", "person": ada.id}), "role"),
    ] {
        let answer = organizer.post(ROLES, request).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
        assert_eq!(answer.json()["field"], field, "{}", answer.text);
    }
    // Whoever has no part in the event cannot be named by their id, be there such a person or not.
    let stranger = conference.hub.person("Eve").await.id;
    let organizer = &mut conference.organizer.client;
    let known = organizer.post(ROLES, json!({"person": stranger, "role": "speaker"})).await;
    let unknown =
        organizer.post(ROLES, json!({"person": conference.room.id, "role": "speaker"})).await;
    assert_eq!((known.status, &known.text), (unknown.status, &unknown.text));
    let mut moderator = conference.moderator("Mo").await;
    let request = json!({"person": moderator.id, "role": "organizer"});
    assert_eq!(moderator.client.post(ROLES, request).await.code(), "permission.denied");
}

#[tokio::test]
async fn the_last_organizer_stays() {
    let mut conference = Conference::start().await;
    let list = conference.organizer.client.get(ROLES).await.ok();
    let path = format!("{ROLES}/{}", list["items"][0]["id"].as_str().expect("an id"));
    let answer = conference.organizer.client.delete(&path).await;
    assert_eq!(answer.code(), "roles.last_organizer", "{}", answer.text);
    assert_eq!(conference.organizer.client.get(ROLES).await.ok(), list);

    let ada = conference.attendee("Ada").await;
    let request = json!({"person": ada.id, "role": "organizer"});
    conference.organizer.client.post(ROLES, request).await.ok();
    let answer = conference.organizer.client.delete(&path).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text);
}
