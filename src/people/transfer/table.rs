//! Reading a table of comma-separated values, as spreadsheets and ticket systems write them.

use std::io::Read as _;

use csv::{ReaderBuilder, StringRecord};

use super::notes::Notes;

/// The largest table, in bytes.
pub const LARGEST_TABLE: usize = 32 * 1024 * 1024;
/// The maximum number of rows.
const MAX_ROWS: usize = 50_000;
/// The maximum number of columns.
const MAX_COLUMNS: usize = 500;
/// The longest cell.
const LONGEST_CELL: usize = 20_000;
/// A line appended after the last one. If it ends up within a cell, a quotation mark was not
/// closed: the parser tolerates that, and would read all following rows as one cell.
const END: &str = "\u{1}";

/// A table: the names of the columns, and the non-empty rows.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) header: Vec<String>,
    pub(super) rows: Vec<Row>,
}

/// A row, with at most as many cells as the table has columns: the empty ones at the end may be left
/// out.
#[derive(Debug)]
pub(super) struct Row {
    /// As spreadsheets count: the header is row 1.
    pub(super) number: usize,
    pub(super) cells: StringRecord,
}

/// Reads a table; `None` if it cannot be split into columns. The errors are then in the notes.
pub(super) fn read(bytes: &[u8], notes: &mut Notes) -> Option<Table> {
    let text = match decode(bytes) {
        Ok(text) => text,
        Err(why) => {
            notes.fault_of_table(why);
            return None;
        }
    };
    let (text, separator) = separator_line(text);
    let mut reader = ReaderBuilder::new()
        .delimiter(separator.unwrap_or_else(|| delimiter(text)))
        .flexible(true)
        .has_headers(false)
        .from_reader(text.as_bytes().chain(&b"\n"[..]).chain(END.as_bytes()));
    let mut records = reader.records().enumerate().filter_map(|(index, record)| {
        let record = record.ok()?;
        record.iter().any(|cell| !cell.trim().is_empty()).then_some((index + 1, record))
    });
    let mut records = records.by_ref().take_while(|(_, record)| record.iter().ne([END]));
    let Some((_, header)) = records.next() else {
        notes.fault_of_table("The table is empty.");
        return None;
    };
    if header.iter().any(|name| name.ends_with(END)) {
        notes.fault_of_table("A quotation mark in the first row is not closed.");
        return None;
    }
    if header.len() > MAX_COLUMNS {
        notes.fault_of_table(&format!("The table has more than {MAX_COLUMNS} columns."));
        return None;
    }
    let header: Vec<String> = header.iter().map(|name| name.trim().to_owned()).collect();
    let mut rows = Vec::new();
    for (number, mut cells) in records {
        // Spreadsheets leave out, or add, empty cells at the end.
        if cells.iter().any(|cell| cell.ends_with(END)) {
            notes.fault(number, None, "A quotation mark is not closed.".to_owned());
            continue;
        }
        let surplus = cells.iter().skip(header.len()).any(|cell| !cell.trim().is_empty());
        if surplus || cells.iter().any(|cell| cell.len() > LONGEST_CELL) {
            let why = if surplus {
                format!("It has {} cells, the header {}.", cells.len(), header.len())
            } else {
                "A cell is longer than any should be.".to_owned()
            };
            notes.fault(number, None, why);
            continue;
        }
        cells.truncate(header.len());
        rows.push(Row { number, cells });
        if rows.len() > MAX_ROWS {
            notes.fault_of_table(&format!(
                "The table has more than {MAX_ROWS} rows. Import it in parts."
            ));
            return None;
        }
    }
    Some(Table { header, rows })
}

