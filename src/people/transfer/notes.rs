//! What there is to say about a table: what is wrong with it and what is odd.

use crate::protocol::ProblemDetail;

/// How many faults, and how many oddities, are told one by one; the rest is counted.
const TOLD: usize = 100;

/// Collects what there is to say while a table is read and compared.
#[derive(Debug, Default)]
pub(super) struct Notes {
    faults: Vec<ProblemDetail>,
    fault_count: usize,
    warnings: Vec<ProblemDetail>,
}

impl Notes {
    /// Something is wrong in a row, or in one of its fields.
    pub(super) fn fault(&mut self, row: usize, field: Option<&str>, message: impl Into<String>) {
        self.add_fault(note(Some(row), field, message));
    }

    /// Something is wrong with the table as a whole.
    pub(super) fn fault_of_table(&mut self, message: &str) {
        self.add_fault(note(None, None, message));
    }

    fn add_fault(&mut self, fault: ProblemDetail) {
        self.fault_count += 1;
        if self.faults.len() < TOLD {
            self.faults.push(fault);
        }
    }

    /// Something is odd and does no harm.
    pub(super) fn warning(&mut self, row: Option<usize>, message: impl Into<String>) {
        if self.warnings.len() < TOLD {
            self.warnings.push(note(row, None, message));
        }
    }

    pub(super) fn faults(&self) -> &[ProblemDetail] {
        &self.faults
    }

    /// The faults that are told, how many there are, and the warnings.
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
