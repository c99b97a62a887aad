//! The document as a whole: is it JSON, and is it a schedule?

use serde_json::{Map, Value};

use super::{rest, xml};

use crate::agenda::schedule::LARGEST_DOCUMENT;
use crate::agenda::schedule::notes::Faults;

/// A JSON object.
pub(super) type Object = Map<String, Value>;

/// A document in the shape of a `schedule.json`.
#[derive(Debug, Default)]
pub(super) struct Document {
    /// The content of `schedule`.
    pub schedule: Object,
    /// The content of `schedule.conference`.
    pub conference: Object,
    /// The program that wrote it, if it says so.
    pub generator: Option<String>,
    /// Warnings about the shape.
    pub oddities: Vec<String>,
}

impl Document {
    /// All sessions, whatever is wrong with them.
    pub(super) fn sessions(&self) -> impl Iterator<Item = &Object> {
        let days = self.conference.get("days").and_then(Value::as_array);
        let rooms = days.into_iter().flatten().filter_map(|day| day.get("rooms")?.as_object());
        let sessions = rooms.flat_map(Map::values).filter_map(Value::as_array).flatten();
        sessions.filter_map(Value::as_object)
    }
}

/// More than the largest schedule has, including commas in its texts.
const MAX_PARTS: usize = 3_000_000;

const EXPECTED: &str = "a schedule.json as frab and pretalx publish it has an object \"schedule\" \
                        with an object \"conference\" in it";

/// Reads the outer shape of a `schedule.json`, a `schedule.xml`, or what pretalx's REST API answers.
pub(super) fn read(bytes: &[u8], language: &str) -> Result<Document, Faults> {
    if bytes.len() > LARGEST_DOCUMENT {
        let most = LARGEST_DOCUMENT / 1024 / 1024;
        return refuse(format!("The document is larger than {most} MiB."));
    }
    let text = text(bytes)?;
    if let Some(kind) = other_kind(text) {
        return refuse(format!("This is {kind}, no schedule; {EXPECTED}."));
    }
    if parts(text) > MAX_PARTS {
        return refuse("The document has more parts than a schedule could have.".to_owned());
    }
    if text.trim_start().starts_with('<') {
        return xml::read(text);
    }
    let value: Value = serde_json::from_str(text).map_err(|error| not_json(&error))?;
    if let Some(answer) = rest::read(&value, language) {
        return answer;
    }
    let Value::Object(top) = value else {
        return refuse(format!("This is {}; {EXPECTED}.", name_of(&value)));
    };
    from_json(top)
}

fn from_json(mut top: Object) -> Result<Document, Faults> {
    let mut oddities = vec![];
    let generator = top.remove("generator");
    let mut schedule = match top.remove("schedule") {
        Some(Value::Object(schedule)) => schedule,
        Some(other) => {
            return refuse(format!("\"schedule\" is {}; {EXPECTED}.", name_of(&other)));
        }
        None if top.get("conference").is_some_and(Value::is_object) => {
            oddities.push("There is no \"schedule\" around \"conference\".".to_owned());
            top
        }
        None => return refuse(format!("{} {EXPECTED}.", guess(&top))),
    };
    let generator = generator.or_else(|| schedule.remove("generator"));
    let mut conference = match schedule.remove("conference") {
        Some(Value::Object(conference)) => conference,
        Some(other) => {
            return refuse(format!("\"conference\" is {}; {EXPECTED}.", name_of(&other)));
        }
        None => return refuse(format!("There is no \"conference\" in \"schedule\"; {EXPECTED}.")),
    };
    if !conference.contains_key("days")
        && let Some(days) = schedule.remove("days")
    {
        oddities.push("\"days\" stands beside \"conference\", not in it.".to_owned());
        conference.insert("days".to_owned(), days);
    }
    let generator = generator.as_ref().and_then(|generator| {
        generator.as_str().or_else(|| generator.get("name")?.as_str()).map(str::to_owned)
    });
    Ok(Document { schedule, conference, generator, oddities })
}

/// The approximate number of values. Each takes far more memory than text.
fn parts(text: &str) -> usize {
    text.bytes().filter(|byte| matches!(byte, b',' | b'[' | b'{' | b'<')).count()
}

pub(super) fn refuse<T>(message: String) -> Result<T, Faults> {
    Err(Faults::of_document(None, message))
}

