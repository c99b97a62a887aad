//! What there is to say about a document: what is wrong with it and what is odd.

use serde::Serialize;
use utoipa::ToSchema;

/// How many errors are told; the rest is counted.
const ERRORS_TOLD: usize = 100;
/// How many kinds of oddities are told; each is told once, however often it occurs.
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

/// Everything that is wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Faults {
    /// The first of them, in the order of the document.
    pub told: Vec<Fault>,
    /// How many there are beyond those.
    pub more: usize,
}

impl Faults {
    /// One fault, of the document as a whole.
    pub fn of_document(row: Option<String>, message: impl Into<String>) -> Self {
        let fault = Fault { row, field: None, message: message.into() };
        Self { told: vec![fault], more: 0 }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.told.len() + self.more
    }
}

/// Something odd that does no harm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ImportWarning)]
pub struct Warning {
    /// Where it was seen first, and how often besides.
    #[serde(rename = "where")]
    pub place: String,
    /// A sentence.
    pub message: String,
}

/// Collects what there is to say while a document is read.
#[derive(Debug, Default)]
pub struct Notes {
    faults: Faults,
    warnings: Vec<Odd>,
}

#[derive(Debug)]
struct Odd {
    message: String,
    first: String,
    more: usize,
}

impl Notes {
    /// Something is wrong.
    pub fn fault(&mut self, row: Option<&str>, field: &str, message: impl Into<String>) {
        if self.faults.told.len() >= ERRORS_TOLD {
            self.faults.more += 1;
            return;
        }
        self.faults.told.push(Fault {
            row: row.map(str::to_owned),
            field: Some(field.to_owned()),
            message: message.into(),
        });
    }

    /// Something is odd. The same sentence is told once, with the first place and a count: what a
    /// program does oddly it does on every line.
    pub fn warn(&mut self, place: &str, message: impl Into<String>) {
        let message = message.into();
        if let Some(known) = self.warnings.iter_mut().find(|odd| odd.message == message) {
            known.more += 1;
        } else if self.warnings.len() < WARNINGS_TOLD {
            self.warnings.push(Odd { message, first: place.to_owned(), more: 0 });
        }
    }

    /// How many things are wrong so far.
    pub fn fault_count(&self) -> usize {
        self.faults.count()
    }

    /// Everything that is wrong and everything that is odd.
    pub fn finish(self) -> (Faults, Vec<Warning>) {
        let warnings = self.warnings.into_iter().map(|odd| Warning {
            place: match odd.more {
                0 => odd.first,
                1 => format!("{}, and 1 other", odd.first),
                more => format!("{}, and {more} others", odd.first),
            },
            message: odd.message,
        });
        (self.faults, warnings.collect())
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
        let (faults, warnings) = notes.finish();
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
        let (faults, _) = notes.finish();
        assert_eq!((faults.told.len(), faults.more, faults.count()), (100, 150, 250));
    }
}
