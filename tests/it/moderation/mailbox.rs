//! A ban holds against the same mailbox by another spelling.

use http::StatusCode;
use serde_json::{Value, json};

use super::{for_good, standing_still};
use crate::support::client::Client;
use crate::support::conference::Conference;
use crate::support::databases::{TestDatabase, on_each_database};
use crate::support::mail::Mailboxes;
use crate::support::people::TestPerson;

const REGISTRATIONS: &str = "/api/v1/events/camp/registrations";
const HELD: &str = "/api/v1/events/camp/registrations/held";
const LOBBY: &str = "/api/v1/events/camp/people";

on_each_database!(
    a_banned_mailbox_is_held_by_whatever_spelling_it_comes,
    a_ban_takes_the_other_spellings_with_it,
);

/// Somebody with this address, banned from the event by this moderator.
async fn banned(camp: &Conference, moderator: &TestPerson, email: &str) -> Client {
    let mut client = camp.hub.signed_in(email).await;
    client.post(REGISTRATIONS, json!({})).await.ok();
    let id = client.get("/api/v1/me").await.ok()["id"].clone();
    let mut socket = camp.socket(moderator).await;
    let ban = json!({"person": id, "reason": "Spam"});
    socket.ask("moderation.ban", ban).await.expect("banned");
    client
}

async fn held(moderator: &TestPerson) -> Vec<Value> {
    moderator.client.get(HELD).await.ok()["items"].as_array().expect("items").clone()
}

async fn a_banned_mailbox_is_held_by_whatever_spelling_it_comes(database: TestDatabase) {
    let camp = standing_still(database).await;
    let mut mia = camp.moderator("Mia").await;
    banned(&camp, &mia, "mal.eve@gmail.com").await;

    for (number, again) in
        ["Maleve@gmail.com", "mal.eve+2@gmail.com", "m.a.l.e.v.e@googlemail.com"].iter().enumerate()
    {
        let mut client = camp.hub.signed_in(again).await;
        let name = format!("New Here {number}");
        let answer = client.post(REGISTRATIONS, json!({"name": name})).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        assert_eq!(answer.json()["held"], true, "{again}: {}", answer.text);
        assert_eq!(client.get(LOBBY).await.code(), "registration.required", "{again}");
        let twice = client.post(REGISTRATIONS, json!({})).await;
        assert_eq!(twice.code(), "registration.held", "{}", twice.text);
        assert_eq!(client.get("/api/v1/me").await.ok()["events"][0]["held"], true);
    }
    let mut waiting = held(&mia).await;
    // The clock stands still.
    waiting.sort_by_key(|one| one["person"]["name"].to_string());
    assert_eq!(waiting.len(), 3);
    assert_eq!(waiting[0]["person"]["name"], "New Here 0");
    assert_eq!(waiting[0]["same_mailbox_as"]["name"], "mal.eve");
    assert!(!waiting[0].to_string().contains('@'), "moderators see no address: {}", waiting[0]);
    let log = mia.client.get("/api/v1/events/camp/audit?action=registration.create").await.ok();
    assert_eq!(log["items"][0]["details"], json!({"held": true}), "{log}");

    let decide = |number: usize, what: &str| {
        format!("{REGISTRATIONS}/{}/{what}", waiting[number]["id"].as_str().expect("an id"))
    };
    let turned_away = mia.client.post(&decide(0, "turn-away"), json!({})).await;
    assert_eq!(turned_away.status, StatusCode::NO_CONTENT, "{}", turned_away.text);
    let admitted = mia.client.post(&decide(1, "admit"), json!({})).await;
    assert_eq!(admitted.status, StatusCode::NO_CONTENT, "{}", admitted.text);
    assert_eq!(mia.client.post(&decide(1, "admit"), json!({})).await.status, 404);
    assert_eq!(held(&mia).await.len(), 1);
    let mut first = camp.hub.signed_in("Maleve@gmail.com").await;
    assert_eq!(first.post(REGISTRATIONS, json!({})).await.code(), "registration.cancelled");
    camp.hub.signed_in("mal.eve+2@gmail.com").await.get(LOBBY).await.ok();

    // Dots count elsewhere, and other mailboxes have nothing to do with it.
    for other in ["maleve@example.org", "maleve2@gmail.com"] {
        let mut client = camp.hub.signed_in(other).await;
        let made = client.post(REGISTRATIONS, json!({})).await.ok();
        assert_eq!(made["status"], "confirmed", "{other}");
    }
}

async fn a_ban_takes_the_other_spellings_with_it(database: TestDatabase) {
    let camp = standing_still(database).await;
    let mia = camp.moderator("Mia").await;
    let mut second = camp.hub.signed_in("eve+second@example.org").await;
    second.post(REGISTRATIONS, json!({})).await.ok();
    second.get(LOBBY).await.ok();
    banned(&camp, &mia, "Eve@example.org").await;
    assert_eq!(second.get(LOBBY).await.code(), "moderation.banned");
    let mut socket = camp.socket(&mia).await;
    let listed = socket.ask("moderation.sanctions", json!({})).await.expect("a list");
    assert_eq!(listed["sanctions"].as_array().expect("a list").len(), 2, "{listed}");
}

