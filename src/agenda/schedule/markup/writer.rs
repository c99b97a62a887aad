//! Sanitized HTML, written as text with the few marks that are kept.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use super::inline::{Inline, Mark};
use crate::agenda::schedule::parse::absolute;

/// How deep lists and quotes are nested; deeper ones are written at this depth.
const DEEPEST: usize = 8;

/// What is written of the marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// All that are kept.
    Marked,
    /// None: links are written out, items of lists begin with a dot.
    Plain,
}

/// Writes well-formed HTML as text. `by_lines`: line ends outside of any element are kept.
pub(super) fn write(html: &str, base: Option<&str>, style: Style, by_lines: bool) -> String {
    let writer = Writer {
        base,
        style,
        by_lines,
        text: String::new(),
        inline: Inline::new(style == Style::Marked),
        open: vec![],
        around: vec![],
        code: None,
    };
    let tokenizer = Tokenizer::new(Sink(RefCell::new(writer)), TokenizerOpts::default());
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from(html));
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    let mut writer = tokenizer.sink.0.into_inner();
    writer.end_block();
    writer.text
}

struct Sink<'a>(RefCell<Writer<'a>>);

impl TokenSink for Sink<'_> {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut writer = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(text) => writer.characters(&text),
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => writer.start(&tag),
            Token::TagToken(_) => writer.end(),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// What an element that is open does, and takes back at its end.
#[derive(Debug, PartialEq, Eq)]
enum Open {
    /// Nothing.
    Nothing,
    /// It is a block of its own.
    Block,
    /// It is a block that is marked as a whole.
    Heading,
    /// A mark.
    Mark,
    /// A quotation within the text.
    Quotation,
    /// A list or a quote.
    Around,
    /// A block of code.
    Code,
    /// A cell of a table.
    Cell,
}

impl Open {
    fn is_inline(&self) -> bool {
        matches!(self, Self::Nothing | Self::Mark | Self::Quotation)
    }
}

/// What is around a block.
#[derive(Debug)]
enum Around {
    /// A quote, and whether anything of it is written.
    Quote(bool),
    /// A list: the number of its next item if it is numbered, and whether anything of it is written.
    List(Option<u64>, bool),
    /// An item: its marker, and whether that is written already.
    Item(String, bool),
}

struct Writer<'a> {
    base: Option<&'a str>,
    style: Style,
    by_lines: bool,
    /// What is written.
    text: String,
    /// The block that is being read.
    inline: Inline,
    open: Vec<Open>,
    around: Vec<Around>,
    /// The content of the block of code that is being read.
    code: Option<String>,
}

