//! The SQL in the string literals of a program text.

use std::collections::BTreeSet;

/// A string literal, by the line on which it begins.
#[derive(Debug, PartialEq, Eq)]
pub struct Literal {
    /// The line.
    pub line: usize,
    /// What stands in it.
    pub text: String,
}

/// What a statement that writes begins with.
const WRITING: [&str; 5] = ["INSERT", "REPLACE", "DELETE", "UPDATE", "TRUNCATE"];

/// The string literals of a program text, without those in comments.
pub fn literals(text: &str) -> Vec<Literal> {
    let chars: Vec<char> = text.chars().collect();
    let (mut found, mut place, mut line) = (Vec::new(), 0, 1);
    while let Some(&letter) = chars.get(place) {
        let rest = &chars[place..];
        let begin = line;
        let length = match letter {
            '/' if rest.starts_with(&['/', '/']) => until(rest, "\n"),
            '/' if rest.starts_with(&['/', '*']) => until(rest, "*/"),
            '"' => {
                let (text, length) = quoted(rest);
                found.push(Literal { line: begin, text });
                length
            }
            'r' if !follows_a_name(&chars, place) => match raw(rest) {
                Some((text, length)) => {
                    found.push(Literal { line: begin, text });
                    length
                }
                None => 1,
            },
            // A quotation mark as a letter is no beginning; a lifetime has no end.
            '\'' if rest.get(1) == Some(&'\\') => 3 + until(&rest[3..], "'"),
            '\'' if rest.get(2) == Some(&'\'') => 3,
            _ => 1,
        };
        let passed = &chars[place..(place + length).min(chars.len())];
        line += passed.iter().filter(|letter| **letter == '\n').count();
        place += length;
    }
    found
}

fn follows_a_name(chars: &[char], place: usize) -> bool {
    let before = place.checked_sub(1).and_then(|before| chars.get(before));
    // `br"…"` is a literal, too.
    before.is_some_and(|letter| *letter != 'b' && (letter.is_alphanumeric() || *letter == '_'))
}

/// The number of letters up to and with this end.
fn until(rest: &[char], end: &str) -> usize {
    let end: Vec<char> = end.chars().collect();
    let found = rest.windows(end.len()).position(|window| *window == end[..]);
    found.map_or(rest.len(), |place| place + end.len())
}

/// Reads `"…"`; a line that ends in `\` goes on with the next.
fn quoted(rest: &[char]) -> (String, usize) {
    let (mut text, mut place) = (String::new(), 1);
    while let Some(&letter) = rest.get(place) {
        match letter {
            '"' => return (text, place + 1),
            '\\' => {
                // What is escaped is never a part of a keyword.
                text.push(' ');
                place += 2;
            }
            _ => {
                text.push(letter);
                place += 1;
            }
        }
    }
    (text, place)
}

/// Reads `r"…"` and `r#"…"#`.
fn raw(rest: &[char]) -> Option<(String, usize)> {
    let marks = rest[1..].iter().take_while(|letter| **letter == '#').count();
    if rest.get(1 + marks) != Some(&'"') {
        return None;
    }
    let begin = marks + 2;
    let end = format!("\"{}", "#".repeat(marks));
    let length = until(&rest[begin..], &end);
    let text = rest[begin..begin + length].iter().collect::<String>();
    Some((text.trim_end_matches(&end).to_owned(), begin + length))
}

/// The words of a text as SQL separates them; a placeholder of `format!` is a word `{…}`.
pub fn words(text: &str) -> Vec<&str> {
    let is_between = |letter: char| letter.is_whitespace() || "(),;=".contains(letter);
    text.split(is_between).filter(|word| !word.is_empty()).collect()
}

fn is(word: Option<&&str>, keyword: &str) -> bool {
    word.is_some_and(|word| word.eq_ignore_ascii_case(keyword))
}

/// The tables (or placeholders) that a text writes to.
pub fn written<'a>(words: &[&'a str]) -> Vec<&'a str> {
    let table_at = |place: usize| {
        let after = |distance| words.get(place + distance);
        let table = match words[place].to_ascii_uppercase().as_str() {
            "INSERT" | "REPLACE" if is(after(1), "INTO") => after(2),
            // `INSERT OR IGNORE INTO`, `INSERT IGNORE INTO`
            "INSERT" if is(after(3), "INTO") => after(4),
            "INSERT" if is(after(2), "INTO") => after(3),
            "DELETE" if is(after(1), "FROM") => after(2),
            // Not `DO UPDATE SET`, nor `FOR UPDATE`.
            "UPDATE" if is(after(2), "SET") => after(1),
            "TRUNCATE" if is(after(1), "TABLE") => after(2),
            "TRUNCATE" => after(1),
            _ => None,
        };
        table.copied()
    };
    (0..words.len()).filter_map(table_at).collect()
}

/// Whether a text is SQL, or a part of it: by what it writes or makes, by keywords in capitals, or
/// by reading a table.
pub fn is_statement(words: &[&str], tables: &BTreeSet<String>) -> bool {
    let makes = |pair: &[&str]| {
        matches!(pair[0], "CREATE" | "DROP" | "ALTER") && matches!(pair[1], "TABLE" | "INDEX")
            || matches!(pair[0], "ORDER" | "GROUP") && pair[1] == "BY"
    };
    let reads = |pair: &[&str]| {
        matches!(pair[0].to_ascii_uppercase().as_str(), "FROM" | "JOIN" | "INTO" | "UPDATE")
            && tables.contains(pair[1])
    };
    let known = |table: &&str| tables.contains(*table) || table.starts_with('{');
    let in_capitals = || words.iter().any(|word| WRITING.contains(word));
    let writes = written(words);
    writes.iter().any(known)
        || !writes.is_empty() && in_capitals()
        || words.iter().any(|word| matches!(*word, "SELECT" | "WHERE" | "JOIN"))
        || words.windows(2).any(makes)
        || is(words.iter().find(|word| is(Some(word), "select")), "select")
            && words.windows(2).any(reads)
}

/// The name of a table without marks of quotation.
pub fn bare(table: &str) -> &str {
    table.trim_matches(|letter| matches!(letter, '`' | '"' | '\''))
}

#[test]
fn statements_are_read_as_databases_read_them() {
    let table = |text: &str| written(&words(text)).join(" ");
    assert_eq!(
        table("INSERT INTO rooms(id, name) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET"),
        "rooms"
    );
    assert_eq!(table("INSERT OR IGNORE INTO rooms SELECT id FROM people"), "rooms");
    assert_eq!(table("SELECT id FROM people FOR UPDATE"), "");
    assert_eq!(table("update {table} set a = 1; DELETE\n FROM people"), "{table} people");
    let text =
        "br\"one\" b'\"' r#\"t\"wo\"# \"th\\\"ree\" /* \"no\" */ fn f<'a>(x: &'a str) \"four\"";
    let found: Vec<_> = literals(text).into_iter().map(|literal| literal.text).collect();
    assert_eq!(found, ["one", "t\"wo", "th ree", "four"]);
}
