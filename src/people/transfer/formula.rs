//! Keeps spreadsheets from running what somebody has typed: a cell that begins with `=` and the like
//! is a formula to them.
//!
//! A program that is told, or guesses, that the columns are separated by semicolons or tabs begins a
//! cell behind each of those, and behind each line end, whatever is quoted. So every place where a
//! cell could begin is looked at. An apostrophe there shows the rest as the text that it is; an import
//! takes it away again.

/// What begins a formula, in the widths of East Asian scripts, too; and what some programs skip.
const BEGINS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
/// What may stand before it.
const SKIPPED: [char; 3] = [' ', '"', '\''];
/// What ends a cell for one program or another, beside the comma, which is quoted for all.
const SEPARATORS: [char; 4] = [';', '\t', '\r', '\n'];

/// Whether a cell that begins like this could be read as a formula.
fn begins_formula(cell: &str) -> bool {
    cell.trim_start_matches(SKIPPED).starts_with(BEGINS)
}

/// The text as it is written to a table.
pub(super) fn guarded(text: &str) -> String {
    each_cell(text, |cell| if begins_formula(cell) { ("'", cell) } else { ("", cell) })
}

/// The text that was [`guarded`].
pub(super) fn unguarded(text: &str) -> String {
    each_cell(text, |cell| {
        let rest = cell.strip_prefix('\'').filter(|rest| begins_formula(rest));
        ("", rest.unwrap_or(cell))
    })
}

/// The text, with what each of its possible cells begins with, and with what of the rest is left.
fn each_cell<'a>(mut text: &'a str, change: impl Fn(&'a str) -> (&'static str, &'a str)) -> String {
    let mut written = String::with_capacity(text.len() + 1);
    loop {
        let (before, rest) = change(text);
        written.push_str(before);
        // A separator is one character of one byte.
        let Some(end) = rest.find(SEPARATORS) else {
            written.push_str(rest);
            return written;
        };
        let (cell, others) = rest.split_at(end + 1);
        written.push_str(cell);
        text = others;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_taken_for_a_formula() {
        for (text, expected) in [
            ("=1+1", "'=1+1"),
            ("+49", "'+49"),
            ("-1", "'-1"),
            ("@cmd", "'@cmd"),
            ("＝1", "'＝1"),
            ("\tx", "'\tx"),
            (" =1", "' =1"),
            ("Ada", "Ada"),
            ("a=b", "a=b"),
            ("O'Neil; Ada", "O'Neil; Ada"),
            ("x;=1+1", "x;'=1+1"),
            ("x; \"=1+1", "x;' \"=1+1"),
            ("x\t@cmd\r\n-2", "x\t'@cmd\r'\n'-2"),
            ("", ""),
        ] {
            assert_eq!(guarded(text), expected);
        }
    }

    proptest::proptest! {
        #[test]
        fn an_import_reads_what_was_exported(text in "[=+@;'\" \t\r\na-]{0,12}") {
            proptest::prop_assert_eq!(unguarded(&guarded(&text)), text);
        }
    }
}
