//! Texts that people type, each a type of its own that only holds what is allowed: checked once,
//! where it comes in.
//!
//! Lengths are counted in characters (Unicode scalar values). What cannot be seen (control
//! characters) is taken out, line ends become `\n`, space around the text is dropped.

use std::fmt;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use utoipa::ToSchema;

/// Why a text was refused: a sentence for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TextError(String);

impl TextError {
    /// A refusal; the sentence goes on from "The field … cannot be used:".
    pub(crate) fn new(why: &str) -> Self {
        Self(why.to_owned())
    }
}

/// The text in one line: runs of space, line ends included, become one space.
pub fn one_line(text: &str) -> String {
    let visible = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What names and the like are searched by: small letters without accents, words parted by one
/// space.
pub fn search_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for character in text.nfkd() {
        match character {
            'ß' | 'ẞ' => key.push_str("ss"),
            'æ' | 'Æ' => key.push_str("ae"),
            'œ' | 'Œ' => key.push_str("oe"),
            'ø' | 'Ø' => key.push('o'),
            'ł' | 'Ł' => key.push('l'),
            'đ' | 'Đ' | 'ð' | 'Ð' => key.push('d'),
            'þ' | 'Þ' => key.push_str("th"),
            'ı' => key.push('i'),
            other if is_combining_mark(other) => {}
            other => key.extend(other.to_lowercase()),
        }
    }
    one_line(&key)
}

/// The text in lines: `\r\n` and `\r` become `\n`; no control character but `\n` and tabs stays.
pub fn lines(text: &str) -> String {
    let unix = text.replace("\r\n", "\n").replace('\r', "\n");
    let visible: String =
        unix.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    visible.trim().to_owned()
}

/// A key under which names that people take for the same are the same: without regard to case
/// and space. At most 180 characters, so that it fits a column with an index.
pub fn name_key(name: &str) -> String {
    one_line(name).to_lowercase().chars().take(180).collect()
}

/// The text, if it has so many characters.
pub(crate) fn within(text: String, least: usize, most: usize) -> Result<String, TextError> {
    match text.chars().count() {
        count if count > most => {
            Err(TextError(format!("it has {count} characters, at most {most} are allowed")))
        }
        count if count < least && least == 1 => Err(TextError("it must not be empty".to_owned())),
        count if count < least => {
            Err(TextError(format!("it has {count} characters, at least {least} are needed")))
        }
        _ => Ok(text),
    }
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident: $shape:ident, $least:tt..=$most:tt;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(try_from = "String", into = "String")]
        #[schema(value_type = String, min_length = $least, max_length = $most)]
        pub struct $name(String);

        impl $name {
            /// The most characters it may have.
            pub const MOST: usize = $most;

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = TextError;

            fn try_from(text: String) -> Result<Self, TextError> {
                within($shape(&text), $least, $most).map(Self)
            }
        }

        impl_text!($name);
    )*};
}

macro_rules! impl_text {
    ($name:ident) => {
        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    };
}

texts! {
    /// The name of an event, a session or the like.
    Title: one_line, 1..=200;
    /// The short name of a room, a ticket type, a track.
    ShortName: one_line, 1..=100;
    /// A question or a choice of a form.
    Label: one_line, 1..=200;
    /// Why a moderator did something, possibly nothing.
    #[derive(Default)]
    Reason: one_line, 0..=300;
    /// Some paragraphs of plain text, possibly none.
    #[derive(Default)]
    Paragraphs: lines, 0..=10000;
}

impl Default for Locale {
    fn default() -> Self {
        Self("en".to_owned())
    }
}

/// The name of an event in addresses: lower-case letters, digits and single hyphens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, min_length = 2, max_length = 60, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$")]
pub struct Slug(String);

impl Slug {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Slug {
    type Error = TextError;

    fn try_from(text: String) -> Result<Self, TextError> {
        let text = within(text, 2, 60)?;
        let allowed = text.split('-').all(|part| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        });
        if allowed {
            return Ok(Self(text));
        }
        Err(TextError(
            "it may hold lower-case letters (a to z), digits and single hyphens between them"
                .to_owned(),
        ))
    }
}

impl_text!(Slug);

/// The name of a time zone in the IANA database, like `Europe/Berlin`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, example = "Europe/Berlin")]
pub struct TimeZoneName(String);

impl TimeZoneName {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The zone's rules.
    pub fn zone(&self) -> TimeZone {
        // The name was found when it came in; without its rules the times are shown in UTC.
        TimeZone::get(&self.0).unwrap_or(TimeZone::UTC)
    }
}

