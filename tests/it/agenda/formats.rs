//! The formats of other programs, by the command line and over REST.

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::Query;
use axum::routing::get;
use http::Method;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::task::AbortOnDropHandle;

use super::command::{file, printed, refused, run, text};
use super::{AGENDA, FOSDEM, IMPORT, REST, camp, import};
use crate::support::databases::TestDatabase;
use crate::support::temporary::TemporaryFolder;

const PRETALX_XML: &str = include_str!("../data/schedules/pretalx.xml");

/// Title, start in minutes since the first, length in minutes, room, and speakers, of each session.
fn shown(agenda: &Value) -> Vec<(String, i64, i64, String, Vec<String>)> {
    let name = |list: &str, id: &Value| {
        let found = agenda[list].as_array().expect("a list").iter().find(|one| one["id"] == *id);
        found.map(|one| one["name"].as_str().expect("a name").to_owned()).unwrap_or_default()
    };
    let sessions = agenda["sessions"].as_array().expect("sessions");
    let time = |session: &Value, field: &str| session[field].as_i64().expect("a time") / 60_000;
    let first = sessions.iter().map(|session| time(session, "starts_at")).min().unwrap_or(0);
    let each = sessions.iter().map(|session| {
        let start = time(session, "starts_at");
        let speakers = session["speakers"].as_array().expect("a list").iter();
        (
            session["title"].as_str().expect("a title").to_owned(),
            start - first,
            time(session, "ends_at") - start,
            name("rooms", &session["room"]),
            speakers.map(|id| name("speakers", id)).collect(),
        )
    });
    each.collect()
}

fn line(
    title: &str,
    start: i64,
    length: i64,
    room: &str,
    speakers: &[&str],
) -> (String, i64, i64, String, Vec<String>) {
    let speakers = speakers.iter().map(|name| (*name).to_owned()).collect();
    (title.to_owned(), start, length, room.to_owned(), speakers)
}

#[tokio::test]
async fn xml_of_both_kinds_is_read() {
    let day = 24 * 60;
    for (document, expected) in [
        (
            FOSDEM,
            vec![
                line("Scythes & sickles", 0, 50, "Hay (1.01)", &["Ida Halm", "Ole Schnitt"]),
                // An hour less by the clock: the night between is the one in which it changes.
                line("Ricks", day - 60, 90, "Straw (2.02)", &["Ida Halm"]),
            ],
        ),
        (
            PRETALX_XML,
            vec![
                line("Windfall, an exhibition", 0, day, "Press", &["Ruth Apfel"]),
                line("Grafting", 60, 30, "Press", &[]),
            ],
        ),
    ] {
        let (_hub, mut administrator, _) = camp(TestDatabase::sqlite()).await;
        let organizer = &mut administrator.client;
        let body = || Some(document.as_bytes().to_vec());
        organizer.ask(Method::POST, IMPORT, &[], body()).await.ok();
        let agenda = organizer.get(AGENDA).await.ok();
        assert_eq!(shown(&agenda), expected);
        organizer.ask(Method::POST, IMPORT, &[], body()).await.ok();
        assert_eq!(organizer.get(AGENDA).await.ok(), agenda, "the same again changes nothing");
    }
}

#[tokio::test]
async fn html_in_xml_reads_as_text_escaped_or_not() {
    let (_hub, mut administrator, _) = camp(TestDatabase::sqlite()).await;
    let organizer = &mut administrator.client;
    organizer.ask(Method::POST, IMPORT, &[], Some(FOSDEM.into())).await.ok();
    let agenda = organizer.get(AGENDA).await.ok();
    let first = &agenda["sessions"][0];
    assert_eq!(first["abstract"], "What cuts *well*.");
    assert_eq!(
        first["description"],
        "See [the list](https://meadow.example/tools).\n\n- long\n- short"
    );
    assert_eq!(agenda["sessions"][1]["abstract"], "Built **high**");
}

