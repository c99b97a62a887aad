//! Importing and exporting people as tables.

use http::{Method, StatusCode};
use plenary::permission::Role;
use serde_json::{Value, json};

use super::{ADA, conference_with_mail, ticket_type};
use crate::support::client::Answer;
use crate::support::conference::Conference;
use crate::support::databases::{TestDatabase, on_each_database};
use crate::support::hub::{plenary, within};
use crate::support::people::TestPerson;
use crate::support::temporary::TemporaryFolder;

const IMPORT: &str = "/api/v1/events/camp/import/people";
const EXPORT: &str = "/api/v1/events/camp/export/people.csv";
const REGISTRATIONS: &str = "/api/v1/events/camp/registrations";

async fn import(conference: &mut Conference, query: &str, table: &str) -> Answer {
    let headers = [("content-type", "text/csv")];
    let path = format!("{IMPORT}{query}");
    let body = Some(table.as_bytes().to_vec());
    conference.organizer.client.ask(Method::POST, &path, &headers, body).await
}

/// Created, changed and unchanged, of an import that succeeded.
async fn imported(conference: &mut Conference, query: &str, table: &str) -> [u64; 3] {
    let report = import(conference, query, table).await.ok();
    ["created", "changed", "unchanged"].map(|name| report[name].as_u64().expect("a number"))
}

/// The registrations as organizers see them, by address.
async fn registrations(conference: &Conference) -> Vec<Value> {
    let page = conference.organizer.client.get(&format!("{REGISTRATIONS}?limit=200")).await.ok();
    let mut items = page["items"].as_array().expect("items").clone();
    items.sort_by_key(|item| item["email"].as_str().unwrap_or_default().to_owned());
    items
}

on_each_database!(
    a_table_is_imported_once_and_its_changes_later,
    thousands_of_rows_take_seconds,
    an_exported_table_is_imported_without_a_change,
);

async fn a_table_is_imported_once_and_its_changes_later(database: TestDatabase) {
    let (mut conference, _mail) = conference_with_mail(database).await;
    let ticket = ticket_type(&mut conference, 1).await;
    let table = "\u{feff}Vorname;Nachname;E-Mail;Firma;Ticket;Ticket-ID;Rolle\r\n\
                 Ada;Löwenstein;Ada@Example.org;\"Müller; Söhne\";ONE OF 1;T1;Speaker\r\n\
                 Bob;Brown;bob@example.org;;;T2;\r\n";
    assert_eq!(imported(&mut conference, "?dry_run=true", table).await, [2, 0, 0]);
    assert_eq!(registrations(&conference).await.len(), 0, "a dry run changes nothing");
    assert_eq!(imported(&mut conference, "", table).await, [2, 0, 0]);
    assert_eq!(imported(&mut conference, "", table).await, [0, 0, 2]);

    let ada = registrations(&conference).await.remove(0);
    assert_eq!(ada["email"], "Ada@Example.org");
    assert_eq!(ada["person"]["name"], "Ada Löwenstein");
    assert_eq!(ada["person"]["affiliation"], "Müller; Söhne");
    assert_eq!(ada["person"]["badge"], "speaker");
    assert_eq!(ada["external_id"], "T1");
    assert_eq!(ada["ticket_type"], json!(ticket));
    let event = conference.organizer.client.get("/api/v1/events/camp").await.ok();
    assert_eq!(event["ticket_types"][0]["remaining"], 0, "an import takes seats");

    let later = table.replace("bob@", "robert@").replace("Brown", "Braun").replace(";T2;", ";T2;x");
    let refused = import(&mut conference, "", &later).await;
    assert_eq!(refused.json()["errors"][0]["field"], "roles", "{}", refused.text);
    let later = later.replace(";T2;x", ";T2;");
    let report = import(&mut conference, "", &later).await.ok();
    assert_eq!(report["changes"], json!([{"row": 3, "what": ["email", "name"]}]));
    assert_eq!(registrations(&conference).await[1]["email"], "robert@example.org");
}

async fn thousands_of_rows_take_seconds(database: TestDatabase) {
    let (mut conference, _mail) = conference_with_mail(database).await;
    let mut table = "name,email,external_id\n".to_owned();
    for number in 0..5_000 {
        table.push_str(&format!("Person {number},person{number}@example.org,{number}\n"));
    }
    let begin = std::time::Instant::now();
    assert_eq!(imported(&mut conference, "", &table).await, [5_000, 0, 0]);
    assert_eq!(imported(&mut conference, "", &table).await, [0, 0, 5_000]);
    let renamed = table.replace("Person ", "Dr. ");
    assert_eq!(imported(&mut conference, "", &renamed).await, [0, 5_000, 0]);
    assert!(begin.elapsed().as_secs() < 60, "{:?}", begin.elapsed());

    let exported = conference.organizer.client.get(EXPORT).await;
    assert_eq!(exported.text.lines().count(), 5_001, "all pages of the export");
}

