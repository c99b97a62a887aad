//! Exports the people of an event as a table, page by page, to bound memory.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::{self, Stream};
use serde_json::Value;
use uuid::Uuid;

use crate::core::Core;
use crate::db::DbError;
use crate::events::{EventSnapshot, RegistrationForm};
use crate::id::{PersonId, RegistrationId};

use super::formula::guarded;
use super::store::{self, ExportRow};

/// How many people are read at a time.
const PAGE: u32 = 500;

/// The columns before those of the form's questions. An import understands all but the last.
const COLUMNS: [&str; 11] = [
    "external_id",
    "email",
    "name",
    "affiliation",
    "languages",
    "locale",
    "ticket_type",
    "status",
    "roles",
    "listed",
    "registered_at",
];

struct Export {
    core: Core,
    event: Arc<EventSnapshot>,
    form: RegistrationForm,
    state: State,
}

enum State {
    Header,
    After(RegistrationId),
    End,
}

/// The table in pieces, in UTF-8 with a byte order mark, which spreadsheets need.
pub fn export(
    core: Core,
    event: Arc<EventSnapshot>,
    form: RegistrationForm,
) -> impl Stream<Item = Result<Bytes, DbError>> {
    let begin = Export { core, event, form, state: State::Header };
    stream::try_unfold(begin, |mut export| async move {
        let piece = export.next().await?;
        Ok(piece.map(|piece| (piece, export)))
    })
}

impl Export {
    async fn next(&mut self) -> Result<Option<Bytes>, DbError> {
        let after = match self.state {
            State::Header => {
                self.state = State::After(RegistrationId(Uuid::nil()));
                return self.header().map(Some);
            }
            State::After(after) => after,
            State::End => return Ok(None),
        };
        let rows = store::page(&self.core.db, self.event.id, after, PAGE).await?;
        self.state = match rows.last() {
            Some(last) if rows.len() == PAGE as usize => State::After(last.registration.id),
            _ => State::End,
        };
        written(rows.into_iter().map(|row| self.line(row)).collect()).map(Some)
    }

    fn header(&self) -> Result<Bytes, DbError> {
        let questions = self.form.fields.iter().map(|field| format!("answers.{}", field.key));
        let names = COLUMNS.map(str::to_owned).into_iter().chain(questions).collect();
        let header = written(vec![names])?;
        Ok(["\u{feff}".as_bytes(), &header].concat().into())
    }

    fn line(&self, row: ExportRow) -> Vec<String> {
        let ExportRow { registration, .. } = &row;
        let ticket_type = registration.ticket_type;
        let ticket = self.form.ticket_types.iter().find(|ticket| Some(ticket.id) == ticket_type);
        let registered_at = jiff::Timestamp::from_millisecond(row.registered_at.0);
        let answers =
            self.form.fields.iter().map(|field| match registration.answers.get(&field.key) {
                Some(Value::String(text)) => text.clone(),
                Some(Value::Bool(true)) => "yes".to_owned(),
                _ => String::new(),
            });
        let answers: Vec<String> = answers.collect();
        let mut cells = vec![
            row.registration.external_id.unwrap_or_default(),
            row.email.unwrap_or_default(),
            row.name,
            row.affiliation,
            row.languages.join(" "),
            row.locale.unwrap_or_default(),
            ticket.map(|ticket| ticket.name.clone()).unwrap_or_default(),
            row.registration.status.name().to_owned(),
            self.roles(row.person),
            (if row.registration.listed { "yes" } else { "no" }).to_owned(),
            registered_at.map(|time| time.to_string()).unwrap_or_default(),
        ];
        cells.extend(answers);
        cells
    }

    /// The roles in the whole event.
    fn roles(&self, person: PersonId) -> String {
        let grants = self.event.grants_of(person);
        let whole = grants.iter().filter(|grant| grant.room.is_none());
        whole.map(|grant| grant.role.name()).collect::<Vec<_>>().join(", ")
    }
}

/// Lines of the table, without anything that a spreadsheet would run.
fn written(lines: Vec<Vec<String>>) -> Result<Bytes, DbError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for line in lines {
        writer.write_record(line.iter().map(|cell| guarded(cell))).map_err(unwritten)?;
    }
    let bytes = writer.into_inner().map_err(|error| unwritten(error.into_error().into()))?;
    Ok(bytes.into())
}

/// Writing to memory does not fail; an error would be a value that cannot be written.
fn unwritten(error: csv::Error) -> DbError {
    DbError::Value(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_taken_for_a_formula() {
        let line = ["=1+1", "x;=2", "\tx", "Ada", "a=b", "x\ny, \"z\""];
        let text = written(vec![line.map(str::to_owned).to_vec()]).unwrap();
        let expected = "'=1+1,x;'=2,'\tx,Ada,a=b,\"x\ny, \"\"z\"\"\"\n";
        assert_eq!(std::str::from_utf8(&text).unwrap(), expected);
    }
}
