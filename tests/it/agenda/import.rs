//! Importing a schedule over REST.

use http::Method;
use serde_json::{Value, json};

use super::{AGENDA, FRAB, IMPORT, PRETALX, camp, dry_run, frab, import, sessions};
use crate::support::client::Client;
use crate::support::databases::{TestDatabase, on_each_database};

/// The sessions as title, room, state, by title.
async fn overview(client: &Client) -> Vec<(String, String, String)> {
    let agenda = client.get(AGENDA).await.ok();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let room = |id: &Value| {
        let rooms = agenda["rooms"].as_array().expect("rooms").iter();
        rooms
            .clone()
            .find(|room| room["id"] == *id)
            .map_or(String::new(), |room| text(&room["name"]))
    };
    let sessions = agenda["sessions"].as_array().expect("sessions").iter();
    let mut list: Vec<_> = sessions
        .map(|session| (text(&session["title"]), room(&session["room"]), text(&session["state"])))
        .collect();
    list.sort();
    list
}

fn line(title: &str, room: &str, state: &str) -> (String, String, String) {
    (title.to_owned(), room.to_owned(), state.to_owned())
}

on_each_database!(a_schedule_is_imported_and_imported_again);
async fn a_schedule_is_imported_and_imported_again(database: TestDatabase) {
    let (hub, mut administrator, _) = camp(database).await;
    let organizer = &mut administrator.client;

    let first = import(organizer, &frab()).await.ok();
    assert_eq!(first["created"], json!({ "rooms": 2, "tracks": 2, "sessions": 4, "speakers": 3 }));
    assert_eq!(first["event"]["created"], false);
    let agenda = hub.client().get(AGENDA).await.ok();
    assert_eq!(agenda["days"], json!(["2027-06-04", "2027-06-05"]));
    let cranes = &agenda["sessions"][1];
    assert_eq!(cranes["title"], "Cranes that talk");
    assert_eq!(cranes["starts_at"], 1_812_099_600_000_i64);
    assert_eq!(cranes["ends_at"], 1_812_103_200_000_i64);
    assert_eq!(cranes["description"], "With *live* traces.\nBring a cable.");
    let name = |id: &Value| {
        let speakers = agenda["speakers"].as_array().expect("speakers").iter();
        speakers.clone().find(|speaker| speaker["id"] == *id).expect("a speaker")["name"].clone()
    };
    let speakers: Vec<_> =
        cranes["speakers"].as_array().expect("a list").iter().map(name).collect();
    assert_eq!(speakers, ["Jiro Lindqvist", "Hanne Okafor"]);
    let rooms = organizer.get("/api/v1/events/camp/rooms").await.ok();
    assert!(rooms["items"][0]["channel"].is_string(), "a room that can be talked in");

    let again = import(organizer, &frab()).await.ok();
    assert_eq!(again["unchanged"], 4);
    assert_eq!(again["created"], json!({ "rooms": 0, "tracks": 0, "sessions": 0, "speakers": 0 }));
    assert_eq!(hub.client().get(AGENDA).await.ok(), agenda, "not even a new version");
}

