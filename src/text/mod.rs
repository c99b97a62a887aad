//! Texts that people type, each a type of its own that only holds valid text: checked once, on
//! input.
//!
//! Lengths are counted in characters (Unicode scalar values). Control characters and bidirectional
//! controls are removed, line ends become `\n`, surrounding space is trimmed. A text without
//! visible characters counts as empty.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use utoipa::ToSchema;

macro_rules! impl_text {
    ($name:ident) => {
        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    };
}

mod alike;
mod email;
mod guessable;
mod names;
mod personal;
mod visible;

pub use alike::reading;
pub use email::as_in_addresses;
pub use names::{FieldKey, Locale, Slug, TimeZoneName};
pub use personal::{About, Affiliation, EmailAddress, LocalPath, Password, PersonName};
use visible::{is_visible, without_bidi_controls};

/// Why a text was refused: a sentence for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TextError(String);

impl TextError {
    /// An error; the sentence continues "The field … cannot be used:".
    pub(crate) fn new(why: &str) -> Self {
        Self(why.to_owned())
    }
}

/// The text in one line: runs of space, line ends included, become one space.
pub fn one_line(text: &str) -> String {
    if !is_visible(text) {
        return String::new();
    }
    let spaced = without_bidi_controls(text).replace(char::is_control, " ");
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The form in which names and the like are searched: lower case, without accents, words separated
/// by one space.
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

/// The text in lines: `\r\n` and `\r` become `\n`; other control characters except tabs are
/// removed.
pub fn lines(text: &str) -> String {
    if !is_visible(text) {
        return String::new();
    }
    let unix = without_bidi_controls(text).replace("\r\n", "\n").replace('\r', "\n");
    let shown = unix.replace(|c: char| c.is_control() && !matches!(c, '\n' | '\t'), "");
    shown.trim().to_owned()
}

/// A key by which names count as the same, ignoring case and space. At most 180 characters, so that
/// it fits an indexed column.
pub fn name_key(name: &str) -> String {
    one_line(name).to_lowercase().chars().take(180).collect()
}

/// The text in one line, with at most `most` characters; if truncated, it ends in "…".
pub fn shortened(text: &str, most: usize) -> String {
    let line = one_line(text);
    if line.chars().count() <= most {
        return line;
    }
    let begin: String = line.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", begin.trim_end())
}

/// Input as part of a sentence: in quotes and truncated.
pub fn quoted(text: &str) -> String {
    format!("{:?}", shortened(text, 60))
}

/// The text, if its length is within the limits.
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
            /// Its maximum length in characters.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn title(text: &str) -> Result<String, String> {
        Title::try_from(text.to_owned()).map(String::from).map_err(|error| error.to_string())
    }

    #[test]
    fn a_title_is_one_visible_line() {
        assert_eq!(title("  Opening\r\n\tCeremony\u{0}  "), Ok("Opening Ceremony".to_owned()));
        for nothing in [" \u{7} ", "\u{3164}", "\u{200b}\u{202e}\u{fe0f}"] {
            assert_eq!(title(nothing), Err("it must not be empty".to_owned()));
        }
    }

    #[test]
    fn no_text_changes_the_direction_of_its_surroundings() {
        assert_eq!(title("\u{202e}gnp.\u{2068}exe"), Ok("gnp.exe".to_owned()));
        let text = Paragraphs::try_from("one\u{2067}\n\u{202d}two".to_owned()).expect("fits");
        assert_eq!(text.as_str(), "one\ntwo");
        let mixed = "\u{200f}שלום\u{200e} 👩🏽‍💻❤️";
        assert_eq!(title(mixed), Ok(mixed.to_owned()));
    }

    #[test]
    fn searching_ignores_case_and_accents() {
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
}
