//! The text of a message, checked at the edge.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::protocol::Refusal;
use crate::text::lines;

/// How many characters a message may have.
pub const MESSAGE_LENGTH: usize = 4_000;

/// A message's text: 1 to 4,000 characters, at least one of them visible, without control
/// characters other than line breaks and tabs, and without bidirectional controls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, min_length = 1, max_length = 4_000)]
pub struct MessageText(String);

impl MessageText {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a text cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// There is nothing in it.
    #[error("A message needs at least one visible character.")]
    Empty,
    /// It is too long.
    #[error("A message can have {MESSAGE_LENGTH} characters; this one has {0}.")]
    TooLong(usize),
    /// It has characters that cannot be shown.
    #[error("The message contains control characters that cannot be shown.")]
    Control,
}

impl TryFrom<String> for MessageText {
    type Error = TextError;

    fn try_from(text: String) -> Result<Self, TextError> {
        let length = text.chars().count();
        if length > MESSAGE_LENGTH {
            return Err(TextError::TooLong(length));
        }
        if text
            .chars()
            .any(|character| character.is_control() && !matches!(character, '\n' | '\t' | '\r'))
        {
            return Err(TextError::Control);
        }
        let text = lines(&text);
        if text.is_empty() { Err(TextError::Empty) } else { Ok(Self(text)) }
    }
}

impl From<TextError> for Refusal {
    fn from(error: TextError) -> Self {
        let code = match error {
            TextError::Empty => "chat.empty",
            TextError::TooLong(_) => "chat.too_long",
            TextError::Control => "request.invalid",
        };
        Self::new(code, error.to_string()).about("text")
    }
}

impl From<MessageText> for String {
    fn from(text: MessageText) -> Self {
        text.0
    }
}

/// A reaction: one emoji of Unicode's list, skin tones, flags and joined ones included, in the
/// spelling that the list calls fully qualified. So what looks the same is counted together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, example = "👍")]
pub struct Emoji(String);

impl Emoji {
    /// The emoji.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text is no emoji.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("A reaction is a single emoji.")]
pub struct NotAnEmoji;

impl TryFrom<String> for Emoji {
    type Error = NotAnEmoji;

    fn try_from(text: String) -> Result<Self, NotAnEmoji> {
        // Grapheme clusters are not enough: two thumbs with a joiner are one cluster, but shown as
        // two.
        let known = emojis::get(&text).ok_or(NotAnEmoji)?;
        Ok(Self(known.as_str().to_owned()))
    }
}

impl From<Emoji> for String {
    fn from(emoji: Emoji) -> Self {
        emoji.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_trimmed_and_bounded() {
        let text = |text: &str| MessageText::try_from(text.to_owned());
        assert_eq!(text(" hello\r\nworld ").unwrap().as_str(), "hello\nworld");
        for nothing in ["   \u{200b}", "\u{202e}", "\u{2060}\u{feff}", "\u{fe0f}\n\u{2800}"] {
            assert_eq!(text(nothing), Err(TextError::Empty));
        }
        assert_eq!(text("\u{202e}olleh\u{2066}").unwrap().as_str(), "olleh");
        assert_eq!(text("👩🏽‍💻 ❤️ \u{200f}שלום").unwrap().as_str(), "👩🏽‍💻 ❤️ \u{200f}שלום");
        assert_eq!(text("a\0b"), Err(TextError::Control));
        assert_eq!(text(&"ä".repeat(4_001)), Err(TextError::TooLong(4_001)));
        assert!(text(&"ä".repeat(4_000)).is_ok());
    }

    #[test]
    fn a_reaction_is_one_emoji() {
        let emoji = |text: &str| Emoji::try_from(text.to_owned()).map(String::from);
        for good in ["👍", "👍🏿", "❤️", "👩🏽‍💻", "👨‍👩‍👧‍👦", "👨🏻‍❤️‍💋‍👨🏿", "🏳️‍🌈", "🇪🇺", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "1️⃣", "©️"]
        {
            assert_eq!(emoji(good), Ok(good.to_owned()));
        }
        for bad in [
            "",
            "a",
            "é",
            "ok",
            "1",
            "#",
            "中",
            "👍👍",
            "👍 👍",
            "👍\u{200d}👍",
            "👍a",
            "👍\u{308}",
            "🇪",
            "🇽🇽",
            "🇪🇺🇪🇺",
            "\u{fe0f}",
            "\u{200d}",
            "\u{202e}👍",
            "👍 ",
        ] {
            assert_eq!(emoji(bad), Err(NotAnEmoji), "{bad:?}");
        }
    }

    #[test]
    fn what_looks_the_same_is_the_same_reaction() {
        let emoji = |text: &str| Emoji::try_from(text.to_owned()).map(String::from);
        assert_eq!(emoji("\u{2764}"), emoji("\u{2764}\u{fe0f}"));
        assert_eq!(emoji("\u{1f3f3}\u{200d}\u{1f308}"), emoji("🏳️‍🌈"));
    }
}
