//! Broken schedules: whatever is done to a document, reading it ends in a plan or in errors.

use std::path::PathBuf;

use plenary::agenda::schedule::parse::{Options, parse};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{FOSDEM, FRAB, PRETALX, REST};

fn options(skip_broken: bool) -> Options {
    Options { language: "en".to_owned(), skip_broken, ..Options::default() }
}

/// Reads the document; errors must say what is wrong, a plan must hold together.
fn try_out(bytes: &[u8]) {
    for skip_broken in [false, true] {
        try_out_by(bytes, &options(skip_broken));
    }
}

fn try_out_by(bytes: &[u8], options: &Options) {
    match parse(bytes, options) {
        Err(faults) => {
            assert!(faults.count() > 0);
            for fault in &faults.told {
                assert!(fault.message.ends_with('.'), "{fault:?}");
                let told = [&fault.row, &fault.field].into_iter().flatten().chain([&fault.message]);
                assert!(told.map(String::len).sum::<usize>() < 1_200, "{fault:?}");
            }
        }
        Ok((plan, _)) => {
            for session in &plan.sessions {
                assert!(!session.guid.is_empty() && !session.title.is_empty());
                assert!(session.ends_at >= session.starts_at);
                assert!(session.room.is_none_or(|place| place < plan.rooms.len()));
                assert!(session.track.is_none_or(|place| place < plan.tracks.len()));
                assert!(session.speakers.iter().all(|place| *place < plan.speakers.len()));
            }
        }
    }
}

/// The place of every value in the document.
fn places(value: &Value) -> Vec<String> {
    fn walk(value: &Value, path: &str, found: &mut Vec<String>) {
        found.push(path.to_owned());
        match value {
            Value::Object(object) => {
                for (key, value) in object {
                    let key = key.replace('~', "~0").replace('/', "~1");
                    walk(value, &format!("{path}/{key}"), found);
                }
            }
            Value::Array(list) => {
                for (index, value) in list.iter().enumerate() {
                    walk(value, &format!("{path}/{index}"), found);
                }
            }
            _ => {}
        }
    }
    let mut found = vec![];
    walk(value, "", &mut found);
    found
}

/// What could stand there instead.
fn strange_values() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!(null)),
        Just(json!(true)),
        Just(json!([])),
        Just(json!({})),
        Just(json!([[[[]]]])),
        Just(json!({ "en": "English", "de": null })),
        Just(json!({ "en": { "en": 1 } })),
        Just(json!("")),
        Just(json!("\u{0}\u{7}\u{202e}")),
        Just(json!("x".repeat(70_000))),
        Just(json!("2027-06-04")),
        Just(json!("9999-12-31T23:59:60+23:59")),
        Just(json!("-271821-04-20T00:00:00Z")),
        Just(json!("23:59")),
        Just(json!("99:99")),
        Just(json!("P99999999999Y")),
        Just(json!(-1)),
        Just(json!(0)),
        Just(json!(1.5)),
        Just(json!(i64::MIN)),
        Just(json!(u64::MAX)),
        Just(json!(1e308)),
        any::<String>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn values_are_exchanged(
        which in 0..3_usize,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), strange_values()), 1..5),
    ) {
        let mut document: Value =
            serde_json::from_str([FRAB, PRETALX, REST][which]).expect("JSON");
        for (place, value) in changes {
            let places = places(&document);
            let place = places[place.index(places.len())].clone();
            *document.pointer_mut(&place).expect("a place") = value;
        }
        try_out(document.to_string().as_bytes());
    }

    #[test]
    fn bytes_are_exchanged(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        end in any::<prop::sample::Index>(),
        cut: bool,
        xml: bool,
    ) {
        let mut bytes = if xml { FOSDEM } else { FRAB }.as_bytes().to_vec();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if cut {
            bytes.truncate(end.index(bytes.len()));
        }
        try_out(&bytes);
    }

    #[test]
    fn anything_at_all(bytes in proptest::collection::vec(any::<u8>(), 0..200), text: String) {
        try_out(&bytes);
        try_out(text.as_bytes());
    }
}

#[test]
fn deep_nesting_is_refused() {
    let deep = "[".repeat(200_000);
    try_out(deep.as_bytes());
    try_out(format!("{{\"schedule\":{deep}").as_bytes());
}

/// Schedules that conferences have published, where the machine has them beside the project.
#[test]
fn published_schedules_are_read() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data/schedules");
    for (name, sessions, speakers, warnings) in
        [("frab-camp2019.json", 79, 90, 0), ("pretalx-democon.json", 36, 27, 2)]
    {
        let Ok(bytes) = std::fs::read(folder.join(name)) else { continue };
        let (plan, odd) = parse(&bytes, &options(false)).expect("a plan");
        assert_eq!((plan.sessions.len(), plan.speakers.len()), (sessions, speakers), "{name}");
        assert_eq!(plan.rooms.len(), 2, "{name}");
        assert_eq!(odd.len(), warnings, "{name}: {odd:?}");
        for length in (0..bytes.len()).step_by(997) {
            try_out(&bytes[..length]);
        }
    }
}
