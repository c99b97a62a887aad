//! The directory of an event.

use http::StatusCode;
use plenary::permission::Role;
use serde_json::{Value, json};

use super::conference_with_mail;
use crate::support::conference::Conference;
use crate::support::databases::{TestDatabase, on_each_database};

const PEOPLE: &str = "/api/v1/events/camp/people";

fn names(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().expect("items");
    items.iter().map(|item| item["name"].as_str().expect("a name").to_owned()).collect()
}

on_each_database!(people_are_found_by_parts_of_their_name_and_affiliation);

async fn people_are_found_by_parts_of_their_name_and_affiliation(database: TestDatabase) {
    let (conference, _mail) = conference_with_mail(database).await;
    let mut zoe = conference.attendee("Zoë Ångström").await;
    conference.attendee("Bert").await;
    let profile = json!({"affiliation": "Café Müller", "about": "Hello", "languages": ["sv"]});
    zoe.client.patch("/api/v1/me", profile).await.ok();

    let found = zoe.client.get(&format!("{PEOPLE}?search=muller%20ANGSTROM")).await.ok();
    let person = &found["items"][0];
    assert_eq!(person["id"], json!(zoe.id));
    assert_eq!(person["affiliation"], "Café Müller");
    assert_eq!((&person["about"], &person["languages"]), (&json!("Hello"), &json!(["sv"])));
    assert_eq!(found["items"].as_array().expect("items").len(), 1);

    let all = zoe.client.get(&format!("{PEOPLE}?limit=2")).await.ok();
    assert_eq!(names(&all), ["Bert", "Ida"], "whoever has a role takes part as well");
    let next = all["next"].as_str().expect("another page");
    let rest = zoe.client.get(&format!("{PEOPLE}?limit=2&cursor={next}")).await.ok();
    assert_eq!(names(&rest), ["Zoë Ångström"]);
    assert!(rest.get("next").is_none());
}

#[tokio::test]
async fn people_who_opt_out_are_not_found() {
    let conference = Conference::start().await;
    let mut ada = conference.attendee("Ada").await;
    let bob = conference.attendee("Bob").await;
    let page = format!("{PEOPLE}/{}", ada.id);
    bob.client.get(&page).await.ok();
    ada.client.patch("/api/v1/events/camp/registration", json!({"listed": false})).await.ok();
    assert_eq!(names(&bob.client.get(PEOPLE).await.ok()), ["Bob", "Ida"]);
    assert_eq!(bob.client.get(&page).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn only_participants_see_it() {
    let conference = Conference::start().await;
    let mut stranger = conference.hub.client();
    assert_eq!(stranger.get(PEOPLE).await.status, StatusCode::UNAUTHORIZED);
    let no_guests = stranger.post("/api/v1/sign-in/guest", json!({"event": "camp"})).await;
    assert_eq!(no_guests.code(), "sign_in.no_guests");

    let mut organizer = conference.organizer.client.clone();
    organizer.patch("/api/v1/events/camp", json!({"guests_allowed": true})).await.ok();
    let me = stranger.post("/api/v1/sign-in/guest", json!({"event": "camp"})).await.ok();
    assert_eq!(me["kind"], "guest");
    assert_eq!(stranger.get(PEOPLE).await.code(), "registration.required");
    let renamed = stranger.patch("/api/v1/me", json!({"name": "Organizer"})).await;
    assert_eq!(renamed.code(), "permission.denied");
    let listed = conference.organizer.client.get(PEOPLE).await.ok();
    assert_eq!(names(&listed), ["Ida"], "guests are in no list");
}

#[tokio::test]
async fn moderators_see_the_standing_and_everyone_the_badge() {
    let conference = Conference::start().await;
    let speaker = conference.attendee("Ada").await;
    let room = Some(conference.room.id);
    conference.hub.grant(conference.event, speaker.id, Role::Speaker, room).await;
    let (moderator, bob) = (conference.moderator("Mo").await, conference.attendee("Bob").await);
    let page = format!("{PEOPLE}/{}", speaker.id);
    let seen = moderator.client.get(&page).await.ok();
    assert_eq!((&seen["badge"], &seen["standing"]), (&json!("speaker"), &json!([])));
    assert_eq!(seen["roles"][0]["room"], json!(conference.room.id));
    assert!(bob.client.get(&page).await.ok().get("standing").is_none());
}
