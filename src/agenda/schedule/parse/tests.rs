//! Whole documents.

use serde_json::{Value, json};

use super::{Options, parse};
use crate::agenda::schedule::notes::{Fault, Warning};
use crate::agenda::schedule::plan::Plan;
use crate::clock::Timestamp;

/// A small sound schedule.
fn sound() -> Value {
    json!({ "schedule": { "version": "1.0", "base_url": "https://example.org/s/", "conference": {
        "acronym": "camp", "title": "Camp", "start": "2027-08-21", "end": "2027-08-22",
        "time_zone_name": "Europe/Berlin",
        "days": [{
            "index": 1, "date": "2027-08-21", "day_start": "2027-08-21T09:00:00+02:00",
            "day_end": "2027-08-22T04:00:00+02:00",
            "rooms": { "Curie": [
                {
                    "guid": "a0a0fcfe-b7fb-46e3-84b6-97a5406016b4", "id": 1, "title": "Opening",
                    "date": "2027-08-21T11:00:00+02:00", "start": "11:00", "duration": "00:30",
                    "room": "Curie", "subtitle": "", "track": "Main", "type": "lecture",
                    "language": "en", "abstract": "Hello.", "description": null,
                    "persons": [{ "id": 7, "public_name": "Ada" }], "links": [],
                },
                {
                    "guid": "b", "id": 2, "title": "Closing", "date": "2027-08-21T12:00:00+02:00",
                    "duration": "01:00", "persons": [{ "id": 7, "public_name": "Ada" }, "Bob"],
                },
            ] },
        }],
    } } })
}

/// The sound schedule with something changed in its first session.
fn with(changes: Value) -> Value {
    let mut schedule = sound();
    let event = &mut schedule["schedule"]["conference"]["days"][0]["rooms"]["Curie"][0];
    for (field, value) in changes.as_object().expect("an object") {
        event[field] = value.clone();
    }
    schedule
}

fn without(field: &str, mut schedule: Value) -> Value {
    let days = &mut schedule["schedule"]["conference"]["days"];
    days[0]["rooms"]["Curie"][0].as_object_mut().expect("an object").remove(field);
    schedule
}

fn read(schedule: &Value) -> Result<(Plan, Vec<Warning>), Vec<Fault>> {
    let options = Options { language: "en".to_owned(), ..Options::default() };
    parse(schedule.to_string().as_bytes(), &options).map_err(|faults| faults.told)
}

fn plan(schedule: &Value) -> Plan {
    read(schedule).unwrap_or_else(|faults| panic!("{faults:?}")).0
}

fn warning(schedule: &Value) -> Warning {
    let (_, warnings) = read(schedule).unwrap_or_else(|faults| panic!("{faults:?}"));
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    warnings.into_iter().next().expect("a warning")
}

/// The field and the sentence of the only fault.
fn fault(schedule: &Value) -> Fault {
    let faults = read(schedule).expect_err("a fault");
    assert_eq!(faults.len(), 1, "{faults:?}");
    faults.into_iter().next().expect("a fault")
}

#[test]
fn a_sound_schedule() {
    let (plan, warnings) = read(&sound()).expect("a plan");
    assert_eq!(warnings, []);
    assert_eq!(plan.title.as_deref(), Some("Camp"));
    assert_eq!(plan.time_zone.as_str(), "Europe/Berlin");
    assert_eq!(plan.rooms.len(), 1);
    assert_eq!(plan.tracks[0].name, "Main");
    let names: Vec<_> = plan.speakers.iter().map(|s| (s.key.as_str(), s.name.as_str())).collect();
    assert_eq!(names, [("id:7", "Ada"), ("name:bob", "Bob")]);
    let opening = &plan.sessions[0];
    assert_eq!(opening.guid, "a0a0fcfe-b7fb-46e3-84b6-97a5406016b4");
    assert_eq!((opening.room, opening.track, &opening.speakers), (Some(0), Some(0), &vec![0]));
    assert_eq!(opening.starts_at, Timestamp(1_818_838_800_000));
    assert_eq!(opening.ends_at.since(opening.starts_at).as_secs(), 30 * 60);
    assert_eq!(plan.sessions[1].speakers, [0, 1]);
    assert_eq!((plan.starts_at, plan.ends_at), (opening.starts_at, plan.sessions[1].ends_at));
}

#[test]
fn a_fault_says_where_it_is() {
    let fault = fault(&with(json!({ "duration": "long" })));
    assert_eq!(fault.row.as_deref(), Some("day 1, room Curie, event 1 “Opening”"));
    assert_eq!(fault.field.as_deref(), Some("duration"));
    assert_eq!(fault.message, "\"long\" is no duration like 01:30.");
}

