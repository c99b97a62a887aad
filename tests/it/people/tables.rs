//! Tables of people as programs really write them, and what organizers are told of them.

use http::Method;
use serde_json::{Value, json};

use super::{conference_with_mail, ticket_type};
use crate::support::client::Answer;
use crate::support::conference::Conference;
use crate::support::databases::TestDatabase;

const IMPORT: &str = "/api/v1/events/camp/import/people";

async fn import(conference: &mut Conference, query: &str, table: &str) -> Answer {
    let headers = [("content-type", "text/csv")];
    let body = Some(table.as_bytes().to_vec());
    let path = format!("{IMPORT}{query}");
    conference.organizer.client.ask(Method::POST, &path, &headers, body).await
}

fn messages(report: &Value) -> Vec<String> {
    let notes = report["warnings"].as_array().expect("warnings").iter();
    notes.map(|note| note["message"].as_str().expect("a sentence").to_owned()).collect()
}

#[tokio::test]
async fn a_line_that_names_the_separator_is_no_header() {
    let mut conference = Conference::start().await;
    let table = "sep=;\nE-Mail;Name\namber@people.example;Amber One\n";
    let report = import(&mut conference, "", table).await.ok();
    assert_eq!((&report["rows"], &report["created"]), (&json!(1), &json!(1)));
}

#[tokio::test]
async fn what_the_columns_are_taken_for_is_told() {
    let mut conference = Conference::start().await;
    let table = "E-Mail;Vorname;Nachname;Bemerkung\namber@people.example;Amber;One;x\n";
    let report = import(&mut conference, "?dry_run=true", table).await.ok();
    assert_eq!(
        report["columns"],
        json!([
            { "header": "E-Mail", "holds": "email" },
            { "header": "Vorname", "holds": "first_name" },
            { "header": "Nachname", "holds": "last_name" },
            { "header": "Bemerkung" },
        ])
    );
    let unclear = table.replace("E-Mail", "Kontakt");
    let report = import(&mut conference, "?dry_run=true", &unclear).await.ok();
    assert_eq!(report["columns"][0], json!({ "header": "Kontakt" }));
    assert_eq!(report["error_count"], 1);
}

#[tokio::test]
async fn a_ticket_that_is_missing_is_one_error() {
    let mut conference = Conference::start().await;
    ticket_type(&mut conference, 3).await;
    let mut table = "email,name,ticket\n".to_owned();
    for number in 0..500 {
        table.push_str(&format!("p{number}@people.example,P {number},Early bird\n"));
    }
    table.push_str("q@people.example,Q,Late bird\n");
    let refused = import(&mut conference, "", &table).await;
    let errors = refused.json()["errors"].clone();
    assert_eq!(errors.as_array().expect("errors").len(), 2, "{errors}");
    assert_eq!(errors[0]["row"], "2, 3, 4, 5, 6 and 495 others");
    assert_eq!(errors[0]["field"], "ticket_type");
    assert!(errors[0]["message"].as_str().expect("text").contains("Early bird"), "{errors}");
    assert_eq!(errors[1]["row"], "502");
    assert!(refused.text.contains("The table has 2 errors"), "{}", refused.text);
}

#[tokio::test]
async fn more_people_than_tickets_are_told_of() {
    let (mut conference, _mail) = conference_with_mail(TestDatabase::sqlite()).await;
    ticket_type(&mut conference, 2).await;
    let table = "email,name,ticket\n\
                 a@people.example,A,One of 2\nb@people.example,B,One of 2\n\
                 c@people.example,C,One of 2\nd@people.example,D,One of 2\n";
    let planned = import(&mut conference, "?dry_run=true", table).await.ok();
    let done = import(&mut conference, "", table).await.ok();
    for report in [planned, done] {
        let told = messages(&report);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(
            told[0].starts_with(
                "There are only 2 of “One of 2”, and 2 left: with these 4 it is 2 more"
            ),
            "{told:?}"
        );
    }
    let again = import(&mut conference, "", table).await.ok();
    assert_eq!(messages(&again), Vec::<String>::new(), "nobody is added");
    let few = "email,name,ticket,status\nd@people.example,D,One of 2,cancelled\n";
    assert_eq!(messages(&import(&mut conference, "", few).await.ok()), Vec::<String>::new());
}

#[tokio::test]
async fn imported_people_are_in_the_directory_only_when_they_choose_to_be() {
    let (mut conference, _mail) = conference_with_mail(TestDatabase::sqlite()).await;
    let table = "email,name\namber@people.example,Amber One\n";
    import(&mut conference, "", table).await.ok();
    let names = async |conference: &Conference| {
        let people = conference.organizer.client.get("/api/v1/events/camp/people").await.ok();
        let people = people["items"].as_array().expect("people").clone();
        people.iter().map(|person| person["name"].clone()).collect::<Vec<_>>()
    };
    let amber = conference.hub.signed_in("amber@people.example").await;
    assert!(!names(&conference).await.contains(&json!("Amber One")));
    let own = "/api/v1/events/camp/registration";
    assert_eq!(amber.get(own).await.ok()["listed"], false);
    amber.clone().patch(own, json!({ "listed": true })).await.ok();
    assert!(names(&conference).await.contains(&json!("Amber One")));
    // A later table that does not say it changes nothing of what they chose.
    import(&mut conference, "", &table.replace("Amber One", "Amber")).await.ok();
    assert!(!names(&conference).await.is_empty());
    assert_eq!(amber.get(own).await.ok()["listed"], true);
}

#[tokio::test]
async fn who_registers_without_a_word_is_not_in_the_directory() {
    let (conference, _mail) = conference_with_mail(TestDatabase::sqlite()).await;
    let mut ada = conference.hub.signed_in("ada@people.example").await;
    let answer = ada
        .post("/api/v1/events/camp/registrations", json!({ "name": "Ada", "consent": true }))
        .await;
    assert!(answer.status.is_success(), "{}", answer.text);
    assert_eq!(ada.get("/api/v1/events/camp/registration").await.ok()["listed"], false);
}