async fn an_exported_table_is_imported_without_a_change(database: TestDatabase) {
    let (mut conference, _mail) = conference_with_mail(database).await;
    let organizer = &mut conference.organizer.client;
    let fields = "/api/v1/events/camp/fields";
    organizer.post(fields, json!({"key": "food", "label": "Food", "kind": "long_text"})).await.ok();
    organizer
        .post(fields, json!({"key": "vegan", "label": "Vegan?", "kind": "checkbox"}))
        .await
        .ok();
    let table = "name,email,external_id,food,Vegan?,listed,languages,status\n\
                 =HYPERLINK(A1),+1@example.org,-7,\"+all\nof \"\"it\"\"\",ja,no,en pt-BR,paid\n\
                 Plain,plain@example.org,,,,,,storniert\n";
    assert_eq!(imported(&mut conference, "", table).await, [2, 0, 0]);
    let before = registrations(&conference).await;
    assert_eq!(before[0]["answers"], json!({"food": "+all\nof \"it\"", "vegan": true}));
    assert_eq!((&before[0]["listed"], &before[1]["status"]), (&json!(false), &json!("cancelled")));

    let exported = conference.organizer.client.get(EXPORT).await;
    assert_eq!(exported.headers["content-type"], "text/csv; charset=utf-8");
    for cell in [",'=HYPERLINK(A1),", ",'+1@example.org,", "'-7,", ",\"'+all\nof \"\"it\"\"\","] {
        assert!(exported.text.contains(cell), "{cell} in {}", exported.text);
    }
    assert_eq!(imported(&mut conference, "", &exported.text).await, [0, 0, 2]);
    assert_eq!(registrations(&conference).await, before);
}

#[tokio::test]
async fn a_table_with_errors_names_them_by_row_and_field_and_changes_nothing() {
    let mut conference = Conference::start().await;
    ticket_type(&mut conference, 3).await;
    let table = "name,email,ticket,role,listed,locale,status,id,ticket-id\n\
                 Ada,ada@example.org,One of 3,,,,,,1\n\
                 ,ada@,Two of 3,king,perhaps,german,lost,,\n\
                 Bob,Ada@example.org,,,,,,,1\n\
                 Eve,,,,,,,,\n\
                 Mallory,m@example.org,,,,,pending,,\n\
                 a,b,c,d,e,f,g,h,i,j\n";
    let refused = import(&mut conference, "", table).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert_eq!(refused.code(), "import.invalid");
    let mut places: Vec<String> = Vec::new();
    for error in refused.json()["errors"].as_array().expect("errors") {
        let text = |name: &str| error[name].as_str().unwrap_or("-").to_owned();
        places.push(format!("{} {}", text("row"), text("field")));
    }
    places.sort();
    let expected = [
        "3 email",
        "3 listed",
        "3 locale",
        "3 name",
        "3 roles",
        "3 ticket_type",
        "3, 6 status",
        "4 email",
        "4 external_id",
        "5 email",
        "7 -",
    ];
    assert_eq!(places, expected, "{}", refused.text);
    assert!(registrations(&conference).await.is_empty());

    let report = import(&mut conference, "?dry_run=true", table).await.ok();
    assert_eq!(report["error_count"], 11);
    let attendee = conference.attendee("Ada").await;
    assert_eq!(attendee.client.clone().post(IMPORT, json!({})).await.code(), "permission.denied");
    assert_eq!(attendee.client.get(EXPORT).await.code(), "permission.denied");
}

#[tokio::test]
async fn columns_can_be_mapped() {
    let mut conference = Conference::start().await;
    let table = "Kontakt|x,Wer\nada@example.org,Ada\n";
    let refused = import(&mut conference, "", table).await;
    assert!(
        refused.json()["errors"][0]["message"].as_str().expect("text").contains("COLUMN=email")
    );
    let query = "?map=Kontakt%7Cx%3Demail&map=Wer%3Dname";
    assert_eq!(imported(&mut conference, query, table).await, [1, 0, 0]);
    let unknown = import(&mut conference, "?mode=fast", table).await;
    assert_eq!(unknown.json()["field"], "mode");
}

#[tokio::test]
async fn a_table_cannot_take_over_an_account() {
    let (mut conference, _mail) = conference_with_mail(TestDatabase::sqlite()).await;
    conference.hub.signed_in(ADA).await;
    let table = format!("name,email,external_id\nEve,{ADA},7\n");
    assert_eq!(imported(&mut conference, "", &table).await, [1, 0, 0]);
    let ada = registrations(&conference).await.remove(0);
    assert_eq!(ada["person"]["name"], "ada", "whoever has signed in says who they are");

    let moved = table.replace(ADA, "eve@example.org");
    let refused = import(&mut conference, "", &moved).await;
    assert_eq!(refused.json()["errors"][0]["field"], "email", "{}", refused.text);
}

