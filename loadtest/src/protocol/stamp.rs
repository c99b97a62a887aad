//! What this program writes into every message, so that any server's deliveries can be counted
//! and timed: `~number.sender.intended~`, and as many words as are wanted behind it.

use std::fmt::Write as _;

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

use crate::clock::Nanos;

/// A message's mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// Its number among all of its room in this run, from 1.
    pub(crate) number: u64,
    /// Who was to send it.
    pub(crate) sender: u64,
    /// When it was to be sent.
    pub(crate) intended: Nanos,
}

/// What people say. Which words, is as good as random: a text that repeats itself would compress
/// better than people's do.
const WORDS: [&str; 128] = [
    "the",
    "of",
    "and",
    "to",
    "a",
    "in",
    "that",
    "is",
    "was",
    "for",
    "it",
    "on",
    "with",
    "as",
    "you",
    "this",
    "but",
    "they",
    "have",
    "from",
    "not",
    "what",
    "all",
    "were",
    "when",
    "your",
    "can",
    "said",
    "there",
    "use",
    "each",
    "which",
    "how",
    "their",
    "will",
    "other",
    "about",
    "out",
    "many",
    "then",
    "them",
    "these",
    "some",
    "her",
    "would",
    "make",
    "like",
    "him",
    "into",
    "time",
    "has",
    "look",
    "two",
    "more",
    "write",
    "see",
    "number",
    "way",
    "could",
    "people",
    "than",
    "first",
    "been",
    "who",
    "now",
    "find",
    "long",
    "down",
    "day",
    "did",
    "get",
    "come",
    "made",
    "may",
    "part",
    "question",
    "speaker",
    "slide",
    "demo",
    "thanks",
    "great",
    "talk",
    "room",
    "sound",
    "video",
    "microphone",
    "louder",
    "please",
    "agree",
    "really",
    "nice",
    "point",
    "anyone",
    "else",
    "seeing",
    "this",
    "happen",
    "again",
    "yesterday",
    "keynote",
    "workshop",
    "coffee",
    "break",
    "next",
    "session",
    "starts",
    "minutes",
    "later",
    "link",
    "repository",
    "paper",
    "results",
    "slower",
    "faster",
    "measured",
    "wonder",
    "whether",
    "scales",
    "without",
    "cache",
    "database",
    "network",
    "latency",
    "browser",
    "mobile",
    "release",
    "version",
    "hello",
];

impl Stamp {
    /// The text of a message of about so many bytes.
    pub(crate) fn text(&self, bytes: usize) -> String {
        let mut text = String::with_capacity(bytes + 64);
        // Writing into a string cannot fail.
        let _ = write!(text, "~{}.{}.{}~ ", self.number, self.sender, self.intended);
        let mut random = StdRng::seed_from_u64(self.number ^ self.sender.rotate_left(32));
        while text.len() < bytes {
            text.push_str(WORDS[random.random_range(0..WORDS.len())]);
            text.push(' ');
        }
        text.truncate(bytes.max(text.find("~ ").map_or(0, |end| end + 2)));
        text
    }

    /// The mark within a text.
    pub(crate) fn find(text: &str) -> Option<Self> {
        let (_, rest) = text.split_once('~')?;
        let (mark, _) = rest.split_once('~')?;
        let mut parts = mark.split('.').map(str::parse);
        let mut part = || parts.next()?.ok();
        let stamp = Self { number: part()?, sender: part()?, intended: part()? };
        parts.next().is_none().then_some(stamp)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_found_in_what_was_written() {
        let stamp = Stamp { number: 7, sender: 12, intended: 1_234_567_890_123 };
        for bytes in [0, 50, 200, 1_000] {
            let text = stamp.text(bytes);
            assert_eq!(Stamp::find(&text), Some(stamp));
            assert!(bytes < 50 || text.len() == bytes);
        }
        assert_eq!(Stamp::find(&format!("18 {}", stamp.text(80))), Some(stamp));
    }

    #[test]
    fn what_people_write_is_no_mark() {
        for text in ["", "hello", "~5 minutes", "~1.2~", "~1.2.x~", "~1.2.3.4~"] {
            assert_eq!(Stamp::find(text), None, "{text}");
        }
    }
}