impl Writer<'_> {
    fn characters(&mut self, text: &str) {
        if let Some(code) = &mut self.code {
            code.push_str(text);
        } else if self.by_lines && self.open.iter().all(Open::is_inline) {
            for (index, line) in text.split('\n').enumerate() {
                if index > 0 {
                    self.line_break();
                }
                self.inline.text(line);
            }
        } else {
            self.inline.text(text);
        }
    }

    /// A line break; two of them end the paragraph.
    fn line_break(&mut self) {
        if let Some(code) = &mut self.code {
            return code.push('\n');
        }
        if self.inline.line_break() > 1 {
            self.end_block();
        }
    }

    fn start(&mut self, tag: &Tag) {
        let attribute = |name: &str| {
            let found = tag.attrs.iter().find(|attribute| &*attribute.name.local == name);
            found.map(|attribute| attribute.value.to_string()).unwrap_or_default()
        };
        let open = match &*tag.name {
            "br" => return self.line_break(),
            "hr" => return self.end_block(),
            "img" => return self.picture(&attribute("src"), &attribute("alt")),
            "wbr" | "col" => return,
            "em" | "i" | "cite" | "dfn" => self.mark(Some(Mark::Emphasis)),
            "strong" | "b" | "mark" => self.mark(Some(Mark::Strong)),
            "code" | "kbd" | "samp" | "tt" | "var" if self.code.is_none() => {
                self.mark(Some(Mark::Code))
            }
            "a" => {
                let address = attribute("href");
                let address = Some(address.trim()).filter(|address| !address.is_empty());
                let address = address.filter(|address| !address.starts_with('#'));
                self.mark(address.and_then(|one| absolute(one, self.base)).map(Mark::Link))
            }
            "q" => {
                self.inline.text("“");
                Open::Quotation
            }
            "ul" => self.enter(Around::List(None, false)),
            "ol" => self.enter(Around::List(attribute("start").parse().ok().or(Some(1)), false)),
            "li" => self.item(),
            "blockquote" => self.enter(Around::Quote(false)),
            "pre" if self.code.is_none() => {
                self.end_block();
                self.code = Some(String::new());
                Open::Code
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "dt" | "summary" | "caption" => {
                self.end_block();
                self.inline.open(Mark::Strong);
                Open::Heading
            }
            "td" | "th" => {
                if !self.inline.is_empty() {
                    self.inline.text(" | ");
                }
                Open::Cell
            }
            "p" | "div" | "section" | "article" | "aside" | "main" | "header" | "footer"
            | "nav" | "address" | "center" | "figure" | "figcaption" | "details" | "dl" | "dd"
            | "table" | "tr" | "hgroup" => {
                self.end_block();
                Open::Block
            }
            _ => Open::Nothing,
        };
        self.open.push(open);
    }

    fn end(&mut self) {
        match self.open.pop() {
            None | Some(Open::Nothing | Open::Cell) => {}
            Some(Open::Mark) => self.inline.close(),
            Some(Open::Quotation) => self.inline.text("”"),
            Some(Open::Block) => self.end_block(),
            Some(Open::Heading) => {
                self.end_block();
                self.inline.close();
            }
            Some(Open::Around) => {
                self.end_block();
                self.around.pop();
            }
            Some(Open::Code) => self.end_code(),
        }
    }

    fn mark(&mut self, mark: Option<Mark>) -> Open {
        match mark {
            Some(mark) => {
                self.inline.open(mark);
                Open::Mark
            }
            None => Open::Nothing,
        }
    }

    fn picture(&mut self, source: &str, words: &str) {
        if let Some(address) = absolute(source.trim(), self.base).filter(|_| !words.is_empty()) {
            self.inline.open(Mark::Link(address));
            self.inline.text(words);
            self.inline.close();
        }
    }

    fn enter(&mut self, around: Around) -> Open {
        self.end_block();
        if self.around.len() >= DEEPEST {
            return Open::Block;
        }
        self.around.push(around);
        Open::Around
    }

    fn item(&mut self) -> Open {
        self.end_block();
        let marker = match self.around.last_mut() {
            Some(Around::List(Some(number), _)) => {
                let marker = format!("{number}. ");
                *number = number.saturating_add(1);
                marker
            }
            _ if self.style == Style::Plain => "• ".to_owned(),
            _ => "- ".to_owned(),
        };
        self.enter(Around::Item(marker, false))
    }

    /// Writes the block that has been read, if there is anything in it.
    fn end_block(&mut self) {
        let block = self.inline.take();
        if !block.is_empty() {
            self.write_lines(&block);
        }
    }

    fn end_code(&mut self) {
        let code = self.code.take().unwrap_or_default();
        let code = code.trim_matches('\n').trim_end();
        if code.is_empty() {
            return;
        }
        if self.style == Style::Plain {
            return self.write_lines(code);
        }
        let ticks = code.lines().map(|line| line.chars().take_while(|c| *c == '`').count()).max();
        let fence = "`".repeat(ticks.unwrap_or(0).max(2) + 1);
        self.write_lines(&format!("{fence}\n{code}\n{fence}"));
    }

    fn write_lines(&mut self, block: &str) {
        if !self.text.is_empty() {
            // Items follow each other closely; any other block is a paragraph of its own.
            let begun = |around: &Around| matches!(around, Around::List(_, true));
            let within_list = self.around.iter().any(begun);
            self.text.push('\n');
            if !within_list {
                let prefix = self.quotes();
                self.text.push_str(prefix.trim_end());
                self.text.push('\n');
            }
        }
        for (index, line) in block.split('\n').enumerate() {
            if index > 0 {
                self.text.push('\n');
            }
            let prefix = self.prefix();
            self.text.push_str(if line.is_empty() { prefix.trim_end() } else { &prefix });
            self.text.push_str(line);
        }
    }

    /// The marks of the quotes that have begun, on a line that parts two blocks.
    fn quotes(&self) -> String {
        let quotes = self.around.iter().filter(|around| matches!(around, Around::Quote(true)));
        quotes.map(|_| "> ").collect()
    }

    /// What stands before a line: the marks of quotes, and the markers of items or their width.
    fn prefix(&mut self) -> String {
        let mut prefix = String::new();
        for around in &mut self.around {
            match around {
                Around::Quote(begun) => {
                    prefix.push_str("> ");
                    *begun = true;
                }
                Around::List(_, begun) => *begun = true,
                Around::Item(marker, written) if *written => {
                    prefix.extend(marker.chars().map(|_| ' '));
                }
                Around::Item(marker, written) => {
                    prefix.push_str(marker);
                    *written = true;
                }
            }
        }
        prefix
    }
}
