//! The permission table for readers.

use std::fmt::Write as _;

use super::{Level, RULES};

/// The table as Markdown: who may do what to their own and to what is somebody else's, and what a
/// time-out forbids.
pub fn markdown() -> String {
    let mut text = String::from(
        "| operation | one's own | somebody else's | during a time-out |\n\
         | --- | --- | --- | --- |\n",
    );
    for rule in RULES {
        let still = if rule.speaks { "no" } else { "yes" };
        // Writing to a text cannot fail.
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {still} |",
            rule.name,
            words(rule.own),
            words(rule.foreign)
        );
    }
    text
}

fn words(level: Level) -> &'static str {
    match level {
        Level::Everyone => "everyone",
        Level::SignedIn => "signed in",
        Level::Guest => "guest",
        Level::Attendee => "attendee",
        Level::Moderator => "moderator",
        Level::Organizer => "organizer",
        Level::Founder => "organizer of the installation",
        Level::Nobody => "nobody",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_a_row() {
        let text = markdown();
        assert_eq!(text.lines().count(), RULES.len() + 2);
        assert!(text.contains("| `message.delete` | attendee | moderator | yes |"), "{text}");
        assert!(text.contains("| `message.send` | attendee | nobody | no |"), "{text}");
        for line in text.lines() {
            assert_eq!(line.matches(" | ").count(), 3, "{line}");
        }
    }
}
