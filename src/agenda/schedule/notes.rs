//! The notes about a document: its errors and warnings.

use serde::Serialize;
use utoipa::ToSchema;

/// How many errors are listed; the rest is counted.
const ERRORS_TOLD: usize = 100;
/// How many kinds of warnings are listed; each is listed once, however often it occurs.
const WARNINGS_TOLD: usize = 100;

/// Something wrong: nothing is imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where in the document: a line, or a session by day, room and place.
    pub row: Option<String>,
    /// The field.
    pub field: Option<String>,
    /// A sentence.
    pub message: String,
}

/// All errors of a document.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Faults {
    /// The first of them, in the order of the document.
    pub told: Vec<Fault>,
    /// How many there are beyond those.
    pub more: usize,
}

impl Faults {
    /// A single error, of the whole document.
    pub fn of_document(row: Option<String>, message: impl Into<String>) -> Self {
        let fault = Fault { row, field: None, message: message.into() };
        Self { told: vec![fault], more: 0 }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.told.len() + self.more
    }

    /// These and, after them, the others.
    pub fn and(mut self, others: Self) -> Self {
        self.told.extend(others.told);
        self.more += others.more + self.told.len().saturating_sub(ERRORS_TOLD);
        self.told.truncate(ERRORS_TOLD);
        self
    }

    fn add(&mut self, row: Option<&str>, field: &str, message: String) {
        if self.told.len() >= ERRORS_TOLD {
            self.more += 1;
            return;
        }
        let (row, field) = (row.map(str::to_owned), Some(field.to_owned()));
        self.told.push(Fault { row, field, message });
    }
}

/// Something odd that does no harm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ImportWarning)]
pub struct Warning {
    /// Where it occurred first, and how often it recurred.
    #[serde(rename = "where")]
    pub place: String,
    /// A sentence.
    pub message: String,
}

/// Collects notes while a document is read.
#[derive(Debug, Default)]
pub struct Notes {
    faults: Faults,
    broken: Faults,
    unzoned: usize,
    warnings: Vec<Odd>,
}

#[derive(Debug)]
struct Odd {
    message: String,
    first: String,
    more: usize,
}

impl Notes {
    /// Something is wrong with the document, a day or a room: without it nothing can be imported.
    pub fn fault(&mut self, row: Option<&str>, field: &str, message: impl Into<String>) {
        self.faults.add(row, field, message.into());
    }

    /// Something is wrong with a session, which could be left out.
    pub fn broken(&mut self, row: &str, field: &str, message: impl Into<String>) {
        self.broken.add(Some(row), field, message.into());
    }

    /// A session's date has no offset from UTC, and there is no time zone to read it in. What is
    /// missing is one answer, not one in every session.
    pub fn unzoned(&mut self) {
        self.unzoned += 1;
    }

    /// How many sessions want a time zone.
    pub fn unzoned_count(&self) -> usize {
        self.unzoned
    }

    /// Adds a warning. The same sentence is listed once, with the first location and a count: a
    /// program's quirks occur on every line.
    pub fn warn(&mut self, place: &str, message: impl Into<String>) {
        let message = message.into();
        if let Some(known) = self.warnings.iter_mut().find(|odd| odd.message == message) {
            known.more += 1;
        } else if self.warnings.len() < WARNINGS_TOLD {
            self.warnings.push(Odd { message, first: place.to_owned(), more: 0 });
        }
    }

    /// How many errors there are so far, those of sessions included.
    pub fn fault_count(&self) -> usize {
        self.faults.count() + self.broken.count() + self.unzoned
    }

    /// The errors of the document, those of its sessions, and the warnings.
    pub fn finish(self) -> (Faults, Faults, Vec<Warning>) {
        let warnings = self.warnings.into_iter().map(|odd| Warning {
            place: match odd.more {
                0 => odd.first,
                1 => format!("{}, and 1 other", odd.first),
                more => format!("{}, and {more} others", odd.first),
            },
            message: odd.message,
        });
        (self.faults, self.broken, warnings.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_occurs_everywhere_is_told_once() {
        let mut notes = Notes::default();
        for place in ["a", "b", "c"] {
            notes.warn(place, "It is odd.");
        }
        notes.warn("d", "It is even odder.");
        let (faults, _, warnings) = notes.finish();
        assert_eq!(faults.count(), 0);
        assert_eq!(warnings[0].place, "a, and 2 others");
        assert_eq!(warnings[1].place, "d");
    }

    #[test]
    fn errors_are_counted_beyond_the_first_hundred() {
        let mut notes = Notes::default();
        for number in 0..250 {
            notes.fault(Some(&format!("row {number}")), "title", "It must not be empty.");
        }
        let (faults, ..) = notes.finish();
        assert_eq!((faults.told.len(), faults.more, faults.count()), (100, 150, 250));
    }
}
