//! The visible part of a text, and protection of the texts around it.

use icu_properties::CodePointSetData;
use icu_properties::props::DefaultIgnorableCodePoint;

/// Whether a text has visible characters. Neither space nor characters that only affect others
/// (joiners, variation selectors, direction marks, fillers) are visible by themselves.
pub(super) fn is_visible(text: &str) -> bool {
    let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    text.chars().any(|character| {
        // The empty Braille pattern is blank, but not white space in Unicode.
        let blank = character.is_whitespace() || character == '\u{2800}';
        !blank && !character.is_control() && !ignorable.contains(character)
    })
}

/// The text without the bidirectional controls that act until they are closed (embeddings,
/// overrides and isolates, UAX #9 §2): left open they reorder whatever is shown after the text, and
/// an override can disguise the text itself. Removing all of them needs no balancing; Arabic and
/// Hebrew do not need them, and the marks that act only where they stand (LRM, RLM, ALM) are kept.
pub(super) fn without_bidi_controls(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.replace(turns, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_only_affect_others_are_invisible() {
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
