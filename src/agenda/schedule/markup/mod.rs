//! The texts of a schedule, which programs write as HTML, as Markdown or plainly.
//!
//! What is kept is a small part of Markdown, so that every text can be read as it is, and shown by
//! whoever knows only these marks: paragraphs, line breaks, `*emphasis*`, `**strong emphasis**`,
//! `` `code` ``, `[links](https://…)`, lists (`-`, `1.`), quotes (`>`) and blocks of code (` ``` `). A backslash
//! before a mark makes it a plain character. HTML is parsed and sanitized by ammonia, Markdown parsed
//! by pulldown-cmark; what they leave is written anew by [`writer`], mark by mark.

mod html;
mod inline;
mod markdown;
#[cfg(test)]
mod tests;
mod writer;

use crate::text::{lines, one_line};

/// How much is read of a title or a name, and of a text without marks, in characters.
const LONGEST_LINE: usize = 5_000;
const LONGEST: usize = 50_000;
/// How many elements a text may have; nested deeply, each takes longer than the one before.
const MOST_TAGS: usize = 4_000;

/// The text with its marks, of at most `most` characters, and whether it was longer. Relative
/// addresses are resolved against `base`.
pub fn readable(text: &str, base: Option<&str>, most: usize) -> (String, bool) {
    let text = lines(text);
    let (text, cut) = within(&text, most);
    if is_unmarked(&text) {
        return (text, cut);
    }
    let read = written(&text, base, writer::Style::Marked);
    let (read, longer) = within(&read, most);
    (read, cut || longer)
}

/// The text without any marks, with its lines.
pub fn plain_lines(text: &str) -> String {
    let (text, _) = within(&lines(text), LONGEST);
    if is_unmarked(&text) { text } else { written(&text, None, writer::Style::Plain) }
}

/// The text on one line, as titles and names are; only what is HTML in it is read as such.
pub fn plain(text: &str) -> String {
    let (text, _) = within(text, LONGEST_LINE);
    if !html::is_html(&text) && !html::has_entity(&text) {
        return one_line(&text);
    }
    let clean = html::sanitized(&html::without_unknown_tags(&text));
    one_line(&writer::write(&clean, None, writer::Style::Plain, false))
}

fn written(text: &str, base: Option<&str>, style: writer::Style) -> String {
    let text = html::unescaped_once(text);
    let (source, by_lines) = if html::has_blocks(&text) {
        // Where neither paragraphs nor breaks are marked, the lines mean something.
        (html::without_unknown_tags(&text), !html::has_breaks(&text))
    } else {
        (markdown::to_html(&text), false)
    };
    if source.matches('<').count() > MOST_TAGS {
        // No text is that; it is shown as it is.
        return text;
    }
    lines(&writer::write(&html::sanitized(&source), base, style, by_lines))
}

/// Whether nothing in the text could be a mark.
fn is_unmarked(text: &str) -> bool {
    let marks = ['<', '>', '&', '*', '_', '`', '[', ']', '#', '~', '|', '\\', '='];
    let list = |line: &str| {
        let line = line.trim_start_matches(|character: char| character.is_ascii_digit());
        line.starts_with(['-', '+', '.', ')', ' ', '\t'])
    };
    !text.contains(marks) && !text.lines().any(list)
}

/// The text, at most so many characters of it; if there are more, it ends in "…".
fn within(text: &str, most: usize) -> (String, bool) {
    let Some((end, _)) = text.char_indices().nth(most.saturating_sub(1)) else {
        return (text.to_owned(), false);
    };
    if text.char_indices().nth(most).is_none() {
        return (text.to_owned(), false);
    }
    (format!("{}…", text[..end].trim_end()), true)
}