#[tokio::test]
async fn an_answer_of_a_rest_api_is_read() {
    let (_hub, mut administrator, _) = camp(TestDatabase::sqlite()).await;
    let organizer = &mut administrator.client;
    let document: Value = serde_json::from_str(REST).expect("JSON");
    let report = import(organizer, &document).await.ok();
    assert!(
        report["warnings"].to_string().contains("without a time were left out (1)"),
        "{report}"
    );
    let agenda = organizer.get(AGENDA).await.ok();
    assert_eq!(
        shown(&agenda),
        [
            line("Windfall", 0, 30, "Press", &["Ruth Apfel"]),
            line("Grafting", 60, 60, "Cellar", &[]),
            line("Windfall", 23 * 60, 30, "Press", &["Ruth Apfel"]),
        ]
    );
    assert_eq!(agenda["sessions"][0]["kind"], "Talk");
    assert_eq!(agenda["tracks"][0]["name"], "Fruit");
    assert_eq!(agenda["speakers"][0]["name"], "Ruth Apfel");
    import(organizer, &document).await.ok();
    assert_eq!(organizer.get(AGENDA).await.ok(), agenda, "the same again changes nothing");

    let mut page = document.clone();
    page["next"] = json!("https://talks.example/api/events/orchard/submissions/?page=2");
    assert!(import(organizer, &page).await.text.contains("one page of an API"));
    let mut numbers = document;
    numbers["results"][0]["slots"] = json!([1, 2]);
    assert!(import(organizer, &numbers).await.text.contains("expand="), "what to ask for");
}

#[tokio::test]
async fn a_schedule_and_the_data_of_a_widget_are_read() {
    let talk = |code: &str, start: &str| {
        json!({
            "code": code, "title": code, "speakers": ["RUTHAP"], "track": 9, "room": 5,
            "start": format!("2026-03-28T{start}:00+01:00"), "duration": 30,
        })
    };
    let (rooms, tracks) =
        (json!([{ "id": 5, "name": { "en": "Press" } }]), json!([{ "id": 9, "name": "Fruit" }]));
    let speakers = json!([{ "code": "RUTHAP", "name": "Ruth Apfel" }]);
    let widget = json!({
        "version": "1", "timezone": "Europe/Berlin", "rooms": rooms, "tracks": tracks,
        "speakers": speakers,
        "talks": [talk("A", "10:00"), talk("B", "11:00"), { "id": 3, "title": "Lunch", "start": "2026-03-28T12:00:00+01:00" }],
    });
    let slot = |code: &str, start: &str| {
        json!({
            "room": { "id": 5, "name": { "en": "Press" } },
            "start": format!("2026-03-28T{start}:00+01:00"), "duration": 30,
            "submission": { "code": code, "title": code, "speakers": speakers },
        })
    };
    let latest = json!({
        "id": 2, "version": "1", "slots": [slot("A", "10:00"), slot("B", "11:00"), { "submission": null, "start": null }],
    });
    for document in [widget, latest] {
        let (_hub, mut administrator, _) = camp(TestDatabase::sqlite()).await;
        let organizer = &mut administrator.client;
        let report = import(organizer, &document).await.ok();
        assert!(report["warnings"].to_string().contains("Breaks were left out (1)"), "{report}");
        let agenda = organizer.get(AGENDA).await.ok();
        let ruth = ["Ruth Apfel"];
        assert_eq!(
            shown(&agenda),
            [line("A", 0, 30, "Press", &ruth), line("B", 60, 30, "Press", &ruth)]
        );
    }
}

