//! Identifiers, and whether they identify anybody.

use std::collections::HashMap;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::fields::text_of;
use crate::text::{name_key, one_line};

/// The longest key that a schedule may give to anything, in characters.
const LONGEST_KEY: usize = 150;

/// The identifier in a field; `None` if there is none, or one that programs write where they have
/// none: 0, −1, zeros only. What is too long for a key is represented by its hash.
pub(super) fn identifier(value: Option<&Value>) -> Option<String> {
    let text = match value? {
        Value::String(text) => one_line(text),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    if says_nothing(&text) {
        return None;
    }
    // The same UUID can be written in capitals.
    let text = uuid::Uuid::try_parse(&text).map_or(text, |uuid| uuid.to_string());
    if text.chars().count() <= LONGEST_KEY {
        return Some(text);
    }
    let hash = Sha256::digest(text.as_bytes());
    Some(format!("sha256:{}", hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>()))
}

fn says_nothing(text: &str) -> bool {
    let zeros = text.chars().all(|character| matches!(character, '0' | '-' | '.' | '{' | '}'));
    let negative = text.parse::<f64>().is_ok_and(|number| number <= 0.0);
    let empty = ["none", "null", "nil", "nan", "undefined", "n/a"];
    zeros || negative || empty.contains(&text.to_lowercase().as_str())
}

/// Whose name stands under each identifier of a document. One under which several names stand
/// identifies nobody.
#[derive(Debug, Default)]
pub(super) struct Names {
    by_identifier: HashMap<(&'static str, String), Option<String>>,
}

impl Names {
    /// Notes that a person of this name has this identifier in this field.
    pub(super) fn add(&mut self, field: &'static str, identifier: String, name: &str) {
        let key = name_key(name);
        let known = self.by_identifier.entry((field, identifier)).or_insert(Some(key.clone()));
        if known.as_ref() != Some(&key) {
            *known = None;
        }
    }

    /// Whether only one name stands under it.
    pub(super) fn identifies(&self, field: &'static str, identifier: &str) -> bool {
        let known = self.by_identifier.get(&(field, identifier.to_owned()));
        known.is_some_and(Option::is_some)
    }
}

/// The text of a field, on one line, whatever its length.
pub(super) fn line_of(value: Option<&Value>, language: &str) -> Option<String> {
    let text = text_of(value?, language).ok().flatten()?;
    Some(one_line(&text)).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_programs_write_for_nothing_identifies_nobody() {
        for nothing in [
            json!(null),
            json!(0),
            json!(-1),
            json!(0.0),
            json!(-17),
            json!(""),
            json!("0"),
            json!("000"),
            json!("-1"),
            json!("None"),
            json!("00000000-0000-0000-0000-000000000000"),
            json!("{00000000-0000-0000-0000-000000000000}"),
            json!([]),
            json!({}),
            json!(true),
        ] {
            assert_eq!(identifier(Some(&nothing)), None, "{nothing}");
        }
        for (value, key) in [(json!(10), "10"), (json!("0a"), "0a"), (json!(" 7 "), "7")] {
            assert_eq!(identifier(Some(&value)).as_deref(), Some(key));
        }
    }

    #[test]
    fn a_long_identifier_still_identifies() {
        let long = |end: &str| identifier(Some(&json!("x".repeat(400) + end)));
        assert_eq!(long("a"), long("a"));
        assert_ne!(long("a"), long("b"));
        assert!(long("a").expect("a key").len() < LONGEST_KEY);
    }
}
