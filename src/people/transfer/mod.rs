//! Importing and exporting people as tables.
//!
//! An import is parsed and compared as a whole before anything is changed, so a table with an error
//! changes nothing, and a dry run reports what would change. People are identified by the external
//! id of their registration or by their address; a second import of the same table changes nothing.

mod apply;
mod columns;
mod ended;
mod entry;
mod export;
mod formula;
mod notes;
mod plan;
mod report;
mod store;
mod stored;
mod table;

use crate::core::Core;
use crate::db::DbError;
use crate::events::{EventSnapshot, RegistrationForm};
use crate::id::PersonId;

pub use export::export;
pub use report::{Changed, ImportReport, ReadColumn, columns_text};
pub use table::LARGEST_TABLE;

use notes::Notes;

/// How many changes are listed; the rest is counted.
const CHANGES_TOLD: usize = 100;

/// How to import.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Only say what would change.
    pub dry_run: bool,
    /// Pairs of a column's header and the name of its meaning (`-` for none); the rest is guessed.
    pub mapping: Vec<(String, String)>,
}

/// Imports a table of people into an event, on behalf of an organizer or of the command line. When
/// the report has errors, nothing was changed.
///
/// # Errors
/// When the database refuses; nothing was changed then either.
pub async fn import(
    core: &Core,
    event: &EventSnapshot,
    actor: Option<PersonId>,
    bytes: &[u8],
    options: &Options,
) -> Result<ImportReport, DbError> {
    let form = RegistrationForm::read(&core.db, event.id).await?;
    let mut notes = Notes::default();
    let Understood { columns, rows, entries } =
        understand(bytes, &options.mapping, &form, &mut notes);
    let stored = stored::read(&core.db, event, &entries).await?;
    let steps = plan::make(core, &entries, &stored, &mut notes);
    plan::note_quotas(&steps, &form, &mut notes);
    let created = steps.iter().filter(|step| step.is_new()).count();
    let changed = steps.iter().filter(|step| step.is_change()).count();
    if !options.dry_run && notes.faults().is_empty() && created + changed > 0 {
        apply::apply(core, event, actor, &steps).await?;
    }
    let differences = steps.iter().filter(|step| step.is_change()).take(CHANGES_TOLD);
    let changes = differences.map(|step| Changed { row: step.row, what: step.what.clone() });
    let (errors, error_count, warnings) = notes.into_parts();
    Ok(ImportReport {
        dry_run: options.dry_run,
        columns,
        rows,
        created,
        changed,
        unchanged: steps.len() - created - changed,
        changes: changes.collect(),
        errors,
        error_count,
        warnings,
    })
}

/// What the columns of a table are taken for, as an import would say it.
///
/// # Errors
/// When the database does not answer.
pub async fn columns(
    core: &Core,
    event: &EventSnapshot,
    bytes: &[u8],
    options: &Options,
) -> Result<Vec<ReadColumn>, DbError> {
    let form = RegistrationForm::read(&core.db, event.id).await?;
    let mut notes = Notes::default();
    let Some(table) = table::read(bytes, &mut notes) else { return Ok(vec![]) };
    let columns = columns::assign(&table, &options.mapping, &form.fields, &mut notes);
    Ok(read_columns(&table, &columns))
}

fn read_columns(table: &table::Table, columns: &[Option<columns::Column>]) -> Vec<ReadColumn> {
    let named = table.header.iter().zip(columns).filter(|(header, _)| !header.is_empty());
    let read = named.map(|(header, column)| ReadColumn {
        header: header.clone(),
        holds: column.as_ref().map(columns::Column::name),
    });
    read.collect()
}

/// A table, and what is in it.
#[derive(Default)]
struct Understood {
    columns: Vec<ReadColumn>,
    /// The number of rows that hold anything.
    rows: usize,
    /// The valid ones.
    entries: Vec<entry::Entry>,
}

fn understand(
    bytes: &[u8],
    mapping: &[(String, String)],
    form: &RegistrationForm,
    notes: &mut Notes,
) -> Understood {
    let Some(table) = table::read(bytes, notes) else { return Understood::default() };
    let columns = columns::assign(&table, mapping, &form.fields, notes);
    let (read, rows) = (read_columns(&table, &columns), table.rows.len());
    if !columns.contains(&Some(columns::Column::Email)) {
        return Understood { columns: read, rows, entries: vec![] };
    }
    let entries = table.rows.iter().filter_map(|row| entry::read(row, &columns, form, notes));
    Understood { columns: read, rows, entries: entries.collect() }
}