#[test]
fn all_faults_are_told_at_once() {
    let mut schedule = with(json!({ "title": "", "date": "soon", "duration": -1, "persons": 7 }));
    let days = &mut schedule["schedule"]["conference"]["days"];
    days.as_array_mut().expect("days").push(json!({ "rooms": 7 }));
    let faults = read(&schedule).expect_err("faults");
    let fields: Vec<_> = faults.iter().filter_map(|fault| fault.field.as_deref()).collect();
    assert_eq!(fields, ["rooms", "title", "date", "duration", "persons"]);
}

#[test]
fn faults_of_single_fields() {
    for (field, value) in [
        ("title", json!(null)),
        ("title", json!("  ")),
        ("title", json!(["a"])),
        ("date", json!("21.08.2027 11:00")),
        ("date", json!("2027-08-21T11:00:00+99:00")),
        ("duration", json!("1:75")),
        ("duration", json!(null)),
        ("end", json!("2027-08-21T10:00:00+02:00")),
        ("end", json!("2028-08-21T10:00:00+02:00")),
        ("persons", json!({ "id": 1 })),
        ("persons[0]", json!([7])),
    ] {
        let object = field.split(['[', '.']).next().expect("a field");
        let fault = fault(&with(json!({ object: value })));
        assert_eq!(fault.field.as_deref(), Some(field), "{fault:?}");
        assert!(fault.row.expect("a row").starts_with("day 1, room Curie, event 1"));
    }
}

#[test]
fn a_session_without_a_guid_is_known_by_what_else_there_is() {
    let schedule = without("guid", without("id", sound()));
    assert_eq!(plan(&schedule).sessions[0].guid, "title:opening");
    assert!(warning(&schedule).message.contains("known by its title"));
    let schedule = with(json!({ "guid": "00000000-0000-0000-0000-000000000000" }));
    assert_eq!(plan(&schedule).sessions[0].guid, "id:1");
    let schedule = without("guid", sound());
    assert_eq!(plan(&schedule).sessions[0].guid, "id:1");
    assert!(warning(&schedule).message.contains("known by its id"));
}

#[test]
fn a_guid_in_capitals_is_the_same() {
    let schedule = with(json!({ "guid": "A0A0FCFE-B7FB-46E3-84B6-97A5406016B4" }));
    assert_eq!(plan(&schedule).sessions, plan(&sound()).sessions);
}

#[test]
fn texts_in_several_languages_and_with_strange_lines() {
    let plan = plan(&with(json!({
        "title": { "de": "Eröffnung", "en": "Opening\r\nCeremony" },
        "track": { "en": "Main", "de": "Haupt" },
        "abstract": "one\r\n<b>two</b>\u{0}",
        "type": { "en": "Talk" },
    })));
    let session = &plan.sessions[0];
    assert_eq!(session.title, "Opening Ceremony");
    assert_eq!(session.summary, "one\n**two**");
    assert_eq!(session.kind.as_deref(), Some("Talk"));
    assert_eq!(plan.tracks.len(), 1);
}

#[test]
fn dates_in_other_ways() {
    let eleven = plan(&sound()).sessions[0].starts_at;
    for change in [
        json!({ "date": "2027-08-21T11:00:00" }),
        json!({ "date": "2027-08-21 11:00" }),
        json!({ "date": "2027-08-21" }),
        json!({ "date": null }),
        json!({ "date": null, "start": "2027-08-21T11:00:00+02:00" }),
        json!({ "date": "2027-08-21T09:00:00Z" }),
    ] {
        let (plan, _) = read(&with(change.clone())).expect("a plan");
        assert_eq!(plan.sessions[0].starts_at, eleven, "{change}");
    }
}

#[test]
fn after_midnight_it_is_the_night_of_the_same_day() {
    let plan = plan(&with(json!({ "date": null, "start": "01:30" })));
    let session = &plan.sessions[0];
    assert_eq!(session.starts_at, Timestamp(1_818_838_800_000 + (14 * 60 + 30) * 60_000));
    let (_, warnings) =
        read(&with(json!({ "date": "2027-08-22T01:30:00+02:00", "start": "01:30" })))
            .expect("a plan");
    assert_eq!(warnings, []);
}

