//! The visible part of a text, and protection of the texts around it.

use icu_properties::props::DefaultIgnorableCodePoint;
use icu_properties::{CodePointSetData, CodePointSetDataBorrowed};
use unicode_normalization::UnicodeNormalization as _;
use unicode_segmentation::UnicodeSegmentation as _;

use super::one_line;

/// Whether a text has visible characters. Neither space nor characters that only affect others
/// (joiners, variation selectors, direction marks, fillers) are visible by themselves.
pub(super) fn is_visible(text: &str) -> bool {
    let blank = |c: char| c.is_whitespace() || c == EMPTY_BRAILLE;
    text.chars().any(|c| !blank(c) && !c.is_control() && !IGNORABLE.contains(c))
}

/// The text in one line without the characters that nobody sees, so that two names look different
/// if they are: zero-width characters, joiners, soft hyphens, direction marks, tags. They stay only
/// within an emoji, which is then spelled in full; letters are composed (NFC).
pub(super) fn name_line(text: &str) -> String {
    let composed: String = text.nfc().collect();
    let mut shown = String::with_capacity(composed.len());
    for cluster in composed.graphemes(true) {
        match emojis::get(cluster).filter(|_| !cluster.is_ascii()) {
            Some(emoji) => shown.push_str(emoji.as_str()),
            None => shown.extend(cluster.chars().filter(|c| !is_unseen(*c))),
        }
    }
    one_line(&shown.replace(EMPTY_BRAILLE, " "))
}

fn is_unseen(character: char) -> bool {
    // The marks of interlinear annotations are not shown either, but not ignorable in Unicode.
    IGNORABLE.contains(character) || matches!(character, '\u{fff9}'..='\u{fffb}')
}

const IGNORABLE: CodePointSetDataBorrowed<'static> =
    CodePointSetData::new::<DefaultIgnorableCodePoint>();

/// Blank, but not white space in Unicode.
const EMPTY_BRAILLE: char = '\u{2800}';

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

    #[test]
    fn names_lose_what_nobody_sees() {
        for text in [
            "Mod Erator",
            "Mod\u{200b} Erator",
            "M\u{200c}o\u{200d}d Erator",
            "Mod E\u{ad}rator",
            "Mod\u{2060} Erator\u{feff}",
            "\u{200e}Mod Erator\u{200f}\u{61c}",
            "Mod Erator\u{e0041}\u{e007f}",
            "Mod\u{2800}Erator",
            "Mod\u{180e} Erat\u{34f}or\u{3164}",
            "Mod Erator\u{fe0f}\u{e0100}",
        ] {
            assert_eq!(name_line(text), "Mod Erator", "{text:?}");
        }
        assert_eq!(name_line("Zoe\u{308}"), "Zoë");
    }

    #[test]
    fn emoji_in_names_stay_whole() {
        for text in ["Ada 👩🏽‍💻", "❤️ Bob", "Cy 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "Di 🇩🇪", "R2D2 #1"]
        {
            assert_eq!(name_line(text), text);
        }
        assert_eq!(name_line("❤ Bob"), "❤️ Bob", "one spelling");
        assert_eq!(name_line("a\u{200d}👩\u{200d}b"), "a👩b");
    }
}
