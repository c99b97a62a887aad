//! A role for an address without an account is an invitation.

use http::StatusCode;
use plenary::db::Columns;
use serde_json::{Value, json};

use super::{ADA, conference_with_mail};
use crate::support::client::Client;
use crate::support::conference::Conference;
use crate::support::databases::{TestDatabase, on_each_database};
use crate::support::mail::Mailboxes;

const ROLES: &str = "/api/v1/events/camp/roles";
const INVITATIONS: &str = "/api/v1/events/camp/invitations";
const OWN: &str = "/api/v1/me/invitations";
const STAFF: &str = "/api/v1/events/camp/audit";

on_each_database!(
    an_invitation_has_no_effect_until_it_is_accepted,
    an_invitation_can_be_withdrawn_and_declined,
);

/// Signs in by a mailed link, asked for by the one invited.
async fn sign_in(conference: &Conference, mail: &mut Mailboxes, email: &str) -> Client {
    let mut client = conference.hub.client();
    client.post("/api/v1/sign-in/link", json!({"email": email})).await.ok();
    let token = mail.token(email).await;
    client.post("/api/v1/sign-in/link/redeem", json!({"token": token})).await.ok();
    client
}

async fn invite(conference: &mut Conference, email: &str) -> Value {
    let request = json!({"email": email, "role": "moderator"});
    let answer = conference.organizer.client.post(ROLES, request).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
    answer.json()
}

async fn listed(client: &Client, path: &str) -> Vec<Value> {
    client.get(path).await.ok()["items"].as_array().expect("items").clone()
}

async fn an_invitation_has_no_effect_until_it_is_accepted(database: TestDatabase) {
    let (mut conference, mut mail) = conference_with_mail(database).await;
    let invited = invite(&mut conference, ADA).await;
    assert_eq!((&invited["address"], &invited["role"]), (&json!(ADA), &json!("moderator")));
    assert_eq!(invite(&mut conference, "Ada@Example.org").await["id"], invited["id"], "only once");
    let letter = mail.next(ADA).await.text();
    assert!(letter.contains("/invitations?event=camp"), "{letter}");
    assert!(letter.contains("as a moderator"), "{letter}");
    let organizer = &conference.organizer.client;
    assert_eq!(listed(organizer, ROLES).await.len(), 1, "nobody has the role yet");
    assert_eq!(listed(organizer, INVITATIONS).await, std::slice::from_ref(&invited));

    let mut ada = sign_in(&conference, &mut mail, ADA).await;
    assert_eq!(ada.get(STAFF).await.status, StatusCode::FORBIDDEN, "signing in accepts nothing");
    let own = listed(&ada, OWN).await;
    assert_eq!((&own[0]["title"], &own[0]["role"]), (&json!("Summer Camp"), &json!("moderator")));
    assert_eq!(own[0]["by"], "Ida");

    // Nobody accepts for somebody else.
    let accept = format!("{OWN}/{}/accept", own[0]["id"].as_str().expect("an id"));
    let mut eve = conference.hub.signed_in("eve@example.org").await;
    assert_eq!(listed(&eve, OWN).await.len(), 0);
    assert_eq!(eve.post(&accept, json!({})).await.status, StatusCode::NOT_FOUND);

    let accepted = ada.post(&accept, json!({})).await;
    assert_eq!(accepted.status, StatusCode::NO_CONTENT, "{}", accepted.text);
    ada.get(STAFF).await.ok();
    assert_eq!(ada.post(&accept, json!({})).await.status, StatusCode::NOT_FOUND, "once");
    assert_eq!(listed(&conference.organizer.client, INVITATIONS).await.len(), 0);
    assert_eq!(listed(&conference.organizer.client, ROLES).await.len(), 2);

    let query = "SELECT details FROM audit_log WHERE action = 'roles.change' ORDER BY id";
    let db = &conference.hub.app.db;
    let rows = db.all(db.query(query)).await.expect("the audit log");
    let details: Vec<String> = rows.iter().map(|row| row.text("details").expect("text")).collect();
    for what in [r#"{"invited":"moderator"}"#, r#"{"granted":"moderator"}"#] {
        assert_eq!(details.iter().filter(|line| *line == what).count(), 1, "{details:?}");
    }
}

async fn an_invitation_can_be_withdrawn_and_declined(database: TestDatabase) {
    let (mut conference, mut mail) = conference_with_mail(database).await;
    let invited = invite(&mut conference, ADA).await;
    let path = format!("{INVITATIONS}/{}", invited["id"].as_str().expect("an id"));
    let organizer = &mut conference.organizer.client;
    assert_eq!(organizer.delete(&path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(organizer.delete(&path).await.status, StatusCode::NOT_FOUND);
    mail.next(ADA).await;
    let mut ada = sign_in(&conference, &mut mail, ADA).await;
    assert_eq!(listed(&ada, OWN).await.len(), 0);
    let late = format!("{OWN}/{}/accept", invited["id"].as_str().expect("an id"));
    assert_eq!(ada.post(&late, json!({})).await.status, StatusCode::NOT_FOUND);

    let bob = "bob@example.org";
    let invited = invite(&mut conference, bob).await;
    mail.next(bob).await;
    let mut bob = sign_in(&conference, &mut mail, bob).await;
    let own = format!("{OWN}/{}", invited["id"].as_str().expect("an id"));
    assert_eq!(bob.delete(&own).await.status, StatusCode::NO_CONTENT);
    assert_eq!(listed(&conference.organizer.client, INVITATIONS).await.len(), 0);
    assert_eq!(listed(&conference.organizer.client, ROLES).await.len(), 1);
}

#[tokio::test]
async fn an_address_that_nobody_confirmed_is_no_account() {
    let (mut conference, mut mail) = conference_with_mail(TestDatabase::sqlite()).await;
    // Somebody has typed it, perhaps wrongly.
    let form = json!({"email": ADA, "name": "Ada"});
    conference.hub.client().post("/api/v1/events/camp/registrations", form).await.ok();
    mail.next(ADA).await;
    invite(&mut conference, ADA).await;
    assert_eq!(listed(&conference.organizer.client, ROLES).await.len(), 1);

    // With a confirmed account there is somebody who can have the role at once.
    conference.hub.signed_in("bob@example.org").await;
    let request = json!({"email": "bob@example.org", "role": "moderator"});
    let answer = conference.organizer.client.post(ROLES, request).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
}

#[tokio::test]
async fn no_answer_holds_an_address_that_the_asker_did_not_type() {
    let (mut conference, _mail) = conference_with_mail(TestDatabase::sqlite()).await;
    let other = conference.attendee("Olga").await;
    let request = json!({"person": other.id, "role": "organizer"});
    let organizer = &mut conference.organizer.client;
    let granted = organizer.post(ROLES, request).await;
    assert_eq!(granted.status, StatusCode::CREATED, "{}", granted.text);
    assert!(!granted.text.contains('@'), "{}", granted.text);
    let typed = organizer.post(ROLES, json!({"email": ADA, "role": "speaker"})).await;
    assert!(typed.text.contains(ADA));
    assert!(!organizer.get(ROLES).await.text.contains('@'));
    assert!(organizer.get(INVITATIONS).await.text.contains(ADA));
    let seen = other.client.get(INVITATIONS).await;
    assert!(!seen.text.contains(ADA) && seen.text.contains("ad…@example.org"), "{}", seen.text);
}