impl TryFrom<String> for TimeZoneName {
    type Error = TextError;

    fn try_from(text: String) -> Result<Self, TextError> {
        let text = text.trim();
        let unknown = || {
            TextError(format!("{text:?} is no time zone that is known here, like Europe/Berlin"))
        };
        let zone = TimeZone::get(text).map_err(|_| unknown())?;
        // The database's own spelling, whatever the case that was typed.
        zone.iana_name().map(|name| Self(name.to_owned())).ok_or_else(unknown)
    }
}

impl_text!(TimeZoneName);

/// The tag of a language, like `en` or `de-AT`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, max_length = 35, example = "en")]
pub struct Locale(String);

impl Locale {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Locale {
    type Error = TextError;

    fn try_from(text: String) -> Result<Self, TextError> {
        let mut parts = text.split('-');
        let language = parts.next().unwrap_or_default();
        let fits = (2..=3).contains(&language.len())
            && language.bytes().all(|b| b.is_ascii_lowercase())
            && parts.all(|p| {
                (2..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric())
            })
            && text.len() <= 35;
        if fits {
            return Ok(Self(text));
        }
        Err(TextError("it must be the tag of a language, like en or de-AT".to_owned()))
    }
}

impl_text!(Locale);

/// The key of a registration field: a lower-case letter, then letters, digits and underscores.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, max_length = 40, pattern = "^[a-z][a-z0-9_]*$")]
pub struct FieldKey(String);

impl FieldKey {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for FieldKey {
    type Error = TextError;

    fn try_from(text: String) -> Result<Self, TextError> {
        let text = within(text, 1, 40)?;
        let fits = text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if fits {
            return Ok(Self(text));
        }
        Err(TextError(
            "it must begin with a letter from a to z and go on with such letters, digits or underscores"
                .to_owned(),
        ))
    }
}

impl_text!(FieldKey);

#[cfg(test)]
mod tests {
    use super::*;

    fn title(text: &str) -> Result<String, String> {
        Title::try_from(text.to_owned()).map(String::from).map_err(|error| error.to_string())
    }

    #[test]
    fn a_title_is_one_visible_line() {
        assert_eq!(title("  Opening\r\n\tCeremony\u{0}  "), Ok("Opening Ceremony".to_owned()));
        assert_eq!(title(" \u{7} "), Err("it must not be empty".to_owned()));
    }

    #[test]
    fn searching_forgets_case_and_accents() {
        assert_eq!(search_key(" Łukasz  GROẞ-Ångström "), "lukasz gross-angstrom");
        assert_eq!(search_key("İstanbul"), "istanbul");
    }

    #[test]
    fn lengths_count_characters_not_bytes() {
        assert!(title(&"ü".repeat(200)).is_ok());
        let refused = title(&"ü".repeat(201)).expect_err("one too many");
        assert_eq!(refused, "it has 201 characters, at most 200 are allowed");
    }

    #[test]
    fn paragraphs_keep_their_lines() {
        let text = Paragraphs::try_from("one\r\n\r\ntwo\rthree\u{0}".to_owned()).expect("fits");
        assert_eq!(text.as_str(), "one\n\ntwo\nthree");
    }

    #[test]
    fn slugs() {
        for good in ["camp-2019", "ab", "38c3"] {
            assert!(Slug::try_from(good.to_owned()).is_ok(), "{good}");
        }
        for bad in ["", "a", "Camp", "-camp", "camp-", "a--b", "a b", "ü2", "a/b", &"a".repeat(61)]
        {
            assert!(Slug::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }

    #[test]
    fn time_zones_are_looked_up() {
        let zone = TimeZoneName::try_from("europe/berlin".to_owned()).expect("known");
        assert_eq!(zone.as_str(), "Europe/Berlin");
        for bad in ["", "Europe/Nowhere", "+02:00", "CEST-ish", "../etc/passwd"] {
            assert!(TimeZoneName::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }

    #[test]
    fn locales_and_keys() {
        assert!(Locale::try_from("de-AT".to_owned()).is_ok());
        for bad in ["", "d", "DE", "english", "de_AT", "de-"] {
            assert!(Locale::try_from(bad.to_owned()).is_err(), "{bad}");
        }
        assert!(FieldKey::try_from("t_shirt2".to_owned()).is_ok());
        for bad in ["", "2x", "T", "a-b", "a b"] {
            assert!(FieldKey::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
