//! Who is the same person, and who only looks the same.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{ADA, conference_with_mail, ticket_type};
use crate::support::conference::Conference;
use crate::support::databases::{TestDatabase, on_each_database};

const REGISTRATIONS: &str = "/api/v1/events/camp/registrations";
const WRITTEN: &str = "iris@bücher.example";
const ASCII: &str = "iris@xn--bcher-kva.example";

on_each_database!(
    an_international_address_is_one_person_however_it_is_written,
    a_second_click_on_the_last_ticket_tells_its_owner,
    two_clicks_at_once_take_one_ticket,
);

async fn an_international_address_is_one_person_however_it_is_written(database: TestDatabase) {
    let (mut conference, mut mail) = conference_with_mail(database).await;
    let body = json!({"email": "Iris@BÜCHER.example", "name": "Iris"});
    let mut iris = conference.hub.client();
    let answer = iris.post(REGISTRATIONS, body).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
    let token = mail.token(&ASCII.replace("iris", "Iris")).await;
    let me = iris.post("/api/v1/sign-in/link/redeem", json!({"token": token})).await.ok();
    assert_eq!(me["email"], "Iris@bücher.example", "people read it as it was written");

    for spelling in [WRITTEN, ASCII, "iris@BU\u{308}CHER.example"] {
        let mut client = conference.hub.client();
        client.post("/api/v1/sign-in/link", json!({"email": spelling})).await.ok();
        let token = mail.token(ASCII).await;
        let again = client.post("/api/v1/sign-in/link/redeem", json!({"token": token})).await.ok();
        assert_eq!(again["id"], me["id"], "{spelling}");
    }

    let organizer = &mut conference.organizer.client;
    for spelling in [WRITTEN, ASCII] {
        let table = format!("name,email\nIris,{spelling}\n").into_bytes();
        let headers = [("content-type", "text/csv")];
        let path = "/api/v1/events/camp/import/people";
        let report = organizer.ask(Method::POST, path, &headers, Some(table)).await.ok();
        assert_eq!((&report["created"], &report["unchanged"]), (&json!(0), &json!(1)), "{report}");
    }
    let twice = format!("name,email\nIris,{WRITTEN}\nIris,{ASCII}\n").into_bytes();
    let headers = [("content-type", "text/csv")];
    let path = "/api/v1/events/camp/import/people";
    let refused = organizer.ask(Method::POST, path, &headers, Some(twice)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    let found =
        organizer.get(&format!("{REGISTRATIONS}?search=iris@b%C3%BCcher.example")).await.ok();
    assert_eq!(found["items"].as_array().expect("items").len(), 1, "{found}");
}

async fn a_second_click_on_the_last_ticket_tells_its_owner(database: TestDatabase) {
    let (mut conference, mut mail) = conference_with_mail(database).await;
    let ticket = ticket_type(&mut conference, 1).await;
    let mut ada = conference.hub.signed_in(ADA).await;
    let body = json!({"ticket_type": ticket});
    ada.post(REGISTRATIONS, body.clone()).await.ok();
    let again = ada.post(REGISTRATIONS, body.clone()).await;
    assert_eq!(again.code(), "registration.exists", "{}", again.text);
    let mut bob = conference.hub.signed_in("bob@example.org").await;
    assert_eq!(bob.post(REGISTRATIONS, body).await.code(), "ticket.sold_out");

    // In another browser only the mailbox is told.
    let form = json!({"email": ADA, "name": "Ada", "ticket_type": ticket});
    let elsewhere = conference.hub.client().post(REGISTRATIONS, form).await;
    assert_eq!(elsewhere.code(), "ticket.sold_out");
    assert!(mail.next(ADA).await.text().contains("already registered"));
}

async fn two_clicks_at_once_take_one_ticket(database: TestDatabase) {
    let (mut conference, _mail) = conference_with_mail(database).await;
    let ticket = ticket_type(&mut conference, 1).await;
    let ada = conference.hub.signed_in(ADA).await;
    let clicks = (0..6).map(|_| {
        let (mut ada, body) = (ada.clone(), json!({"ticket_type": ticket}));
        async move { ada.post(REGISTRATIONS, body).await }
    });
    let answers = futures_util::future::join_all(clicks).await;
    let made = answers.iter().filter(|answer| answer.status == StatusCode::CREATED).count();
    assert_eq!(made, 1);
    for answer in answers.iter().filter(|answer| answer.status != StatusCode::CREATED) {
        assert_eq!(answer.code(), "registration.exists", "{}", answer.text);
    }
}

#[tokio::test]
async fn a_held_ticket_is_not_sold_out_for_its_owner() {
    let (mut conference, _mail) = conference_with_mail(TestDatabase::sqlite()).await;
    let ticket = ticket_type(&mut conference, 1).await;
    let form = json!({"email": ADA, "name": "Ada", "ticket_type": ticket});
    conference.hub.client().post(REGISTRATIONS, form).await.ok();
    let mut ada = conference.hub.signed_in(ADA).await;
    let made = ada.post(REGISTRATIONS, json!({"ticket_type": ticket})).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
}

/// The card by which others see somebody.
async fn card(conference: &Conference, id: impl std::fmt::Display) -> Value {
    let path = format!("/api/v1/events/camp/people/{id}");
    conference.organizer.client.get(&path).await.ok()
}

#[tokio::test]
async fn a_name_holds_nothing_that_nobody_sees() {
    let conference = Conference::start().await;
    let mut eve = conference.attendee("Eve").await;
    for hidden in ["\u{200b}", "\u{2060}", "\u{200d}", "\u{ad}", "\u{e0041}", "\u{feff}"] {
        let name = format!("Mo{hidden}derator");
        let me = eve.client.patch("/api/v1/me", json!({"name": name})).await.ok();
        assert_eq!(me["profile"]["name"], "Moderator", "{hidden:?}");
        let affiliation = json!({"affiliation": format!("The{hidden} team")});
        let me = eve.client.patch("/api/v1/me", affiliation).await.ok();
        assert_eq!(me["profile"]["affiliation"], "The team", "{hidden:?}");
    }
    let me = eve.client.patch("/api/v1/me", json!({"name": "Eve 👩🏽‍💻"})).await.ok();
    assert_eq!(me["profile"]["name"], "Eve 👩🏽‍💻");
    let nothing = eve.client.patch("/api/v1/me", json!({"name": "\u{200b}\u{2060}"})).await;
    assert_eq!(nothing.json()["field"], "name", "{}", nothing.text);
}

#[tokio::test]
async fn a_card_says_as_which_letters_its_name_is_read() {
    let conference = Conference::start().await;
    let ada = conference.attendee("Ada").await;
    assert_eq!(card(&conference, ada.id).await["reading"], Value::Null);
    // The first letter is Cyrillic.
    let eve = conference.attendee("Аda").await;
    assert_eq!(card(&conference, eve.id).await["reading"], "Ada");
    let (_socket, welcome) = conference.greeted(&eve).await;
    assert_eq!(welcome["person"]["reading"], "Ada", "{welcome}");
}