#[test]
fn without_any_zone_a_date_without_an_offset_is_a_fault() {
    let mut schedule = with(json!({ "date": "2027-08-21T11:00:00" }));
    schedule["schedule"]["conference"]["time_zone_name"] = Value::Null;
    let fault = fault(&schedule);
    assert_eq!(fault.field.as_deref(), Some("conference.time_zone_name"));
    assert!(fault.message.contains("--time-zone"), "{fault:?}");

    let mut schedule = sound();
    schedule["schedule"]["conference"]["time_zone_name"] = Value::Null;
    assert_eq!(plan(&schedule).time_zone.as_str(), "Etc/GMT-2");
    assert!(warning(&schedule).message.contains("names no time zone"));

    let options = Options {
        event_zone: "Europe/Paris".to_owned().try_into().ok(),
        language: "en".to_owned(),
        ..Options::default()
    };
    let (plan, _) = parse(schedule.to_string().as_bytes(), &options).expect("a plan");
    assert_eq!(plan.time_zone.as_str(), "Europe/Paris", "the event's own");
    let options = Options { time_zone: "Asia/Tokyo".to_owned().try_into().ok(), ..options };
    let (plan, _) = parse(schedule.to_string().as_bytes(), &options).expect("a plan");
    assert_eq!(plan.time_zone.as_str(), "Asia/Tokyo", "what is said goes before it");
}

#[test]
fn ends_in_other_ways() {
    let end = plan(&sound()).sessions[0].ends_at;
    for change in [
        json!({ "duration": null, "end": "2027-08-21T11:30:00+02:00" }),
        json!({ "duration": null, "end": "11:30" }),
        json!({ "duration": 30 }),
        json!({ "duration": "PT30M" }),
        json!({ "duration": "0:30:00" }),
    ] {
        let (plan, warnings) = read(&with(change.clone())).expect("a plan");
        assert_eq!(plan.sessions[0].ends_at, end, "{change}");
        assert_eq!(warnings, [], "{change}");
    }
    let night = plan(&with(json!({ "duration": null, "end": "01:00" })));
    let session = &night.sessions[0];
    assert_eq!(session.ends_at.since(session.starts_at).as_secs(), 14 * 3_600);
}

#[test]
fn what_is_odd_is_told() {
    for (change, part) in [
        (json!({ "start": "12:00" }), "Its start is not the time"),
        (json!({ "date": "2027-08-24T11:00:00+02:00" }), "under another day"),
        (json!({ "date": "2027-08-21T12:00:00+03:00", "start": "12:00" }), "another offset"),
        (json!({ "end": "2027-08-21T12:00:00+02:00" }), "disagree"),
        (json!({ "duration": "90:00" }), "in two ways"),
        (json!({ "duration": "00:00" }), "It ends when it begins"),
        (json!({ "room": "Meitner" }), "another room"),
        (json!({ "url": "javascript:alert(1)" }), "no address on the web"),
        (json!({ "persons": [{ "id": 7, "name": "" }] }), "has no name"),
        (json!({ "persons": [{ "id": 7, "name": "Ada" }, { "id": 7, "name": "Ada" }] }), "twice"),
        (json!({ "persons": [{ "id": 7, "name": "A." }] }), "Several names"),
        (json!({ "language": ["en"] }), "language is a list, no text"),
        (json!({ "description": false }), "description is true or false, no text"),
        (json!({ "track": [1] }), "A track must be a text"),
        (json!({ "guid": "b" }), "repeated"),
    ] {
        let warning = warning(&with(change.clone()));
        assert!(warning.message.contains(part), "{change}: {warning:?}");
        assert!(warning.place.starts_with("day 1, room Curie, event "), "{warning:?}");
    }
}

#[test]
fn unknown_fields_and_empty_places_do_no_harm() {
    let mut schedule = with(json!({ "answers": [], "do_not_record": null, "track": null }));
    let conference = &mut schedule["schedule"]["conference"];
    conference["days"][0]["rooms"]["Empty"] = json!([]);
    conference["days"][0]["rooms"]["Null"] = json!(null);
    let days = conference["days"].as_array_mut().expect("days");
    days.push(json!({ "index": 2, "date": "2027-08-22", "rooms": {} }));
    days.push(json!({ "index": 3, "date": "2027-08-23", "rooms": [] }));
    days.push(json!({ "index": 4, "rooms": null }));
    let (plan, warnings) = read(&schedule).expect("a plan");
    assert_eq!(warnings, []);
    assert_eq!(plan.sessions.len(), 2);
    let rooms: Vec<_> = plan.rooms.iter().map(|room| room.name.as_str()).collect();
    assert_eq!(rooms, ["Curie", "Empty"]);
}