on_each_database!(moved_renamed_and_cancelled_sessions_are_reported_and_applied);
async fn moved_renamed_and_cancelled_sessions_are_reported_and_applied(database: TestDatabase) {
    let (hub, mut administrator, _) = camp(database).await;
    let organizer = &mut administrator.client;
    import(organizer, &frab()).await.ok();
    let before = hub.client().get(AGENDA).await.ok();

    let mut second = frab();
    let mut moved = sessions(&mut second, 0, "Quay").remove(1);
    moved["title"] = json!("Cranes that listen");
    moved["date"] = json!("2027-06-04T14:00:00+02:00");
    moved["start"] = json!("14:00");
    moved["room"] = json!("Loft");
    moved["persons"] = json!([{ "id": 14, "public_name": "Noor Falk" }]);
    sessions(&mut second, 0, "Loft").push(moved);
    sessions(&mut second, 1, "Quay").clear();

    let planned = dry_run(organizer, &second).await.ok();
    assert_eq!(hub.client().get(AGENDA).await.ok(), before, "a dry run changes nothing");
    let done = import(organizer, &second).await.ok();
    for report in [&planned, &done] {
        assert_eq!(
            report["changed"][0]["what"],
            json!(["renamed", "moved", "retimed", "speakers"])
        );
        assert_eq!(report["changed"][0]["before"]["room"], "Quay");
        assert_eq!(report["changed"][0]["after"]["room"], "Loft");
        assert_eq!(report["cancelled"][0]["title"], "Tides in a spreadsheet");
        assert_eq!((&report["cancelled_count"], &report["unchanged"]), (&json!(1), &json!(2)));
        // The speaker of the cancelled session stays with it; the other is needed no more.
        assert_eq!(
            (&report["created"]["speakers"], &report["removed"]["speakers"]),
            (&json!(1), &json!(1))
        );
    }
    assert_eq!((&planned["dry_run"], &done["dry_run"]), (&json!(true), &json!(false)));
    assert_eq!(
        overview(&hub.client()).await,
        [
            line("Cranes that listen", "Loft", "scheduled"),
            line("Nachtfahrt", "Loft", "scheduled"),
            line("Tides in a spreadsheet", "Quay", "cancelled"),
            line("Welcome aboard", "Quay", "scheduled"),
        ]
    );

    let back = import(organizer, &frab()).await.ok();
    let what: Vec<_> =
        back["changed"].as_array().expect("a list").iter().map(|c| &c["what"]).collect();
    assert!(what.contains(&&json!(["reinstated"])), "{what:?}");
    let after = hub.client().get(AGENDA).await.ok();
    let ids = |agenda: &Value| {
        let sessions = agenda["sessions"].as_array().expect("sessions").iter();
        sessions.map(|session| (session["guid"].clone(), session["id"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(ids(&after), ids(&before), "a session keeps its id, so that stars stay");
}

#[tokio::test]
async fn a_schedule_of_the_other_kind() {
    let (hub, mut administrator, _) = camp(TestDatabase::sqlite()).await;
    let document = serde_json::from_str(PRETALX).expect("JSON");
    let report = import(&mut administrator.client, &document).await.ok();
    assert_eq!(report["created"], json!({ "rooms": 2, "tracks": 2, "sessions": 2, "speakers": 2 }));
    let warnings = report["warnings"].to_string();
    assert!(warnings.contains("share a guid"), "{warnings}");
    assert!(warnings.contains("Its title stays “Summer Camp”"), "{warnings}");
    assert!(warnings.contains("Its time zone stays Europe/Berlin"), "{warnings}");
    assert!(warnings.contains("2 sessions are outside of its dates"), "{warnings}");
    let agenda = hub.client().get(AGENDA).await.ok();
    assert_eq!(agenda["tracks"][0]["color"], "#2e7d32");
    let edda = agenda["speakers"].as_array().expect("speakers").iter();
    let edda = edda.clone().find(|speaker| speaker["name"] == "Edda Solheim").expect("a speaker");
    assert!(edda.get("picture").is_none(), "no browser is sent to another host");
}

#[tokio::test]
async fn a_bad_schedule_changes_nothing_and_every_error_is_reported() {
    let (hub, mut administrator, _) = camp(TestDatabase::sqlite()).await;
    let organizer = &mut administrator.client;
    import(organizer, &frab()).await.ok();
    let before = hub.client().get(AGENDA).await.ok();

    let mut bad = frab();
    sessions(&mut bad, 0, "Quay")[0]["title"] = json!("Changed all the same?");
    sessions(&mut bad, 0, "Quay")[1]["duration"] = json!("eleven");
    sessions(&mut bad, 1, "Quay")[0]["date"] = json!("2027-06-31T10:00:00+02:00");
    let answer = import(organizer, &bad).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (422, "import.invalid"));
    let errors = answer.json()["errors"].clone();
    assert_eq!(
        errors[0],
        json!({
            "row": "day 1, room Quay, event 2 “Cranes that talk”", "field": "duration",
            "message": "\"eleven\" is no duration like 01:30.",
        })
    );
    assert_eq!(errors[1]["row"], "day 2, room Quay, event 1 “Tides in a spreadsheet”");
    assert_eq!(errors[1]["field"], "date");
    assert_eq!(errors.as_array().expect("a list").len(), 2);

    let mut empty = frab();
    empty["schedule"]["conference"]["days"] = json!([]);
    let answer = import(organizer, &empty).await;
    assert_eq!(answer.status, 422, "an empty schedule would cancel everything");
    for body in [&b""[..], b"<schedule/>", b"{\"schedule\":", &FRAB.as_bytes()[..FRAB.len() / 2]] {
        let answer = organizer.ask(Method::POST, IMPORT, &[], Some(body.to_vec())).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (422, "import.invalid"));
    }
    assert_eq!(hub.client().get(AGENDA).await.ok(), before);
}

#[tokio::test]
async fn another_conferences_schedule_does_not_cancel_everything_by_mistake() {
    let (hub, mut administrator, _) = camp(TestDatabase::sqlite()).await;
    let organizer = &mut administrator.client;
    import(organizer, &frab()).await.ok();
    let before = hub.client().get(AGENDA).await.ok();
    let other: Value = serde_json::from_str(PRETALX).expect("JSON");
    let refused = import(organizer, &other).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (422, "import.invalid"));
    assert!(refused.text.contains("None of the event's 4 sessions is in it"), "{}", refused.text);
    assert_eq!(hub.client().get(AGENDA).await.ok(), before);

    let report = organizer.post(&format!("{IMPORT}?replace=true"), other).await.ok();
    assert_eq!(
        (&report["cancelled_count"], &report["created"]["sessions"]),
        (&json!(4), &json!(2))
    );
}

#[tokio::test]
async fn a_document_that_is_too_large_is_refused() {
    let (_hub, mut administrator, _) = camp(TestDatabase::sqlite()).await;
    let body = vec![b' '; 33 << 20];
    let answer = administrator.client.ask(Method::POST, IMPORT, &[], Some(body)).await;
    assert_eq!(answer.status, 413);
}

#[tokio::test]
async fn only_organizers_import() {
    let (hub, _administrator, event) = camp(TestDatabase::sqlite()).await;
    let mut stranger = hub.client();
    assert_eq!(import(&mut stranger, &frab()).await.status, 401);
    let mut moderator = hub.person("Moderator").await;
    hub.grant(event, moderator.id, plenary::permission::Role::Moderator, None).await;
    assert_eq!(import(&mut moderator.client, &frab()).await.status, 403);
    assert_eq!(hub.client().get(AGENDA).await.ok()["sessions"], json!([]));
}

#[tokio::test]
async fn a_misspelt_dry_run_does_not_import() {
    let (hub, mut administrator, _) = camp(TestDatabase::sqlite()).await;
    for query in ["dryrun=true", "dry_run=maybe"] {
        let answer = administrator.client.post(&format!("{IMPORT}?{query}"), frab()).await;
        assert_eq!(answer.status, 422, "{query}");
    }
    assert_eq!(hub.client().get(AGENDA).await.ok()["sessions"], json!([]));
}

on_each_database!(existing_rooms_are_reused_and_missing_rooms_are_kept);
async fn existing_rooms_are_reused_and_missing_rooms_are_kept(database: TestDatabase) {
    let (_hub, mut administrator, _) = camp(database).await;
    let organizer = &mut administrator.client;
    let rooms = "/api/v1/events/camp/rooms";
    let quay = organizer.post(rooms, json!({ "name": "quay", "capacity": 9 })).await.ok();
    let report = import(organizer, &frab()).await.ok();
    assert_eq!(report["created"]["rooms"], 1);
    assert_eq!(report["rooms_renamed"], json!([{ "before": "quay", "after": "Quay" }]));
    let now = organizer.get(rooms).await.ok();
    assert_eq!((&now["items"][0]["id"], &now["items"][0]["capacity"]), (&quay["id"], &json!(9)));

    let mut second = frab();
    for day in 0..2 {
        let rooms = &mut second["schedule"]["conference"]["days"][day]["rooms"];
        let loft = rooms.as_object_mut().expect("an object").remove("Loft").expect("a room");
        rooms["Attic"] = loft;
    }
    let report = import(organizer, &second).await.ok();
    assert_eq!(report["rooms_missing"], json!(["Loft"]));
    let names: Vec<_> = organizer.get(rooms).await.ok()["items"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|room| room["name"].clone())
        .collect();
    assert_eq!(names, ["Quay", "Loft", "Attic"]);
}

/// As many sessions as a schedule may have, in one go.
#[tokio::test]
async fn twenty_thousand_sessions_are_imported() {
    let (hub, mut administrator, _) = camp(TestDatabase::sqlite()).await;
    let mut document = frab();
    let list = sessions(&mut document, 0, "Quay");
    let model = list[0].clone();
    list.clear();
    for number in 0..19_998 {
        let mut session = model.clone();
        session["guid"] = json!(format!("guid-{number}"));
        list.push(session);
    }
    let body = document.to_string().into_bytes();
    let report = administrator.client.ask(Method::POST, IMPORT, &[], Some(body)).await.ok();
    assert_eq!(report["created"]["sessions"], 20_000);
    let agenda = hub.client().get(AGENDA).await.ok();
    assert_eq!(agenda["sessions"].as_array().expect("a list").len(), 20_000);
}
