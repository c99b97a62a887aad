//! Schedules as programs really write them: merged from several sources, with repetitions, without
//! a zone, with HTML in them.

use serde_json::{Value, json};

use super::{AGENDA, IMPORT, camp, import};
use crate::support::client::Client;
use crate::support::databases::{TestDatabase, on_each_database};

/// A session of a half hour in the hall, that begins at this time.
fn session(number: u8, date: &str, changes: &Value) -> Value {
    let mut session = json!({
        "id": number, "guid": format!("5a3b1c00-0000-4000-8000-0000000000{number:02}"),
        "date": date, "start": &date[11..16], "duration": "00:30", "room": "Hall",
        "title": format!("Session {number}"), "abstract": "", "description": "", "persons": [],
    });
    for (field, value) in changes.as_object().expect("an object") {
        session[field] = value.clone();
    }
    session
}

/// A schedule with these sessions, by their days.
fn schedule(sessions: &[Value]) -> Value {
    let mut days: Vec<Value> = vec![];
    for session in sessions {
        let date = json!(&session["date"].as_str().expect("a date")[..10]);
        if days.last().is_none_or(|day| day["date"] != date) {
            days.push(json!({ "date": date, "rooms": { "Hall": [] } }));
        }
        let day = days.last_mut().expect("a day");
        day["rooms"]["Hall"].as_array_mut().expect("a list").push(session.clone());
    }
    json!({ "schedule": { "version": "1.0", "conference": {
        "title": "Sample Days", "time_zone_name": "Europe/Berlin", "days": days,
    } } })
}

/// The titles of each speaker's sessions, by the speakers' names.
fn sessions_of_speakers(agenda: &Value) -> Vec<(String, Vec<String>)> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let list = |value: &Value| value.as_array().expect("a list").clone();
    let sessions = list(&agenda["sessions"]);
    let speakers = list(&agenda["speakers"]).into_iter().map(|speaker| {
        let of = |session: &&Value| list(&session["speakers"]).contains(&speaker["id"]);
        let titles = sessions.iter().filter(of).map(|session| text(&session["title"]));
        (text(&speaker["name"]), titles.collect())
    });
    speakers.collect()
}

fn notes(report: &Value) -> String {
    report["warnings"].to_string()
}

async fn agenda(client: &Client) -> Value {
    client.get(AGENDA).await.ok()
}

on_each_database!(people_who_share_an_identifier_are_several, a_repetition_is_a_session_of_its_own);

async fn people_who_share_an_identifier_are_several(database: TestDatabase) {
    let (_hub, mut administrator, _) = camp(database).await;
    let organizer = &mut administrator.client;
    let persons = |list: &[(i64, &str)]| {
        let persons = list.iter().map(|(id, name)| json!({ "id": id, "public_name": name }));
        json!({ "persons": persons.collect::<Vec<_>>() })
    };
    let document = schedule(&[
        session(1, "2026-03-28T10:00:00+01:00", &persons(&[(0, "Amber One")])),
        session(2, "2026-03-28T11:00:00+01:00", &persons(&[(0, "Basil Two"), (0, "Cedar Three")])),
        session(3, "2026-03-28T12:00:00+01:00", &persons(&[(17, "Dahlia Four")])),
        session(4, "2026-03-28T13:00:00+01:00", &persons(&[(0, "Amber One")])),
    ]);
    let report = import(organizer, &document).await.ok();
    assert_eq!(report["created"]["speakers"], 4);
    let before = agenda(organizer).await;
    let of = |name: &str, sessions: &[&str]| {
        (name.to_owned(), sessions.iter().map(|title| (*title).to_owned()).collect::<Vec<_>>())
    };
    assert_eq!(
        sessions_of_speakers(&before),
        [
            of("Amber One", &["Session 1", "Session 4"]),
            of("Basil Two", &["Session 2"]),
            of("Cedar Three", &["Session 2"]),
            of("Dahlia Four", &["Session 3"]),
        ]
    );
    import(organizer, &document).await.ok();
    assert_eq!(agenda(organizer).await, before, "the same again changes nothing");
}

