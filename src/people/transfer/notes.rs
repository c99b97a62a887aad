//! The notes about a table: its errors and warnings.

use crate::protocol::ProblemDetail;

/// How many errors, and how many warnings, are listed; the rest is counted.
const TOLD: usize = 100;

/// Collects notes while a table is read and compared.
#[derive(Debug, Default)]
pub(super) struct Notes {
    faults: Vec<ProblemDetail>,
    fault_count: usize,
    warnings: Vec<ProblemDetail>,
}

impl Notes {
    /// Adds an error in a row, or in one of its fields.
    pub(super) fn fault(&mut self, row: usize, field: Option<&str>, message: impl Into<String>) {
        self.add_fault(note(Some(row), field, message));
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
    pub(super) fn into_parts(self) -> (Vec<ProblemDetail>, usize, Vec<ProblemDetail>) {
        (self.faults, self.fault_count, self.warnings)
    }
}

fn note(row: Option<usize>, field: Option<&str>, message: impl Into<String>) -> ProblemDetail {
    ProblemDetail {
        row: row.map(|row| row.to_string()),
        field: field.map(str::to_owned),
        message: message.into(),
    }
}