/// The text without its byte order mark.
fn decode(bytes: &[u8]) -> Result<&str, &'static str> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err("The table is written in UTF-16. Save it as CSV in UTF-8.");
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|_| "The table is not written in UTF-8. In Excel, save it as “CSV UTF-8”.")?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// The text without a first line that only names the delimiter (`sep=;`), as programs write it for
/// Excel, and that delimiter. Spreadsheets do not count that line.
fn separator_line(text: &str) -> (&str, Option<u8>) {
    let end = text.find(['\r', '\n']).unwrap_or(text.len());
    let (line, rest) = text.split_at(end);
    let line = line.strip_prefix('"').and_then(|line| line.strip_suffix('"')).unwrap_or(line);
    // Some programs delimit this line, too, up to the width of the table.
    let line = line.trim_end_matches(' ');
    let named = line.get(..4).filter(|name| name.eq_ignore_ascii_case("sep=")).map(|_| &line[4..]);
    let separator = match named.map(str::as_bytes) {
        Some([separator, others @ ..])
            if separator.is_ascii()
                && others.iter().all(|other| matches!(other, b',' | b';' | b'\t')) =>
        {
            *separator
        }
        // A tab that a program has trimmed.
        Some([]) => b'\t',
        _ => return (text, None),
    };
    let rest = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(['\r', '\n']));
    (rest.unwrap_or_default(), Some(separator))
}

/// The delimiter: whichever of semicolon, comma and tab occurs most in the first line, outside of
/// quotation marks.
fn delimiter(text: &str) -> u8 {
    let mut quoted = false;
    let mut counts = [(b',', 0_usize), (b';', 0), (b'\t', 0)];
    for byte in text.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if quoted => {}
            _ => {
                for (delimiter, count) in &mut counts {
                    *count += usize::from(*delimiter == byte);
                }
            }
        }
    }
    // The first of those that are equal: max_by_key takes the last.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(delimiter, _)| *delimiter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<Vec<String>> {
        let mut notes = Notes::default();
        let table = read(text.as_bytes(), &mut notes).expect("a table");
        assert!(notes.faults().is_empty(), "{:?}", notes.faults());
        let row = |row: &Row| row.cells.iter().map(str::to_owned).collect();
        [vec![table.header], table.rows.iter().map(row).collect()].concat()
    }

    fn fault(bytes: &[u8]) -> String {
        let mut notes = Notes::default();
        read(bytes, &mut notes);
        notes.faults().first().expect("a fault").message.clone()
    }

    #[test]
    fn every_spreadsheets_idea_of_csv_is_read() {
        for text in [
            "a,b\n1,2\n",
            "\u{feff}a;b\r\n1;2\r\n",
            "a\tb\r1\t2",
            "\"a\",\"b\"\n\"1\",\"2\"",
            "a,b\n\n1,2\n,\n",
            "sep=;\na;b\n1;2\n",
            "\u{feff}SEP=,\r\na,b\r\n1,2\r\n",
            "\"sep=|\"\na|b\n1|2\n",
            "sep=\t\na\tb\n1\t2\n",
            "sep=;;\ra;b\r1;2",
        ] {
            assert_eq!(cells(text), [["a", "b"], ["1", "2"]], "{text:?}");
        }
        assert_eq!(cells("a;b\n\"x;\ny\";\"\"\"q\"\"\"")[1], ["x;\ny", "\"q\""]);
        assert_eq!(cells("\"a,b,c\";d\n1;2")[0], ["a,b,c", "d"]);
        assert_eq!(cells("a,b,c\n1\n")[1], ["1"], "empty cells may be left out");
    }

    #[test]
    fn a_wide_header_cannot_make_every_row_as_wide() {
        let header = vec!["x"; MAX_COLUMNS].join(",");
        let table = cells(&format!("{header}\n1\n"));
        assert_eq!((table[0].len(), table[1].len()), (MAX_COLUMNS, 1));
        assert!(fault(format!("{header},y\n1\n").as_bytes()).contains("more than 500 columns"));
    }

    #[test]
    fn what_is_no_table_is_refused() {
        assert_eq!(fault(b""), "The table is empty.");
        assert!(fault(b"M\xfcller").contains("UTF-8"));
        assert!(fault(b"\xff\xfea\0").contains("UTF-16"));
        assert!(fault(b"a,b\n1,2,3\n").contains("3 cells"));
        for unclosed in ["a,b\n1,\"2\n3,4\n", "a,b\n\"1,2", "a,\"b\n1,2\n"] {
            assert!(fault(unclosed.as_bytes()).contains("quotation mark"), "{unclosed}");
        }
    }
}