#[tokio::test]
async fn a_stranger_with_a_banned_mailbox_is_held_when_they_confirm() {
    let mut mail = Mailboxes::start().await;
    let flag = mail.flag();
    let clock = plenary::clock::Clock::System;
    let camp = Conference::with_flags(TestDatabase::sqlite(), clock, &[&flag]).await;
    let mia = camp.moderator("Mia").await;
    let ticket = json!({"name": "One", "quota": 2});
    let path = "/api/v1/events/camp/ticket-types";
    let mut organizer = camp.organizer.client.clone();
    banned(&camp, &mia, "eve@example.org").await;
    let ticket = organizer.post(path, ticket).await.ok()["id"].clone();

    let mut stranger = camp.hub.client();
    let form = json!({"email": "eve+x@example.org", "name": "Someone", "ticket_type": ticket});
    let answer = stranger.post(REGISTRATIONS, form).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "as for everybody: {}", answer.text);
    let token = mail.token("eve+x@example.org").await;
    stranger.post("/api/v1/sign-in/link/redeem", json!({"token": token})).await.ok();
    assert_eq!(stranger.get(LOBBY).await.code(), "registration.required");
    assert_eq!(held(&mia).await.len(), 1);
    let event = organizer.get("/api/v1/events/camp").await.ok();
    assert_eq!(event["ticket_types"][0]["remaining"], 2, "it holds no seat");
}

#[tokio::test]
async fn a_table_does_not_bring_a_banned_mailbox_back() {
    let camp = standing_still(TestDatabase::sqlite()).await;
    let mia = camp.moderator("Mia").await;
    banned(&camp, &mia, "eve@example.org").await;
    let table = "name,email\nEve Again,eve+ticket@example.org\nAda,ada@example.org\n";
    let headers = [("content-type", "text/csv")];
    let path = "/api/v1/events/camp/import/people";
    let mut organizer = camp.organizer.client.clone();
    let body = Some(table.as_bytes().to_vec());
    organizer.ask(http::Method::POST, path, &headers, body).await.ok();
    let waiting = held(&mia).await;
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0]["person"]["name"], "Eve Again");
    camp.hub.signed_in("ada@example.org").await.get(LOBBY).await.ok();
    let eve = camp.hub.signed_in("eve+ticket@example.org").await;
    assert_eq!(eve.get(LOBBY).await.code(), "registration.required");
}

#[tokio::test]
async fn who_is_sanctioned_stays_recognizable() {
    let camp = standing_still(TestDatabase::sqlite()).await;
    let mia = camp.moderator("Mia").await;
    let mut ada = camp.attendee("Ada").await;
    let mut socket = camp.socket(&mia).await;
    let order = json!({
        "person": ada.id, "room": camp.room.id, "seconds": 600, "reason": "Calm down",
    });
    let imposed = socket.ask("moderation.time_out", order).await.expect("timed out");
    let me = "/api/v1/me";
    for change in [
        json!({"name": "Somebody Else"}),
        json!({"affiliation": "Elsewhere"}),
        json!({"about": "New"}),
        json!({"languages": ["de"]}),
    ] {
        let refused = ada.client.patch(me, change).await;
        assert_eq!(refused.code(), "moderation.unchangeable", "{}", refused.text);
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert!(refused.json()["until"].is_number(), "{}", refused.text);
        assert!(refused.text.contains("Summer Camp"), "{}", refused.text);
    }
    let own = "/api/v1/events/camp/registration";
    let hidden = ada.client.patch(own, json!({"listed": false})).await;
    assert_eq!(hidden.code(), "moderation.unchangeable", "{}", hidden.text);
    assert_eq!(ada.client.delete("/api/v1/me/picture").await.code(), "moderation.unchangeable");
    ada.client.patch(me, json!({"locale": "de"})).await.ok();

    let lift = json!({"sanction": imposed["sanction"]["id"]});
    socket.ask("moderation.lift", lift).await.expect("lifted");
    ada.client.patch(me, json!({"name": "Ada Again"})).await.ok();
    socket.ask("moderation.ban", for_good(ada.id)).await.expect("banned");
    let refused = ada.client.patch(me, json!({"name": "Ada"})).await;
    assert_eq!(refused.code(), "moderation.unchangeable", "{}", refused.text);

    // Once the event is over, nothing holds any more.
    let mut organizer = camp.organizer.client.clone();
    organizer.patch("/api/v1/events/camp", json!({"state": "closed"})).await.ok();
    ada.client.patch(me, json!({"name": "Ada"})).await.ok();
}

#[tokio::test]
async fn a_new_name_stands_in_the_audit_log() {
    let camp = standing_still(TestDatabase::sqlite()).await;
    let mia = camp.moderator("Mia").await;
    let mut ada = camp.attendee("Ada").await;
    ada.client.patch("/api/v1/me", json!({"name": "Mia Moderator"})).await.ok();
    ada.client.patch("/api/v1/me", json!({"name": "Mia Moderator", "about": "Hi"})).await.ok();
    let path = format!("/api/v1/events/camp/audit?action=account.change&person={}", ada.id);
    let log = mia.client.get(&path).await.ok();
    let lines = log["items"].as_array().expect("lines");
    assert_eq!(lines.len(), 1, "only a name that changes: {log}");
    assert_eq!(lines[0]["details"], json!({"before": "Ada", "name": "Mia Moderator"}));
    assert_eq!(lines[0]["person"]["id"], json!(ada.id));
    let mut socket = camp.socket(&mia).await;
    let history = socket.ask("moderation.history", json!({"person": ada.id})).await.expect("it");
    assert_eq!(history["former_names"], json!(["Ada"]), "{history}");
}
