//! Organizers manage an event's registrations.

use http::StatusCode;
use plenary::permission::Role;
use serde_json::{Value, json};

use super::{ADA, conference_with_mail, ticket_type};
use crate::support::conference::Conference;
use crate::support::databases::{TestDatabase, on_each_database};

const REGISTRATIONS: &str = "/api/v1/events/camp/registrations";

on_each_database!(organizers_find_registrations_page_by_page);

async fn organizers_find_registrations_page_by_page(database: TestDatabase) {
    let (conference, _mail) = conference_with_mail(database).await;
    for name in ["Zoë Émile", "anna", "Bert", "Änne 100%", "Carl"] {
        conference.attendee(name).await;
    }
    let organizer = &conference.organizer.client;
    let mut names = Vec::new();
    let mut path = format!("{REGISTRATIONS}?limit=2");
    loop {
        let page = organizer.get(&path).await.ok();
        let items = page["items"].as_array().expect("items");
        assert!(items.len() <= 2);
        let name = |item: &Value| item["person"]["name"].as_str().expect("a name").to_owned();
        names.extend(items.iter().map(name));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("{REGISTRATIONS}?limit=2&cursor={next}");
    }
    assert_eq!(names, ["anna", "Änne 100%", "Bert", "Carl", "Zoë Émile"]);

    let found = async |search: &str| {
        let page = organizer.get(&format!("{REGISTRATIONS}?search={search}")).await.ok();
        page["items"].as_array().expect("items").len()
    };
    assert_eq!(found("EMILE%20zoe").await, 1);
    assert_eq!(found("100%25").await, 1);
    assert_eq!(found("%25").await, 1, "a wildcard is a character like others");
    assert_eq!(found("example.org").await, 5, "addresses are searched too");
    let cancelled = organizer.get(&format!("{REGISTRATIONS}?status=cancelled")).await.ok();
    assert_eq!(cancelled["items"], json!([]));
}

#[tokio::test]
async fn attendees_do_not_see_registrations() {
    let conference = Conference::start().await;
    let ada = conference.attendee("Ada").await;
    assert_eq!(ada.client.get(REGISTRATIONS).await.code(), "permission.denied");
    let moderator = conference.moderator("Mo").await;
    assert_eq!(moderator.client.get(REGISTRATIONS).await.code(), "permission.denied");
}

#[tokio::test]
async fn a_cancelled_registration_ends_access_and_open_sockets_at_once() {
    let mut conference = Conference::start().await;
    let ada = conference.attendee("Ada").await;
    let mut socket = conference.socket(&ada).await;
    let list = conference.organizer.client.get(REGISTRATIONS).await.ok();
    let id = list["items"][0]["id"].as_str().expect("an id").to_owned();

    let path = format!("{REGISTRATIONS}/{id}/cancel");
    let done = conference.organizer.client.post(&path, json!({})).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    assert_eq!(socket.ended().await.0, 4201);
    let people = "/api/v1/events/camp/people";
    assert_eq!(ada.client.get(people).await.code(), "registration.required");
    let again = conference.organizer.client.post(&path, json!({})).await;
    assert_eq!(again.code(), "registration.cancelled");

    let mut own = ada.client.clone();
    let renewed = own.post(REGISTRATIONS, json!({})).await;
    assert_eq!(renewed.code(), "registration.cancelled", "only organizers take that back");
    let path = format!("{REGISTRATIONS}/{id}/reinstate");
    let done = conference.organizer.client.post(&path, json!({})).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.text);
    ada.client.get(people).await.ok();
    assert_eq!(
        own.post(&path, json!({})).await.code(),
        "permission.denied",
        "an attendee cannot reinstate"
    );
}