async fn a_repetition_is_a_session_of_its_own(database: TestDatabase) {
    let (_hub, mut administrator, _) = camp(database).await;
    let organizer = &mut administrator.client;
    let tour = json!({ "title": "Guided tour" });
    let mut sessions = [
        session(1, "2026-03-28T10:00:00+01:00", &tour),
        session(2, "2026-03-28T11:00:00+01:00", &json!({})),
        session(1, "2026-03-29T10:00:00+02:00", &tour),
    ];
    let report = import(organizer, &schedule(&sessions)).await.ok();
    assert_eq!(report["created"]["sessions"], 3);
    assert!(notes(&report).contains("guid is repeated"), "{report}");
    let before = agenda(organizer).await;
    let again = import(organizer, &schedule(&sessions)).await.ok();
    assert_eq!(again["unchanged"], 3);
    assert_eq!(agenda(organizer).await, before);

    let ids = |agenda: &Value| {
        let sessions = agenda["sessions"].as_array().expect("sessions").clone();
        let mut ids: Vec<_> = sessions
            .iter()
            .map(|one| (one["id"].to_string(), one["starts_at"].as_i64().expect("a time")))
            .collect();
        ids.sort();
        ids
    };
    sessions[0]["date"] = json!("2026-03-28T15:00:00+01:00");
    sessions[0]["start"] = json!("15:00");
    let moved = import(organizer, &schedule(&sessions)).await.ok();
    assert_eq!((&moved["updated"]["sessions"], &moved["unchanged"]), (&json!(1), &json!(2)));
    let hours: i64 = 5 * 3_600_000;
    let expected = ids(&before)
        .into_iter()
        .map(|(id, at)| (id, if at == 1_774_688_400_000 { at + hours } else { at }));
    let mut expected: Vec<_> = expected.collect();
    expected.sort();
    assert_eq!(ids(&agenda(organizer).await), expected);
}

#[tokio::test]
async fn what_is_only_shown_is_no_reason_to_refuse_a_programme() {
    let (_hub, mut administrator, _) = camp(TestDatabase::sqlite()).await;
    let long = "long ".repeat(20_000);
    let changes = json!({
        "title": long, "subtitle": long, "abstract": long, "description": long, "language": long,
        "type": long, "track": long, "persons": [{ "id": 1, "name": long, "biography": long }],
        "url": long,
    });
    let mut document = schedule(&[session(1, "2026-03-28T10:00:00+01:00", &changes)]);
    document["schedule"]["version"] = json!(long);
    document["schedule"]["conference"]["time_zone_name"] = json!("Atlantis");
    let report = import(&mut administrator.client, &document).await.ok();
    assert_eq!(report["created"]["sessions"], 1);
    let version = report["event"]["schedule_version"].as_str().expect("a version");
    assert!(version.ends_with('…') && version.chars().count() <= 200);
    assert!(notes(&report).contains("Atlantis"), "{report}");
}

#[tokio::test]
async fn markup_reads_as_text() {
    let (_hub, mut administrator, _) = camp(TestDatabase::sqlite()).await;
    let organizer = &mut administrator.client;
    let html = json!({
        "title": "Q&amp;A",
        "abstract": "Bring a laptop.<br />Tea &amp; cake afterwards.",
        "description": "<p>Read <a href=\"https://docs.example/paper\">the paper</a> first.</p>\r\n\
                        <ul>\r\n<li>one</li>\r\n<li>two</li>\r\n</ul><script>alert(1)</script>",
        "persons": [{ "id": 1, "name": "Ada", "biography": "Writes **Rust**." }],
    });
    let plain = json!({ "description": "Slides: https://docs.example/slides" });
    let document = schedule(&[
        session(1, "2026-03-28T10:00:00+01:00", &html),
        session(2, "2026-03-28T11:00:00+01:00", &plain),
    ]);
    import(organizer, &document).await.ok();
    let agenda = agenda(organizer).await;
    let first = &agenda["sessions"][0];
    assert_eq!(first["title"], "Q&A");
    assert_eq!(first["abstract"], "Bring a laptop.\nTea & cake afterwards.");
    assert_eq!(
        first["description"],
        "Read [the paper](https://docs.example/paper) first.\n\n- one\n- two"
    );
    assert_eq!(agenda["speakers"][0]["biography"], "Writes **Rust**.");
    assert_eq!(agenda["sessions"][1]["description"], "Slides: https://docs.example/slides");
}

#[tokio::test]
async fn a_broken_row_can_be_left_out() {
    let (_hub, mut administrator, _) = camp(TestDatabase::sqlite()).await;
    let organizer = &mut administrator.client;
    let mut sessions = [1, 2, 3]
        .map(|number| session(number, &format!("2026-03-28T1{number}:00:00+01:00"), &json!({})));
    import(organizer, &schedule(&sessions)).await.ok();
    sessions[0]["title"] = json!("Renamed");
    sessions[1]["duration"] = json!("a while");
    let document = schedule(&sessions[..2]);
    assert_eq!(import(organizer, &document).await.code(), "import.invalid");

    let report = organizer.post(&format!("{IMPORT}?skip_broken=true"), document).await.ok();
    assert_eq!(
        (&report["updated"]["sessions"], &report["cancelled_count"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(
        report["left_out"],
        json!([{
            "row": "day 1, room Hall, event 2 “Session 2”", "field": "duration",
            "message": "\"a while\" is no duration like 01:30.",
        }])
    );
    let states = agenda(organizer).await["sessions"]
        .as_array()
        .expect("sessions")
        .iter()
        .map(|session| (session["title"].clone(), session["state"].clone()))
        .collect::<Vec<_>>();
    let scheduled = |title: &str| (json!(title), json!("scheduled"));
    let gone = (json!("Session 3"), json!("cancelled"));
    assert_eq!(
        states,
        [scheduled("Renamed"), scheduled("Session 2"), gone],
        "what is broken stays"
    );
}