#[test]
fn rooms_come_in_the_conferences_order() {
    let mut schedule = sound();
    schedule["schedule"]["conference"]["rooms"] = json!([
        { "name": "Meitner", "guid": "m", "capacity": "120", "description": { "en": "Left" } },
        { "name": { "en": "Curie" }, "guid": "c", "capacity": null, "features": {} },
    ]);
    let plan = plan(&schedule);
    let rooms: Vec<_> = plan.rooms.iter().map(|r| (r.name.as_str(), r.guid.as_deref())).collect();
    assert_eq!(rooms, [("Meitner", Some("m")), ("Curie", Some("c"))]);
    assert_eq!((plan.rooms[0].capacity, plan.sessions[0].room), (Some(120), Some(1)));
    assert_eq!(plan.rooms[0].description.as_deref(), Some("Left"));
}

#[test]
fn a_guid_that_rooms_share_says_nothing() {
    let mut schedule = sound();
    schedule["schedule"]["conference"]["rooms"] =
        json!([{ "name": "Curie", "guid": "x" }, { "name": "Meitner", "guid": "x" }]);
    assert!(plan(&schedule).rooms.iter().all(|room| room.guid.is_none()));
    assert!(warning(&schedule).message.contains("share a guid"));
}

#[test]
fn tracks_with_colors() {
    let mut schedule = with(json!({ "track": { "name": { "en": "Side" }, "color": "#ABC" } }));
    schedule["schedule"]["conference"]["tracks"] =
        json!([{ "name": "Main", "color": "00a0c0" }, { "name": "Odd", "color": "reddish" }]);
    let (plan, warnings) = read(&schedule).expect("a plan");
    let tracks: Vec<_> =
        plan.tracks.iter().map(|t| (t.name.as_str(), t.color.as_deref())).collect();
    assert_eq!(tracks, [("Main", Some("#00a0c0")), ("Odd", None), ("Side", Some("#aabbcc"))]);
    assert_eq!(warnings.len(), 1);
}

#[test]
fn days_and_rooms_of_the_wrong_kind_are_faults() {
    let cases = [
        ("conference.days", json!({ "title": "A", "time_zone_name": "UTC" })),
        ("conference.days", json!({ "title": "A", "time_zone_name": "UTC", "days": {} })),
        ("days", json!({ "time_zone_name": "UTC", "days": [7] })),
        ("rooms", json!({ "time_zone_name": "UTC", "days": [{ "rooms": "Curie" }] })),
        ("rooms", json!({ "time_zone_name": "UTC", "days": [{ "rooms": { "Curie": {} } }] })),
        ("rooms", json!({ "time_zone_name": "UTC", "days": [{ "rooms": { "Curie": [7] } }] })),
    ];
    for (field, conference) in cases {
        let fault = fault(&json!({ "schedule": { "conference": conference } }));
        assert_eq!(fault.field.as_deref(), Some(field), "{fault:?}");
    }
}

#[test]
fn what_is_only_shown_is_shortened() {
    let long = |count: usize| "x".repeat(count);
    let mut schedule = with(json!({
        "guid": long(300), "title": long(301), "subtitle": long(501), "abstract": long(20_001),
        "description": long(50_001), "language": long(61), "type": long(61), "track": long(101),
        "persons": [{ "name": long(151), "biography": long(20_001) }],
    }));
    schedule["schedule"]["version"] = json!(long(201));
    let conference = &mut schedule["schedule"]["conference"];
    conference["title"] = json!(long(1_000));
    conference["rooms"] = json!([{ "name": "Meitner", "description": long(10_001) }]);
    conference["days"][0]["rooms"]["y".repeat(150)] = json!([]);
    let (plan, warnings) = read(&schedule).expect("a plan");
    let session = &plan.sessions[0];
    let shown = [
        (&session.title, 300),
        (&session.subtitle, 500),
        (&session.summary, 20_000),
        (&session.description, 50_000),
        (&plan.speakers[0].name, 150),
        (&plan.speakers[0].biography, 20_000),
        (&plan.tracks[0].name, 100),
    ];
    for (text, most) in shown {
        assert_eq!(text.chars().count(), most);
        assert!(text.ends_with('…'));
    }
    assert!(session.guid.starts_with("sha256:"));
    assert_eq!(plan.version.map(|version| version.chars().count()), Some(200));
    assert!(plan.rooms.iter().all(|room| room.name.chars().count() <= 100));
    assert_eq!(warnings.len(), 13, "{warnings:?}");
}