#[tokio::test]
async fn roles_that_only_grant_entry_end_with_the_registration() {
    let mut conference = Conference::start().await;
    let (event, other_room) = (conference.event, conference.other_room.id);
    let jana = conference.attendee("Jana").await;
    conference.hub.grant(event, jana.id, Role::Speaker, None).await;
    conference.hub.grant(event, jana.id, Role::Exhibitor, Some(other_room)).await;
    let mut socket = conference.socket(&jana).await;
    let organizer = &mut conference.organizer.client;
    let list = organizer.get(REGISTRATIONS).await.ok();
    let id = list["items"][0]["id"].as_str().expect("an id").to_owned();
    let told = organizer.post(&format!("{REGISTRATIONS}/{id}/cancel"), json!({})).await.ok();
    let taken = json!([{ "role": "speaker" }, { "role": "exhibitor", "room": other_room }]);
    assert_eq!(told, json!({ "taken": taken, "kept": [] }));
    assert_eq!(socket.ended().await.0, 4201);
    let people = "/api/v1/events/camp/people";
    assert_eq!(jana.client.get(people).await.code(), "registration.required");
    let audit = organizer.get("/api/v1/events/camp/audit").await.ok();
    let revoked = audit["items"].as_array().expect("lines").iter();
    let revoked = revoked.filter(|line| line["details"]["revoked"].is_string()).count();
    assert_eq!(revoked, 2, "{audit}");
}

#[tokio::test]
async fn moderators_keep_their_role_registered_or_not() {
    let mut conference = Conference::start().await;
    let moderator = conference.moderator("Mo").await;
    let mut socket = conference.socket(&moderator).await;
    let organizer = &mut conference.organizer.client;
    let list = organizer.get(REGISTRATIONS).await.ok();
    let id = list["items"][0]["id"].as_str().expect("an id").to_owned();
    let told = organizer.post(&format!("{REGISTRATIONS}/{id}/cancel"), json!({})).await.ok();
    assert_eq!(told, json!({ "taken": [], "kept": [{ "role": "moderator" }] }));
    let told = socket.push("roles").await;
    assert_eq!(told["data"]["roles"], json!([{ "role": "moderator" }]));
}

#[tokio::test]
async fn signing_out_closes_only_the_sockets_of_that_browser() {
    let conference = Conference::start().await;
    let mut ada = conference.attendee("Ada").await;
    let bob = conference.attendee("Bob").await;
    let (mut ada_socket, mut bob_socket) =
        (conference.socket(&ada).await, conference.socket(&bob).await);
    ada.client.post("/api/v1/sign-out", json!({})).await.ok();
    assert_eq!(ada_socket.ended().await.0, 4200);
    bob_socket.ask("ping", json!({})).await.expect("still open");
}

#[tokio::test]
async fn people_whom_organizers_cancelled_are_told_by_mail_when_registering_again() {
    let (mut conference, mut mail) = conference_with_mail(TestDatabase::sqlite()).await;
    let ticket = ticket_type(&mut conference, 1).await;
    let mut ada = conference.hub.signed_in(ADA).await;
    let made = ada.post(REGISTRATIONS, json!({"ticket_type": ticket})).await.ok();
    let path = format!("{REGISTRATIONS}/{}/cancel", made["id"].as_str().expect("an id"));
    conference.organizer.client.post(&path, json!({})).await.ok();

    let body = json!({"email": ADA, "name": "Ada", "ticket_type": ticket});
    conference.hub.client().post(REGISTRATIONS, body).await.ok();
    assert!(mail.next(ADA).await.text().contains("cancelled your registration"));

    // The seat is free again; once it is taken, the cancellation stays.
    let mut bob = conference.hub.signed_in("bob@example.org").await;
    bob.post(REGISTRATIONS, json!({"ticket_type": ticket})).await.ok();
    let path = path.replace("/cancel", "/reinstate");
    let full = conference.organizer.client.post(&path, json!({})).await;
    assert_eq!(full.code(), "ticket.sold_out");
    assert_eq!(ada.get("/api/v1/events/camp/people").await.code(), "registration.required");
}