#[tokio::test]
async fn all_pages_of_an_api_are_fetched() {
    static ASKED: AtomicUsize = AtomicUsize::new(0);
    #[derive(serde::Deserialize)]
    struct Page {
        page: Option<usize>,
    }
    let whole: Value = serde_json::from_str(REST).expect("JSON");
    let answer = move |Query(Page { page }): Query<Page>| {
        ASKED.fetch_add(1, Ordering::Relaxed);
        let page = page.unwrap_or(1);
        // The address that the API believes to have, behind a proxy.
        let next = (page < 3).then(|| format!("http://inner.example/api/?page={}", page + 1));
        let answer = json!({ "count": 3, "next": next, "results": [whole["results"][page - 1]] });
        async move { answer.to_string() }
    };
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let address = format!("http://{}/api/", listener.local_addr().expect("an address"));
    let router = Router::new().route("/api/", get(answer));
    let _server = AbortOnDropHandle::new(tokio::spawn(axum::serve(listener, router).into_future()));
    let folder = TemporaryFolder::new();
    let arguments = [&address, "--event", "orchard", "--time-zone", "Europe/Berlin"];
    let done = printed(&run(&folder, &arguments).await);
    assert!(done.contains("sessions       3 new"), "{done}");
    assert!(done.contains("does not say its title"), "{done}");
    assert_eq!(ASKED.load(Ordering::Relaxed), 3);
}

#[tokio::test]
async fn the_zone_of_the_place_is_known_guessed_or_asked_for() {
    let folder = TemporaryFolder::new();
    let sample = |zone: Value, offsets: [&str; 2]| {
        let session = |number: usize| {
            json!({
                "guid": number, "title": "A", "duration": "00:30", "start": "10:00",
                "date": format!("2026-03-{}T10:00:00{}", 28 + number, offsets[number]),
            })
        };
        let days = [0, 1].map(|number| json!({ "rooms": { "Hall": [session(number)] } }));
        let conference = json!({ "title": "Sample", "time_zone_name": zone, "days": days });
        json!({ "schedule": { "conference": conference } }).to_string().into_bytes()
    };
    let import = async |name: &str, document: Vec<u8>, more: &[&str]| {
        let path = file(&folder, &format!("{name}.json"), &document);
        run(&folder, &[&[text(&path), "--event", name], more].concat()).await
    };
    let done = printed(&import("short", sample(json!("Berlin"), ["+01:00", "+02:00"]), &[]).await);
    assert!(done.contains("called “Berlin”; that is Europe/Berlin"), "{done}");

    let missing = || sample(json!(null), ["+01:00", "+02:00"]);
    let told = refused(&import("missing", missing(), &[]).await);
    assert!(told.contains("different offsets from UTC") && told.contains("--time-zone"), "{told}");
    let zone = ["--time-zone", "Europe/Berlin"];
    printed(&import("missing", missing(), &zone).await);
    // What changes shows the times as the event shows them.
    let later = String::from_utf8(missing()).expect("text").replace("T10:", "T11:");
    let changed = printed(&import("missing", later.into_bytes(), &zone).await);
    for day in ["Sat 2026-03-28", "Sun 2026-03-29"] {
        assert!(changed.contains(&format!("{day} 10:00 for 0:30 → {day} 11:00")), "{changed}");
    }

    let told = refused(&import("bare", sample(json!(null), ["", ""]), &[]).await);
    assert!(told.contains("names no time zone") && told.lines().count() < 6, "one message: {told}");
    let same = printed(&import("same", sample(json!(null), ["+02:00", "+02:00"]), &[]).await);
    assert!(same.contains("times are shown in Etc/GMT-2"), "{same}");
    let told = refused(&import("bad", missing(), &["--time-zone", "Berlin, Germany"]).await);
    assert!(told.contains("not a known time zone"), "{told}");
}

#[tokio::test]
async fn broken_rows_are_listed_by_the_command_line() {
    let folder = TemporaryFolder::new();
    let mut bad = super::frab();
    super::sessions(&mut bad, 0, "Quay")[1]["duration"] = "eleven".into();
    let path = file(&folder, "bad.json", bad.to_string().as_bytes());
    let done = printed(&run(&folder, &[text(&path), "--event", "harbour", "--skip-broken"]).await);
    assert!(done.contains("sessions       3 new"), "{done}");
    assert!(
        done.contains("left out: day 1, room Quay, event 2 “Cranes that talk”, duration: "),
        "{done}"
    );
}
