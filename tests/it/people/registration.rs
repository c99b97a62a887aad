//! Registering for an event.

use http::StatusCode;
use plenary::db::Columns;
use plenary::people::registration;
use serde_json::{Value, json};

use super::{ADA, START, conference_with_mail, ticket_type, wait};
use crate::support::conference::Conference;
use crate::support::databases::{TestDatabase, on_each_database};

const REGISTRATIONS: &str = "/api/v1/events/camp/registrations";
const OWN: &str = "/api/v1/events/camp/registration";

fn stranger(email: &str, ticket: &str) -> Value {
    json!({"email": email, "name": "Ada", "ticket_type": ticket, "consent": true})
}

on_each_database!(
    a_stranger_registers_and_comes_in_by_the_mailed_link,
    seats_are_never_assigned_twice,
    an_unconfirmed_registration_lapses,
);

async fn a_stranger_registers_and_comes_in_by_the_mailed_link(database: TestDatabase) {
    let (mut conference, mut mail) = conference_with_mail(database).await;
    let ticket = ticket_type(&mut conference, 2).await;
    let mut client = conference.hub.client();
    let answer = client.post(REGISTRATIONS, stranger(ADA, &ticket)).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
    assert_eq!(client.cookie, None, "nobody is let in without the mail");

    wait(&conference.hub, 23 * 60);
    let token = mail.token(ADA).await;
    let me = client.post("/api/v1/sign-in/link/redeem", json!({"token": token})).await.ok();
    assert_eq!(me["events"][0]["slug"], "camp");
    assert_eq!(me["events"][0]["registration_status"], "confirmed");
    assert_eq!(me["next"], "/e/camp/lobby");
    let own = client.get(OWN).await.ok();
    assert_eq!((&own["status"], &own["ticket_type"]), (&json!("confirmed"), &json!(ticket)));
}

async fn seats_are_never_assigned_twice(database: TestDatabase) {
    let (mut conference, _mail) = conference_with_mail(database).await;
    let ticket = ticket_type(&mut conference, 5).await;
    let tries = (0..20).map(|number| {
        let mut client = conference.hub.client();
        let body = stranger(&format!("person{number}@example.org"), &ticket);
        async move { client.post(REGISTRATIONS, body).await }
    });
    let answers = futures_util::future::join_all(tries).await;
    let given = answers.iter().filter(|answer| answer.status == StatusCode::ACCEPTED).count();
    assert_eq!(given, 5);
    for answer in answers.iter().filter(|answer| answer.status != StatusCode::ACCEPTED) {
        assert_eq!(answer.code(), "ticket.sold_out", "{}", answer.text);
    }
}

async fn an_unconfirmed_registration_lapses(database: TestDatabase) {
    let (mut conference, mut mail) = conference_with_mail(database).await;
    let ticket = ticket_type(&mut conference, 1).await;
    let mut client = conference.hub.client();
    client.post(REGISTRATIONS, stranger(ADA, &ticket)).await.ok();
    let token = mail.token(ADA).await;
    let other = stranger("bob@example.org", &ticket);
    let sold_out = client.post(REGISTRATIONS, other.clone()).await;
    assert_eq!(sold_out.code(), "ticket.sold_out");
    let own = client.post(REGISTRATIONS, stranger(ADA, &ticket)).await;
    assert_eq!(own.text, sold_out.text, "whose the ticket is, only the mailbox learns");
    mail.token(ADA).await;

    wait(&conference.hub, 24 * 60);
    let app = &conference.hub.app;
    registration::sweep(&app.db, app.clock.now()).await.expect("a sweep");
    client.post(REGISTRATIONS, other).await.ok();
    let late = client.post("/api/v1/sign-in/link/redeem", json!({"token": token})).await;
    assert_eq!(late.status, StatusCode::GONE);
}

#[tokio::test]
async fn only_the_mail_reveals_whether_an_address_is_registered() {
    let (conference, mut mail) = conference_with_mail(TestDatabase::sqlite()).await;
    let mut ada = conference.hub.signed_in(ADA).await;
    ada.post(REGISTRATIONS, json!({})).await.ok();

    let mut client = conference.hub.client();
    let known = client.post(REGISTRATIONS, json!({"email": ADA, "name": "Eve"})).await;
    let new = client.post(REGISTRATIONS, json!({"email": "eve@example.org", "name": "Eve"})).await;
    assert_eq!((known.status, known.text.len()), (new.status, new.text.len()));
    assert!(mail.next(ADA).await.text().contains("already registered"));
    assert!(mail.next("eve@example.org").await.text().contains("confirm it and sign in"));
    let me = ada.get("/api/v1/me").await.ok();
    assert_eq!(me["profile"]["name"], "ada", "a stranger cannot rename anybody");
}