fn text(bytes: &[u8]) -> Result<&str, Faults> {
    // Some editors begin a file with a byte order mark.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return refuse("The document is written in UTF-16; it must be UTF-8.".to_owned());
    }
    if bytes.starts_with(b"\x1f\x8b") {
        return refuse("The document is compressed; unpack it first.".to_owned());
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let line = 1 + bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
        let message = "The document holds bytes that are no UTF-8; it must be written in UTF-8.";
        Faults::of_document(Some(format!("line {line}")), message)
    })
}

/// What the text is if it obviously is something else.
fn other_kind(text: &str) -> Option<&'static str> {
    let start = text.trim_start();
    let begins =
        |with: &str| start.get(..with.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(with));
    if start.is_empty() {
        Some("an empty document")
    } else if begins("<!doctype html") || begins("<html") {
        Some("a web page")
    } else if begins("BEGIN:VCALENDAR") {
        Some("a calendar (iCalendar)")
    } else {
        None
    }
}

fn not_json(error: &serde_json::Error) -> Faults {
    let row = format!("line {}, column {}", error.line(), error.column());
    let text = error.to_string();
    let why = text.rsplit_once(" at line ").map_or(text.as_str(), |(why, _)| why);
    Faults::of_document(Some(row), format!("The document is no valid JSON: {why}."))
}

/// What the object seems to be instead.
fn guess(top: &Object) -> &'static str {
    let has = |key: &str| top.contains_key(key);
    if has("detail") {
        "This looks like an error of an API;"
    } else if has("speakers") || has("rooms") || has("sessions") {
        "This looks like another kind of export;"
    } else {
        "There is no \"schedule\" in it;"
    }
}

/// What a value is, for people.
pub(super) fn name_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(bytes: &[u8]) -> (String, String) {
        let faults = read(bytes, "en").expect_err("no schedule");
        let fault = faults.told.into_iter().next().expect("a fault");
        (fault.row.unwrap_or_default(), fault.message)
    }

    #[test]
    fn what_is_something_else_is_named() {
        let cases: [(&[u8], &str); 11] = [
            (b"", "an empty document"),
            (b"  \n ", "an empty document"),
            (b"<?xml version='1.0'?><calendar/>", "begins with <calendar>"),
            (b"<!DOCTYPE html><p>404", "a web page"),
            (b"BEGIN:VCALENDAR\r\n", "a calendar"),
            (b"\xff\xfe{\x00", "UTF-16"),
            (b"\x1f\x8b\x08", "compressed"),
            (b"[7]", "This is a list"),
            (br#"{"detail":"Not found."}"#, "an error of an API"),
            (br#"{"schedule":[]}"#, "\"schedule\" is a list"),
            (br#"{"schedule":{"conference":"x"}}"#, "\"conference\" is a text"),
        ];
        for (bytes, expected) in cases {
            let (_, message) = refusal(bytes);
            assert!(message.contains(expected), "{message}");
        }
    }

    #[test]
    fn broken_json_and_broken_text_are_found_by_line() {
        let (row, message) = refusal(b"{\n  \"schedule\": {,\n}");
        assert_eq!(row, "line 2, column 16");
        assert!(message.starts_with("The document is no valid JSON: "), "{message}");
        let (row, _) = refusal(b"{\n\"a\": \"\xff\"}");
        assert_eq!(row, "line 2");
    }

    #[test]
    fn a_byte_order_mark_and_a_missing_wrapper_do_no_harm() {
        let plain = read(b"\xef\xbb\xbf{\"schedule\":{\"conference\":{\"days\":[]}}}", "en");
        assert!(plain.expect("a schedule").oddities.is_empty());
        let bare = read(br#"{"conference":{"title":"A"},"days":[]}"#, "en").expect("a schedule");
        assert_eq!(bare.oddities.len(), 2);
        assert!(bare.conference.contains_key("days"));
    }

    #[test]
    fn a_large_document_is_not_even_looked_at() {
        let (_, message) = refusal(&vec![b' '; LARGEST_DOCUMENT + 1]);
        assert_eq!(message, "The document is larger than 32 MiB.");
        let (_, message) = refusal("[0,0".repeat(2_000_000).as_bytes());
        assert_eq!(message, "The document has more parts than a schedule could have.");
    }
}