#[tokio::test]
async fn a_cancellation_in_a_table_ends_access_at_once() {
    let (mut conference, _mail) = conference_with_mail(TestDatabase::sqlite()).await;
    let table = format!("email,status\n{ADA},paid\n");
    assert_eq!(imported(&mut conference, "", &table).await, [1, 0, 0]);
    let ada = conference.hub.signed_in(ADA).await;
    let id = ada.get("/api/v1/me").await.ok()["id"].as_str().expect("an id").parse().expect("one");
    let person = TestPerson { id, client: ada };
    let mut socket = conference.socket(&person).await;
    let cancelled = table.replace("paid", "refunded");
    assert_eq!(imported(&mut conference, "", &cancelled).await, [0, 1, 0]);
    assert_eq!(socket.ended().await.0, 4201);

    let silent = table.replace(",status", "").replace(",paid", "");
    let report = import(&mut conference, "", &silent).await.ok();
    assert_eq!(report["unchanged"], 1, "a table that does not say it reinstates nobody");
    assert_eq!(report["warnings"][0]["row"], "2");
}

#[tokio::test]
async fn roles_that_only_grant_entry_end_with_a_cancelled_row() {
    let (mut conference, _mail) = conference_with_mail(TestDatabase::sqlite()).await;
    let (event, jana) = (conference.event, conference.attendee("Jana").await);
    let moderator = conference.moderator("Mo").await;
    conference.hub.grant(event, jana.id, Role::Speaker, None).await;
    let mut socket = conference.socket(&jana).await;
    let address = async |person: &TestPerson| {
        let me = person.client.get("/api/v1/me").await.ok();
        me["email"].as_str().expect("an address").to_owned()
    };
    let rows = [address(&jana).await, address(&moderator).await];
    let rows = rows.map(|address| format!("{address},cancelled,exhibitor\n")).concat();
    let table = format!("email,status,roles\n{rows}");
    let report = import(&mut conference, "", &table).await.ok();
    let said = report["warnings"].as_array().expect("warnings").iter();
    let said: Vec<_> = said.map(|one| one["message"].as_str().expect("a sentence")).collect();
    assert_eq!(
        said,
        [
            "The registration is cancelled: nobody becomes exhibitor by it.",
            "With the registration ends the role of speaker.",
            "The registration is cancelled: nobody becomes exhibitor by it.",
            "They are still let in as moderator. If they are not to be, take that role away, too.",
        ]
    );
    assert_eq!(socket.ended().await.0, 4201);
    let roles = conference.organizer.client.get("/api/v1/events/camp/roles").await.ok();
    let roles = roles["items"].as_array().expect("roles").iter().map(|one| one["role"].clone());
    assert_eq!(roles.collect::<Vec<_>>(), ["organizer", "moderator"]);
}

/// Runs the program on a data folder; its exit status and output, including errors.
async fn run(folder: &TemporaryFolder, arguments: &[&str]) -> (bool, String) {
    let mut command = plenary();
    command.args(arguments).arg("--data").arg(folder.path());
    let output = within(command.output()).await.expect("run plenary");
    let printed = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(printed).expect("UTF-8"))
}

#[tokio::test]
async fn the_command_line_does_the_same() {
    let folder = TemporaryFolder::new();
    let table = folder.path().join("people.csv");
    let table = table.to_str().expect("a path");
    let (done, printed) = run(&folder, &["person", "grant", ADA, "organizer", "--link"]).await;
    assert!(done && printed.contains("/sign-in#token="), "{printed}");
    let (done, printed) = run(&folder, &["import", "people", table, "--event", "camp"]).await;
    assert!(!done && printed.contains("cannot be read"), "{printed}");
    std::fs::write(table, "Name,Post,Nummer\nBob,bob@example.org,7\n").expect("a table");
    let (done, printed) = run(&folder, &["import", "people", table, "--event", "camp"]).await;
    assert!(!done && printed.contains("no event \"camp\""), "{printed}");

    let hub = crate::support::hub::HubProcess::start(&folder, &[]).await;
    let (_, printed) = run(&folder, &["person", "link", ADA]).await;
    let (_, token) = printed.trim().split_once("#token=").expect("a link");
    let mut client = crate::support::client::Client::new(hub.address);
    let own = [("origin", "")];
    let body = json!({"token": token}).to_string().into_bytes();
    let redeem = "/api/v1/sign-in/link/redeem";
    client.ask(Method::POST, redeem, &own, Some(body)).await.ok();
    let event = crate::events::new_event("camp").to_string().into_bytes();
    client.ask(Method::POST, "/api/v1/events", &own, Some(event)).await.ok();

    let mapped = ["--map", "Post=email", "--external-id", "Nummer"];
    let arguments = [&["import", "people", table, "--event", "camp"], mapped.as_slice()].concat();
    let (done, printed) = run(&folder, &arguments).await;
    assert!(done && printed.contains("1 people are new"), "{printed}");
    let (columns, _) = printed.split_once("1 rows").expect("a report");
    assert!(columns.contains("column “Post”: email\ncolumn “Nummer”: external_id\n"), "{printed}");
    let (_, printed) = run(&folder, &["export", "people", "--event", "camp"]).await;
    assert!(printed.contains("\n7,bob@example.org,Bob,"), "{printed}");
    let (_, printed) = run(&folder, &["person", "list"]).await;
    assert!(printed.contains("ada@example.org\tada\torganizer\teverywhere"), "{printed}");
}
