//! Markdown, as the programs that collect talks show it: every line end is one.

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd, html};

use super::html::{is_html, without_unknown_tags};

/// The text as HTML, with whatever HTML stands in it.
pub(super) fn to_html(text: &str) -> String {
    let parser = Parser::new_ext(text, Options::ENABLE_TABLES);
    let mut indented = false;
    let events = parser.flat_map(|event| {
        let event = match event {
            Event::SoftBreak => Event::HardBreak,
            // An indented line is a paragraph's first, in texts that people write by hand.
            Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => {
                indented = true;
                Event::Start(Tag::Paragraph)
            }
            Event::End(TagEnd::CodeBlock) if indented => {
                indented = false;
                Event::End(TagEnd::Paragraph)
            }
            Event::Html(html) => raw(&html, Event::Html),
            Event::InlineHtml(html) => raw(&html, Event::InlineHtml),
            Event::Text(text) if indented => return by_line(&text),
            other => other,
        };
        vec![event]
    });
    let mut written = String::new();
    html::push_html(&mut written, events);
    written
}

/// HTML stays; what merely looks like it is text.
fn raw<'a>(html: &str, event: impl Fn(CowStr<'a>) -> Event<'a>) -> Event<'a> {
    if is_html(html) || html.starts_with("<!--") {
        event(without_unknown_tags(html).into())
    } else {
        Event::Text(html.to_owned().into())
    }
}

fn by_line<'a>(text: &str) -> Vec<Event<'a>> {
    let lines = text.lines().map(|line| Event::Text(line.to_owned().into()));
    lines.flat_map(|line| [line, Event::HardBreak]).collect()
}
