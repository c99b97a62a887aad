//! What an import did, in words for a terminal.

use serde::Serialize;
use utoipa::ToSchema;

use crate::protocol::ProblemDetail;

/// What an import did, or (as a dry run) would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PeopleImportReport)]
pub struct ImportReport {
    /// Whether nothing was changed because only a report was asked for.
    pub dry_run: bool,
    /// What the columns were taken for, in the table's order.
    pub columns: Vec<ReadColumn>,
    /// How many rows hold anything.
    pub rows: usize,
    /// How many people are registered who were not.
    pub created: usize,
    /// How many people are different from what was stored.
    pub changed: usize,
    /// How many people are as they were.
    pub unchanged: usize,
    /// The first of the changes.
    pub changes: Vec<Changed>,
    /// The first of the errors. With any, nothing is changed.
    pub errors: Vec<ProblemDetail>,
    /// How many errors there are.
    pub error_count: usize,
    /// What is odd and does no harm.
    pub warnings: Vec<ProblemDetail>,
}

/// A column of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ImportedColumn)]
pub struct ReadColumn {
    /// What stands in its first row.
    pub header: String,
    /// What it holds, by the names that a mapping uses; absent if it is not imported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holds: Option<String>,
}

/// What columns were taken for, line by line.
pub fn columns_text(columns: &[ReadColumn]) -> String {
    let line = |column: &ReadColumn| {
        let holds = column.holds.as_deref().unwrap_or("(not imported)");
        format!("column “{}”: {holds}\n", column.header)
    };
    columns.iter().map(line).collect()
}

/// Somebody who is different from what was stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ImportedPerson)]
pub struct Changed {
    /// The row, as spreadsheets count.
    pub row: usize,
    /// What is different, by the names of columns.
    pub what: Vec<&'static str>,
}

impl ImportReport {
    /// The report line by line.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for warning in &self.warnings {
            push(&mut text, "note: ", warning);
        }
        for changed in &self.changes {
            text.push_str(&format!("row {}: {}\n", changed.row, changed.what.join(", ")));
        }
        let untold = self.changed - self.changes.len();
        if untold > 0 {
            text.push_str(&format!("… and {untold} more changes\n"));
        }
        let verb = if self.dry_run { "would be" } else { "are" };
        text.push_str(&format!(
            "{} rows: {} people {verb} new, {} {verb} changed, {} are as they were.\n",
            self.rows, self.created, self.changed, self.unchanged
        ));
        text
    }

    /// The errors line by line.
    pub fn errors_text(&self) -> String {
        let mut text = String::new();
        for error in &self.errors {
            push(&mut text, "", error);
        }
        let untold = self.error_count - self.errors.len();
        if untold > 0 {
            text.push_str(&format!("… and {untold} more errors\n"));
        }
        text
    }
}

fn push(text: &mut String, mark: &str, note: &ProblemDetail) {
    let row = note.row.as_ref().map(|row| format!("row {row}, ")).unwrap_or_default();
    let field = note.field.as_ref().map(|field| format!("{field}, ")).unwrap_or_default();
    let place = format!("{row}{field}");
    let place = place.strip_suffix(", ").map(|place| format!("{place}: ")).unwrap_or_default();
    text.push_str(&format!("{mark}{place}{}\n", note.message));
}
