//! The directory in the database.

use std::sync::Arc;

use sqlx::any::AnyRow;

use super::{DirectoryPerson, Entry, Position, Wanted, words};
use crate::clock::Timestamp;
use crate::db::dialect::placeholders;
use crate::db::{Columns, Db, DbError};
use crate::events::EventSnapshot;
use crate::id::{EventId, PersonId};
use crate::identity::IN_DIRECTORY;

const READ: &str = "SELECT p.id, p.name, p.affiliation, p.picture, p.about, p.languages,
                           p.search_key FROM people p WHERE ";

/// The people of that page of the directory, and one more if there are more, as the database has
/// them.
///
/// # Errors
/// When the database does not answer.
pub async fn list(
    db: &Db,
    event: &EventSnapshot,
    wanted: &Wanted,
) -> Result<Vec<DirectoryPerson>, DbError> {
    let mut text = format!("{READ}{IN_DIRECTORY}");
    let values = push_words(&mut text, &wanted.words, &["p.search_key"]);
    if wanted.after.is_some() {
        text.push_str(" AND (p.search_key > ? OR (p.search_key = ? AND p.id > ?))");
    }
    text.push_str(" ORDER BY p.search_key, p.id LIMIT ?");
    let mut statement = db.query_built(text).bind(event.id.bytes()).bind(event.id.bytes());
    for value in values {
        statement = statement.bind(value);
    }
    if let Some(Position(key, person)) = &wanted.after {
        statement = statement.bind(key.clone()).bind(key.clone()).bind(person.bytes());
    }
    let most = i64::from(wanted.size) + 1;
    let rows = db.all(statement.bind(most)).await?;
    rows.iter().map(|row| entry(row)?.person(event)).collect()
}

/// The person of that id, if they are in the directory.
pub(super) async fn find(
    db: &Db,
    event: &EventSnapshot,
    person: PersonId,
) -> Result<Option<DirectoryPerson>, DbError> {
    let found = these(db, event.id, &[person]).await?;
    found.first().map(|entry| entry.person(event)).transpose()
}

/// At most this many of those in the directory, in any order.
pub(super) async fn whole(
    db: &Db,
    event: EventId,
    most: usize,
) -> Result<Vec<Arc<Entry>>, DbError> {
    let statement = db
        .query_built(format!("{READ}{IN_DIRECTORY} LIMIT ?"))
        .bind(event.bytes())
        .bind(event.bytes())
        .bind(i64::try_from(most).unwrap_or(i64::MAX));
    db.all(statement).await?.iter().map(|row| entry(row).map(Arc::new)).collect()
}

/// Which of these people (at least one) are in the directory.
pub(super) async fn these(
    db: &Db,
    event: EventId,
    people: &[PersonId],
) -> Result<Vec<Arc<Entry>>, DbError> {
    let text = format!("{READ}{IN_DIRECTORY} AND p.id IN ({})", placeholders(people.len()));
    let statement = db.query_built(text).bind(event.bytes()).bind(event.bytes());
    let statement = people.iter().fold(statement, |one, person| one.bind(person.bytes()));
    db.all(statement).await?.iter().map(|row| entry(row).map(Arc::new)).collect()
}

/// At most this many of those whose profile, or registration for the event, has changed since.
pub(super) async fn changed_since(
    db: &Db,
    event: EventId,
    since: Timestamp,
    most: usize,
) -> Result<Vec<PersonId>, DbError> {
    let statement = db
        .query(
            "SELECT r.person_id AS id FROM registrations r
             WHERE r.event_id = ? AND r.updated_at >= ?
             UNION SELECT p.id FROM people p WHERE p.updated_at >= ? AND p.kind = 'person'
             LIMIT ?",
        )
        .bind(event.bytes())
        .bind(since.0)
        .bind(since.0)
        .bind(i64::try_from(most).unwrap_or(i64::MAX));
    db.all(statement).await?.iter().map(|row| row.uuid("id").map(PersonId)).collect()
}

fn entry(row: &AnyRow) -> Result<Entry, DbError> {
    Ok(Entry {
        key: row.text("search_key")?.into(),
        id: PersonId(row.uuid("id")?),
        name: row.text("name")?.into(),
        affiliation: row.text("affiliation")?.into(),
        picture: row.optional_text("picture")?.map(Box::from),
        about: row.text("about")?.into(),
        languages: row.text("languages")?.into(),
    })
}

/// Adds to a statement that each word of the search must be found in one of the columns, and
/// returns the values for it.
pub(in crate::people) fn push_search(
    text: &mut String,
    search: Option<&str>,
    columns: &[&str],
) -> Vec<String> {
    push_words(text, &words(search), columns)
}

fn push_words(text: &mut String, words: &[String], columns: &[&str]) -> Vec<String> {
    let mut values = Vec::new();
    for word in words {
        let like = |column: &&str| format!("{column} LIKE ? ESCAPE '!'");
        let either = columns.iter().map(like).collect::<Vec<_>>().join(" OR ");
        text.push_str(&format!(" AND ({either})"));
        values.extend(columns.iter().map(|_| format!("%{}%", escape_like(word))));
    }
    values
}

/// Escapes the special characters of LIKE.
fn escape_like(word: &str) -> String {
    word.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_must_be_found_somewhere() {
        let mut text = String::new();
        let values = push_search(&mut text, Some(" Zoë  100%_ "), &["a", "b"]);
        assert_eq!(values, ["%zoe%", "%zoe%", "%100!%!_%", "%100!%!_%"]);
        let each = " AND (a LIKE ? ESCAPE '!' OR b LIKE ? ESCAPE '!')";
        assert_eq!(text, [each, each].concat());
    }

    #[test]
    fn no_search_asks_for_nothing() {
        let mut text = String::new();
        assert!(push_search(&mut text, Some("  "), &["a"]).is_empty());
        assert!(text.is_empty());
    }
}
