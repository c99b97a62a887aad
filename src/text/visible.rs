//! What can be seen of a text, and what it must not do to the texts around it.

use icu_properties::CodePointSetData;
use icu_properties::props::DefaultIgnorableCodePoint;

/// Whether there is anything to see in a text. Neither space nor what only tells how to show other
/// characters (joiners, variation selectors, marks of direction, fillers) can be seen by itself.
pub(super) fn is_visible(text: &str) -> bool {
    let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    text.chars().any(|character| {
        // The empty Braille pattern is a blank that Unicode does not count as space.
        let blank = character.is_whitespace() || character == '\u{2800}';
        !blank && !character.is_control() && !ignorable.contains(character)
    })
}

/// The text without the characters that turn the direction of what follows until it is turned back
/// (embeddings, overrides and isolates, UAX #9 §2): left open they reorder whatever is shown after
/// the text, and an override shows a text other than the one that is there. Taking all of them out
/// leaves nothing to be balanced; Arabic and Hebrew need none of them, and the marks that act only
/// where they stand (LRM, RLM, ALM) stay.
pub(super) fn without_turns(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.replace(turns, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_steers_other_characters_is_not_seen() {
        for text in [
            "",
            " \n",
            "\u{a0}\u{3000}",
            "\u{7}",
            "\u{ad}",
            "\u{61c}",
            "\u{115f}",
            "\u{180e}",
            "\u{200b}",
            "\u{200d}\u{200e}",
            "\u{202e}",
            "\u{2060}",
            "\u{2066}\u{2069}",
            "\u{2800}",
            "\u{3164}",
            "\u{fe0f}",
            "\u{feff}",
            "\u{ffa0}",
            "\u{e0041}",
            "\u{e0100}",
        ] {
            assert!(!is_visible(text), "{text:?}");
        }
        for text in ["a", ".", "א", "👍", "\u{200b}a", "\u{fffd}"] {
            assert!(is_visible(text), "{text:?}");
        }
    }
}