#[tokio::test]
async fn nobody_registers_a_password_for_somebody_elses_mailbox() {
    let (conference, mut mail) = conference_with_mail(TestDatabase::sqlite()).await;
    let mut stranger = conference.hub.client();
    let body = json!({"email": ADA, "name": "Ada", "password": "correct horse"});
    let refused = stranger.post(REGISTRATIONS, body).await;
    assert_eq!(refused.json()["field"], "password", "{}", refused.text);
    stranger.post(REGISTRATIONS, json!({"email": ADA, "name": "Ada"})).await.ok();

    let mut ada = conference.hub.client();
    let token = mail.token(ADA).await;
    let me = ada.post("/api/v1/sign-in/link/redeem", json!({"token": token})).await.ok();
    assert_eq!(me["has_password"], false, "only whoever has come in by the mailbox chooses one");
    ada.put("/api/v1/me/password", json!({"password": "correct horse"})).await.ok();
}

#[tokio::test]
async fn people_who_are_signed_in_are_registered_at_once() {
    let (mut conference, _mail) = conference_with_mail(TestDatabase::sqlite()).await;
    let ticket = ticket_type(&mut conference, 2).await;
    let mut ada = conference.hub.signed_in(ADA).await;
    let lobby = "/api/v1/events/camp/people";
    assert_eq!(ada.get(lobby).await.code(), "registration.required");

    let body = json!({"ticket_type": ticket, "name": "Ada Lovelace", "listed": false});
    let made = ada.post(REGISTRATIONS, body.clone()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    assert_eq!(made.json()["listed"], false);
    ada.get(lobby).await.ok();
    assert_eq!(ada.get("/api/v1/me").await.ok()["profile"]["name"], "Ada Lovelace");
    assert_eq!(ada.post(REGISTRATIONS, body.clone()).await.code(), "registration.exists");

    let other = json!({"ticket_type": ticket, "email": "eve@example.org"});
    assert_eq!(ada.post(REGISTRATIONS, other).await.json()["field"], "email");

    assert_eq!(ada.delete(OWN).await.status, StatusCode::NO_CONTENT);
    assert_eq!(ada.get(lobby).await.code(), "registration.required");
    ada.post(REGISTRATIONS, body).await.ok();
    ada.get(lobby).await.ok();
}

#[tokio::test]
async fn tickets_are_sold_within_their_window() {
    let (mut conference, _mail) = conference_with_mail(TestDatabase::sqlite()).await;
    let new = json!({
        "name": "Early bird", "sales_from": START + 60_000, "sales_until": START + 180_000,
    });
    let path = "/api/v1/events/camp/ticket-types";
    let ticket = conference.organizer.client.post(path, new).await.ok();
    let body = stranger(ADA, ticket["id"].as_str().expect("an id"));
    let mut client = conference.hub.client();
    assert_eq!(client.post(REGISTRATIONS, body.clone()).await.code(), "ticket.not_on_sale");
    wait(&conference.hub, 2);
    client.post(REGISTRATIONS, body.clone()).await.ok();
    wait(&conference.hub, 1);
    assert_eq!(client.post(REGISTRATIONS, body).await.code(), "ticket.not_on_sale");
}

#[tokio::test]
async fn the_form_is_checked_question_by_question() {
    let mut conference = Conference::start().await;
    let organizer = &mut conference.organizer.client;
    let consent = json!({"consent_text": "I shall be kind."});
    organizer.patch("/api/v1/events/camp", consent).await.ok();
    let fields = "/api/v1/events/camp/fields";
    let size = json!({
        "key": "size", "label": "T-shirt", "kind": "choice", "options": ["S", "M"],
        "required": true,
    });
    organizer.post(fields, size).await.ok();
    let ticket = ticket_type(&mut conference, 9).await;

    let good = json!({
        "email": ADA, "name": "Ada", "ticket_type": ticket, "answers": {"size": "M"},
        "consent": true,
    });
    let mut client = conference.hub.client();
    for (change, field) in [
        (json!({"email": "ada"}), "email"),
        (json!({"email": null}), "email"),
        (json!({"name": ""}), "name"),
        (json!({"name": null}), "name"),
        (json!({"ticket_type": null}), "ticket_type"),
        (json!({"ticket_type": conference.room.id}), "ticket_type"),
        (json!({"answers": {}}), "answers.size"),
        (json!({"answers": {"size": "XXL"}}), "answers.size"),
        (json!({"answers": {"size": "M", "role": "organizer"}}), "answers.role"),
        (json!({"consent": false}), "consent"),
        (json!({"administrator": true}), "administrator"),
    ] {
        let mut body = good.clone();
        body.as_object_mut().expect("an object").extend(change.as_object().expect("one").clone());
        let answer = client.post(REGISTRATIONS, body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
        assert_eq!(answer.json()["field"], field, "{}", answer.text);
    }
    client.post(REGISTRATIONS, good).await.ok();
}

#[tokio::test]
async fn everything_that_does_not_fit_the_form_is_named_at_once() {
    let mut conference = Conference::start().await;
    let organizer = &mut conference.organizer.client;
    let terms = json!({"consent_text": "Be kind."});
    organizer.patch("/api/v1/events/camp", terms).await.ok();
    for key in ["size", "food"] {
        let field = json!({"key": key, "label": key, "kind": "text", "required": true});
        organizer.post("/api/v1/events/camp/fields", field).await.ok();
    }
    ticket_type(&mut conference, 9).await;
    let named = |answer: &serde_json::Value| -> Vec<String> {
        let errors = answer["errors"].as_array().expect("errors").iter();
        errors.map(|error| error["field"].as_str().expect("a field").to_owned()).collect()
    };
    let mut client = conference.hub.client();
    let values = json!({"email": "ada", "name": "", "ticket_type": "best", "answers": 7});
    let refused = client.post(REGISTRATIONS, values).await.json();
    assert_eq!(named(&refused), ["email", "name", "ticket_type", "answers"]);
    let empty = client.post(REGISTRATIONS, json!({"answers": {"food": 7}})).await.json();
    assert_eq!(
        named(&empty),
        ["email", "name", "ticket_type", "answers.size", "answers.food", "consent"]
    );
    assert_eq!(empty["field"], "email");
    assert_eq!(empty["errors"][4]["message"], "food: answer with a text.");
}

#[tokio::test]
async fn a_closed_registration_takes_nobody() {
    let mut conference = Conference::start().await;
    let closed = json!({"registration_open": false});
    conference.organizer.client.patch("/api/v1/events/camp", closed).await.ok();
    let body = json!({"email": ADA, "name": "Ada"});
    let answer = conference.hub.client().post(REGISTRATIONS, body).await;
    assert_eq!(answer.code(), "registration.closed");
}

#[tokio::test]
async fn own_answers_can_be_changed_later() {
    let mut conference = Conference::start().await;
    let field = json!({"key": "food", "label": "Food", "kind": "text"});
    conference.organizer.client.post("/api/v1/events/camp/fields", field).await.ok();
    let mut ada = conference.attendee("Ada").await.client;
    let changed = ada.patch(OWN, json!({"answers": {"food": "all"}, "listed": false})).await.ok();
    assert_eq!(changed["answers"]["food"], "all");
    assert_eq!(changed, ada.get(OWN).await.ok());
    let refused = ada.patch(OWN, json!({"answers": {"food": 7}})).await;
    assert_eq!(refused.json()["field"], "answers.food");
    assert_eq!(conference.hub.client().get(OWN).await.status, StatusCode::UNAUTHORIZED);
}

on_each_database!(abandoned_accounts_are_removed);

async fn abandoned_accounts_are_removed(database: TestDatabase) {
    const DAY: u64 = 24 * 60;
    let (mut conference, mut mail) = conference_with_mail(database).await;
    let guests = json!({"guests_allowed": true});
    conference.organizer.client.patch("/api/v1/events/camp", guests).await.ok();
    let mut guest = conference.hub.client();
    guest.post("/api/v1/sign-in/guest", json!({"event": "camp"})).await.ok();
    for email in [ADA, "bob@example.org"] {
        let body = json!({"email": email, "name": "Somebody"});
        conference.hub.client().post(REGISTRATIONS, body).await.ok();
    }
    let token = mail.token("bob@example.org").await;
    let mut bob = conference.hub.client();
    bob.post("/api/v1/sign-in/link/redeem", json!({"token": token})).await.ok();

    wait(&conference.hub, 3 * DAY);
    let app = &conference.hub.app;
    app.upkeep.sweep().await.expect("a sweep");
    let rows = app.db.all(app.db.query("SELECT name FROM people ORDER BY name")).await;
    let rows = rows.expect("the people");
    let names: Vec<String> = rows.iter().map(|row| row.text("name").expect("a name")).collect();
    assert_eq!(names, ["Ida", "Somebody"], "Ada never confirmed, and the guest is gone");
    bob.get("/api/v1/events/camp/people").await.ok();
}
