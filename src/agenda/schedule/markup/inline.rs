//! The text of one block, with its marks.

/// A mark within a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    /// To be followed at this address.
    Link(String),
    /// Strong emphasis.
    Strong,
    /// Emphasis.
    Emphasis,
    /// Code; there are no marks in it.
    Code,
}

/// The text of one block, while it is read. A mark is written only where there is text in it, and
/// space outside of it, so that `<b> word </b>` becomes ` **word** `.
#[derive(Debug, Default)]
pub(super) struct Inline {
    marked: bool,
    text: String,
    /// The elements that are open; what is no mark here is not among them.
    wanted: Vec<Mark>,
    /// The marks that are written, with the places where their contents begin.
    written: Vec<(Mark, usize)>,
    space: bool,
    breaks: usize,
}

impl Inline {
    /// An empty block, with its marks or without.
    pub(super) fn new(marked: bool) -> Self {
        Self { marked, ..Self::default() }
    }

    /// Whether there is nothing in it.
    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// A mark begins.
    pub(super) fn open(&mut self, mark: Mark) {
        self.wanted.push(mark);
    }

    /// The mark that began last ends.
    pub(super) fn close(&mut self) {
        self.wanted.pop();
    }

    /// Adds text; runs of space count as one.
    pub(super) fn text(&mut self, text: &str) {
        for character in text.chars() {
            if character.is_ascii_whitespace() {
                self.space = true;
            } else {
                self.character(character);
            }
        }
    }

    /// Adds a line break, and returns how many there are one after the other.
    pub(super) fn line_break(&mut self) -> usize {
        self.breaks += usize::from(!self.text.is_empty());
        self.space = false;
        self.breaks
    }

    /// The whole block; the next begins. Marks that are still open go on in it.
    pub(super) fn take(&mut self) -> String {
        self.write_until(0);
        self.space = false;
        self.breaks = 0;
        let text = std::mem::take(&mut self.text);
        if !self.marked {
            return text;
        }
        text.split('\n').map(guarded).collect::<Vec<_>>().join("\n")
    }

    fn character(&mut self, character: char) {
        self.agree();
        let code = matches!(self.written.last(), Some((Mark::Code, _)));
        let in_link = self.written.iter().any(|(mark, _)| matches!(mark, Mark::Link(_)));
        let mark = match character {
            '*' | '`' | '\\' => true,
            '[' | ']' => in_link,
            '(' => self.text.ends_with(']'),
            _ => false,
        };
        if mark && self.marked && !code {
            self.text.push('\\');
        }
        self.text.push(character);
    }

    /// Ends and begins marks, so that those are written that are wanted.
    fn agree(&mut self) {
        let mut wanted = self.wanted.clone();
        // One order for all, so that no mark ends within another.
        wanted.sort();
        wanted.dedup_by(|a, b| a == b || matches!((a, b), (Mark::Link(_), Mark::Link(_))));
        let same = self.written.iter().zip(&wanted).take_while(|((mark, _), want)| mark == *want);
        let same = same.count();
        self.write_until(same);
        if self.breaks > 0 {
            self.text.push('\n');
        } else if self.space && !self.text.is_empty() {
            self.text.push(' ');
        }
        (self.breaks, self.space) = (0, false);
        for mark in wanted.into_iter().skip(same) {
            if self.marked {
                self.text.push_str(match mark {
                    Mark::Strong => "**",
                    Mark::Emphasis => "*",
                    Mark::Link(_) | Mark::Code => "",
                });
            }
            self.written.push((mark, self.text.len()));
        }
    }

    /// Ends the marks beyond the first so many.
    fn write_until(&mut self, count: usize) {
        while self.written.len() > count
            && let Some((mark, begin)) = self.written.pop()
        {
            match mark {
                Mark::Link(address) => {
                    let words = self.text.split_off(begin);
                    let link = self.link(&words.replace('\n', " "), &address);
                    self.text.push_str(&link);
                }
                Mark::Code if self.marked => {
                    let code = self.text.split_off(begin);
                    self.text.push_str(&ticked(&code));
                }
                Mark::Strong if self.marked => self.text.push_str("**"),
                Mark::Emphasis if self.marked => self.text.push('*'),
                _ => {}
            }
        }
    }

    /// An address that is its own words stays bare: everybody makes a link of it.
    fn link(&self, words: &str, address: &str) -> String {
        let said = words.replace('\\', "");
        let bare = |address: &str| address.trim_end_matches('/') == said.trim_end_matches('/');
        let without = address.split_once("://").map_or(address, |(_, rest)| rest);
        if bare(address) || bare(without) {
            return target(address);
        }
        match self.marked {
            true => format!("[{words}]({})", target(address)),
            false => format!("{words} ({address})"),
        }
    }
}

/// An address in which nothing is a mark.
fn target(address: &str) -> String {
    let mut target = String::with_capacity(address.len());
    for character in address.chars() {
        match character {
            '(' | ')' | '*' | '`' | '\\' | '[' | ']' | '<' | '>' | '"' | ' ' => {
                target.push_str(&format!("%{:02X}", u32::from(character)));
            }
            character if character.is_control() => {}
            character => target.push(character),
        }
    }
    target
}

fn ticked(code: &str) -> String {
    let code = code.replace('\n', " ");
    if code.contains('`') { format!("`` {code} ``") } else { format!("`{code}`") }
}

/// A line that does not begin like a list, a quote or a heading.
fn guarded(line: &str) -> String {
    let number = line.trim_start_matches(|character: char| character.is_ascii_digit());
    let digits = line.len() - number.len();
    let followed = |rest: &str| rest.is_empty() || rest.starts_with(' ');
    if digits > 0 && number.starts_with(['.', ')']) && followed(&number[1..]) {
        return format!("{}\\{number}", &line[..digits]);
    }
    let sign = line.starts_with(['-', '+']) && followed(&line[1..]);
    let heading = line.starts_with('#') && followed(line.trim_start_matches('#'));
    let rule =
        line.len() > 1 && ["-", "="].iter().any(|sign| line.replace(sign, "").trim().is_empty());
    if sign || heading || rule || line.starts_with('>') {
        return format!("\\{line}");
    }
    line.to_owned()
}
