//! Whole documents.

use serde_json::{Value, json};

use super::{Defaults, parse};
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
    let defaults = Defaults { time_zone: None, language: "en".to_owned() };
    parse(schedule.to_string().as_bytes(), &defaults).map_err(|faults| faults.told)
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
    let mut schedule = with(json!({ "title": "", "date": "soon", "guid": "b", "duration": -1 }));
    schedule["schedule"]["conference"]["time_zone_name"] = json!("Europe/Nowhere");
    let faults = read(&schedule).expect_err("faults");
    let fields: Vec<_> = faults.iter().filter_map(|fault| fault.field.as_deref()).collect();
    assert_eq!(fields, ["conference.time_zone_name", "title", "date", "duration", "guid"]);
    assert!(faults[4].message.contains("is the guid of day 1, room Curie, event 1"));
}

#[test]
fn faults_of_single_fields() {
    let long = |count| "x".repeat(count);
    for (field, value) in [
        ("title", json!(null)),
        ("title", json!("  ")),
        ("title", json!(["a"])),
        ("title", json!(long(301))),
        ("subtitle", json!(long(501))),
        ("abstract", json!(long(20_001))),
        ("description", json!(long(50_001))),
        ("description", json!(false)),
        ("language", json!(long(61))),
        ("type", json!(long(61))),
        ("track", json!(long(101))),
        ("track", json!([1])),
        ("guid", json!(long(151))),
        ("guid", json!({ "a": [] })),
        ("date", json!("21.08.2027 11:00")),
        ("date", json!("2027-08-21T11:00:00+99:00")),
        ("duration", json!("1:75")),
        ("duration", json!(null)),
        ("end", json!("2027-08-21T10:00:00+02:00")),
        ("end", json!("2028-08-21T10:00:00+02:00")),
        ("persons", json!({ "id": 1 })),
        ("persons[0]", json!([7])),
        ("persons[0].public_name", json!([{ "id": 1, "public_name": long(151) }])),
        ("persons[0].biography", json!([{ "name": "A", "biography": long(20_001) }])),
    ] {
        let object = field.split(['[', '.']).next().expect("a field");
        let fault = fault(&with(json!({ object: value })));
        assert_eq!(fault.field.as_deref(), Some(field), "{fault:?}");
        assert!(fault.row.expect("a row").starts_with("day 1, room Curie, event 1"));
    }
}

#[test]
fn a_session_that_nothing_can_be_known_by_is_a_fault() {
    let schedule = without("guid", without("id", sound()));
    assert_eq!(fault(&schedule).field.as_deref(), Some("guid"));
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
    assert_eq!(session.summary, "one\n<b>two</b>");
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
    assert_eq!(fault(&schedule).field.as_deref(), Some("date"));

    let mut schedule = sound();
    schedule["schedule"]["conference"]["time_zone_name"] = Value::Null;
    assert_eq!(plan(&schedule).time_zone.as_str(), "Etc/GMT-2");
    assert!(warning(&schedule).message.contains("names no time zone"));

    let defaults = Defaults {
        time_zone: "Europe/Paris".to_owned().try_into().ok(),
        language: "en".to_owned(),
    };
    let (plan, _) = parse(schedule.to_string().as_bytes(), &defaults).expect("a plan");
    assert_eq!(plan.time_zone.as_str(), "Europe/Paris", "the event's own");
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
        (json!({ "persons": [{ "id": 7, "name": "A." }] }), "two names"),
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
        (
            "room",
            json!({ "time_zone_name": "UTC", "days": [{ "rooms": { "x".repeat(101): [] } }] }),
        ),
        ("conference.time_zone_name", json!({ "time_zone_name": 7, "days": [] })),
    ];
    for (field, conference) in cases {
        let fault = fault(&json!({ "schedule": { "conference": conference } }));
        assert_eq!(fault.field.as_deref(), Some(field), "{fault:?}");
    }
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