#[test]
fn a_repeated_guid_is_several_sessions_and_a_repeated_line_is_one() {
    let repeated = plan(&with(json!({ "guid": "b" })));
    assert_eq!(repeated.sessions.iter().filter(|session| session.guid == "b").count(), 2);
    let mut schedule = sound();
    let events = &mut schedule["schedule"]["conference"]["days"][0]["rooms"]["Curie"];
    let twice = events[0].clone();
    events.as_array_mut().expect("a list").push(twice);
    assert_eq!(plan(&schedule).sessions, plan(&sound()).sessions);
    assert!(warning(&schedule).message.contains("listed twice"));
}

#[test]
fn broken_sessions_can_be_left_out() {
    let options = Options { skip_broken: true, ..Options::default() };
    let skipping = |schedule: &Value| parse(schedule.to_string().as_bytes(), &options);
    let (plan, _) = skipping(&with(json!({ "date": "soon" }))).expect("a plan");
    assert_eq!(plan.sessions.len(), 1);
    let left_out = &plan.left_out;
    assert_eq!(left_out.faults.told[0].field.as_deref(), Some("date"));
    assert!(left_out.guids.contains("a0a0fcfe-b7fb-46e3-84b6-97a5406016b4"));
    // Without its days or rooms, nobody knows what would be missing.
    let mut schedule = sound();
    schedule["schedule"]["conference"]["days"][0]["rooms"] = json!(7);
    assert!(skipping(&schedule).is_err());
    // Nothing at all is no programme.
    let mut schedule = with(json!({ "date": "soon" }));
    schedule["schedule"]["conference"]["days"][0]["rooms"]["Curie"]
        .as_array_mut()
        .expect("a list")
        .pop();
    assert!(skipping(&schedule).is_err());
}

#[test]
fn an_identifier_of_several_people_identifies_nobody() {
    let mut schedule = with(json!({ "persons": [
        { "id": 0, "public_name": "Ada" }, { "id": 0, "public_name": "Bo" },
        { "id": 5, "guid": "", "public_name": "Cy" },
    ] }));
    let events = &mut schedule["schedule"]["conference"]["days"][0]["rooms"]["Curie"];
    events[1]["persons"] = json!([{ "id": 5, "public_name": "Cy" }, { "id": 6, "name": "Ada" }, { "id": 6, "name": "Di" }]);
    let plan = plan(&schedule);
    let keys: Vec<_> = plan.speakers.iter().map(|speaker| speaker.key.as_str()).collect();
    assert_eq!(keys, ["name:ada", "name:bo", "id:5", "name:di"]);
    assert_eq!(
        (&plan.sessions[0].speakers, &plan.sessions[1].speakers),
        (&vec![0, 1, 2], &vec![2, 0, 3])
    );
}

#[test]
fn a_zone_that_no_list_knows_does_no_harm() {
    let zoned = |name: Value| {
        let mut schedule = sound();
        schedule["schedule"]["conference"]["time_zone_name"] = name;
        schedule
    };
    let schedule = zoned(json!("Berlin"));
    assert_eq!(plan(&schedule).time_zone.as_str(), "Europe/Berlin");
    assert!(warning(&schedule).message.contains("that is Europe/Berlin"));
    for name in [json!("Atlantis"), json!(7)] {
        let (plan, warnings) = read(&zoned(name)).expect("a plan");
        assert_eq!((plan.time_zone.as_str(), warnings.len()), ("Etc/GMT-2", 2));
    }
}

#[test]
fn clocks_that_change_in_a_place_without_a_name_are_asked_about() {
    let mut schedule = with(json!({ "date": "2027-10-31T11:00:00+01:00" }));
    schedule["schedule"]["conference"]["time_zone_name"] = Value::Null;
    let fault = fault(&schedule);
    assert_eq!(fault.field.as_deref(), Some("conference.time_zone_name"));
    assert!(fault.message.contains("different offsets from UTC (+01, +02)"), "{fault:?}");
}

#[test]
fn too_many_sessions_are_a_fault() {
    let event = |number: usize| json!({ "guid": number, "title": "A", "date": "2027-08-21T11:00:00Z", "duration": 5 });
    let events: Vec<_> = (0..20_001).map(event).collect();
    let mut schedule = sound();
    schedule["schedule"]["conference"]["days"][0]["rooms"]["Curie"] = json!(events);
    let fault = fault(&schedule);
    assert!(fault.message.contains("at most 20000 sessions"), "{fault:?}");
}
