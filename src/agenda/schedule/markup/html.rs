//! HTML: whether a text is some, and what of it may stay.

use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

/// Elements that begin a new line. Who writes them writes HTML, not Markdown.
const BLOCKS: &[&str] = &[
    "p",
    "div",
    "ul",
    "ol",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "pre",
    "table",
    "tr",
    "dl",
    "section",
    "article",
    "center",
    "body",
];
/// Other elements that are known as such: anything else between angle brackets is text.
const OTHERS: &[&str] = &[
    "a",
    "abbr",
    "acronym",
    "address",
    "aside",
    "audio",
    "b",
    "bdi",
    "bdo",
    "big",
    "br",
    "button",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "dt",
    "em",
    "embed",
    "figcaption",
    "figure",
    "font",
    "footer",
    "form",
    "head",
    "header",
    "hr",
    "html",
    "i",
    "iframe",
    "img",
    "input",
    "ins",
    "kbd",
    "label",
    "link",
    "main",
    "mark",
    "math",
    "meta",
    "nav",
    "noscript",
    "object",
    "option",
    "q",
    "s",
    "samp",
    "script",
    "select",
    "small",
    "span",
    "strike",
    "strong",
    "style",
    "sub",
    "summary",
    "sup",
    "svg",
    "tbody",
    "td",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "title",
    "tt",
    "u",
    "video",
];
/// The longest name of a character, in bytes.
const LONGEST_ENTITY: usize = 33;
/// Elements whose content is nothing to read.
const UNREADABLE: [&str; 15] = [
    "script", "style", "head", "title", "iframe", "noscript", "object", "svg", "math", "select",
    "textarea", "audio", "video", "template", "button",
];

static SANITIZER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::default();
    builder
        .add_tags(["section", "main", "address"])
        .clean_content_tags(UNREADABLE.into_iter().collect())
        .url_schemes(["http", "https"].into_iter().collect())
        .url_relative(UrlRelative::PassThrough)
        .link_rel(None);
    builder
});

/// HTML, without anything but harmless elements, well formed.
pub(super) fn sanitized(html: &str) -> String {
    SANITIZER.clean(html).to_string()
}

/// Whether there is an element of HTML in the text.
pub(super) fn is_html(text: &str) -> bool {
    tags(text).any(|(_, name)| is_known(name))
}

/// Whether there is an element in it that begins a new line, other than a break.
pub(super) fn has_blocks(text: &str) -> bool {
    tags(text).any(|(_, name)| is_one_of(BLOCKS, name))
}

/// Whether its paragraphs or lines are marked as such.
pub(super) fn has_breaks(text: &str) -> bool {
    tags(text).any(|(_, name)| is_one_of(&["p", "div", "br", "body", "section", "article"], name))
}

/// Whether a character in it is written by a name or a number, like `&amp;`.
pub(super) fn has_entity(text: &str) -> bool {
    text.match_indices('&').any(|(at, _)| {
        let after = &text[at + 1..];
        let end = after.bytes().take(LONGEST_ENTITY).position(|byte| byte == b';');
        let name = end.map_or("", |end| &after[..end]);
        let letters = name.strip_prefix('#').unwrap_or(name);
        !letters.is_empty() && letters.bytes().all(|b| b.is_ascii_alphanumeric())
    })
}

/// The text with what merely looks like an element (`Vec<T>`) as text.
pub(super) fn without_unknown_tags(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        html.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let comment = after.starts_with("!--");
        html.push_str(if comment || name_at(after).is_some_and(is_known) { "<" } else { "&lt;" });
        rest = after;
    }
    html + rest
}

/// HTML that was escaped as if it were text: `&lt;p&gt;…&lt;/p&gt;`.
pub(super) fn unescaped_once(text: &str) -> String {
    if !text.starts_with("&lt;") || !text.contains("&lt;/") || text.contains('<') {
        return text.to_owned();
    }
    let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// What could be elements: where they begin, and their names.
fn tags(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.match_indices('<').filter_map(|(at, _)| Some((at, name_at(&text[at + 1..])?)))
}

/// The name of the element that begins after an angle bracket.
fn name_at(after: &str) -> Option<&str> {
    let after = after.strip_prefix('/').unwrap_or(after);
    let end = after.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(after.len());
    let (name, rest) = after.split_at(end);
    let ends = rest.starts_with(|c: char| c.is_whitespace() || matches!(c, '>' | '/'));
    // An element that never closes is none.
    (!name.is_empty() && ends && rest.contains('>')).then_some(name)
}

fn is_known(name: &str) -> bool {
    is_one_of(BLOCKS, name) || is_one_of(OTHERS, name)
}

fn is_one_of(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}
