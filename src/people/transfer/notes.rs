//! The notes about a table: its errors and warnings.

use std::collections::HashMap;

use crate::protocol::ProblemDetail;

/// How many errors, and how many warnings, are listed; the rest is counted.
const TOLD: usize = 100;
/// How many rows with the same error are named; the rest is counted.
const ROWS_NAMED: usize = 5;

/// Collects notes while a table is read and compared.
#[derive(Debug, Default)]
pub(super) struct Notes {
    faults: Vec<ProblemDetail>,
    fault_count: usize,
    /// The rows of each error that is listed, by its field and message.
    rows: HashMap<(Option<String>, String), (usize, Vec<usize>)>,
    warnings: Vec<ProblemDetail>,
}

impl Notes {
    /// Adds an error in a row, or in one of its fields. The same error in many rows, like a ticket
    /// that is missing, is one, with the rows where it occurs.
    pub(super) fn fault(&mut self, row: usize, field: Option<&str>, message: impl Into<String>) {
        let fault = note(Some(row), field, message);
        let key = (fault.field.clone(), fault.message.clone());
        if let Some((_, rows)) = self.rows.get_mut(&key) {
            rows.push(row);
            return;
        }
        if self.faults.len() < TOLD {
            self.rows.insert(key, (self.faults.len(), vec![row]));
        }
        self.add_fault(fault);
    }

    /// Adds an error of the whole table.
    pub(super) fn fault_of_table(&mut self, message: &str) {
        self.add_fault(note(None, None, message));
    }

    fn add_fault(&mut self, fault: ProblemDetail) {
        self.fault_count += 1;
        if self.faults.len() < TOLD {
            self.faults.push(fault);
        }
    }

    /// Adds a warning.
    pub(super) fn warning(&mut self, row: Option<usize>, message: impl Into<String>) {
        if self.warnings.len() < TOLD {
            self.warnings.push(note(row, None, message));
        }
    }

    pub(super) fn faults(&self) -> &[ProblemDetail] {
        &self.faults
    }

    /// The listed errors, the number of all errors, and the warnings.
    pub(super) fn into_parts(mut self) -> (Vec<ProblemDetail>, usize, Vec<ProblemDetail>) {
        for (place, rows) in self.rows.into_values() {
            if let Some(fault) = self.faults.get_mut(place) {
                fault.row = Some(listed(&rows));
            }
        }
        (self.faults, self.fault_count, self.warnings)
    }
}

/// The rows as a person lists them: "3, 7, 9 and 497 others".
fn listed(rows: &[usize]) -> String {
    let named: Vec<String> = rows.iter().take(ROWS_NAMED).map(ToString::to_string).collect();
    let named = named.join(", ");
    match rows.len().saturating_sub(ROWS_NAMED) {
        0 => named,
        1 => format!("{named} and 1 other"),
        more => format!("{named} and {more} others"),
    }
}

fn note(row: Option<usize>, field: Option<&str>, message: impl Into<String>) -> ProblemDetail {
    ProblemDetail {
        row: row.map(|row| row.to_string()),
        field: field.map(str::to_owned),
        message: message.into(),
    }
}
