//! The directory: who takes part in an event and lets others find them.
//!
//! In it are people with a confirmed registration who did not opt out, and those who have a role
//! and no registration. Guests never are.

use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use utoipa::ToSchema;

use crate::db::{Columns, Db, DbError};
use crate::events::EventSnapshot;
use crate::id::PersonId;
use crate::permission::Grant;
use crate::text;

use super::card::read_card;
use crate::protocol::Card;

/// How many words a search may have; further ones are not looked at.
const MOST_WORDS: usize = 5;

/// A person in the directory.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DirectoryPerson {
    /// Who they are.
    #[serde(flatten)]
    pub card: Card,
    /// What they say about themselves.
    pub about: String,
    /// The languages they speak.
    pub languages: Vec<String>,
    /// Their roles in the event.
    pub roles: Vec<Grant>,
    /// Where the list goes on after them.
    #[serde(skip)]
    pub position: Position,
}

/// A place in a list of people: by what they are searched by, then by id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position(pub String, pub PersonId);

/// People in the event's directory, as the part of a statement; wants the event's id twice.
const IN_DIRECTORY: &str = "p.kind = 'person' AND p.id IN (
        SELECT r.person_id FROM registrations r
        WHERE r.event_id = ? AND r.status = 'confirmed' AND r.listed = 1
        UNION
        SELECT g.person_id FROM role_grants g
        WHERE g.event_id = ? AND NOT EXISTS (
            SELECT 1 FROM registrations r
            WHERE r.event_id = g.event_id AND r.person_id = g.person_id))";

const READ: &str = "SELECT p.id, p.name, p.affiliation, p.picture, p.kind, p.about, p.languages,
                           p.search_key FROM people p WHERE ";

/// Up to `most` people of the directory whose name or affiliation holds every word of `search`,
/// by name, after that position.
///
/// # Errors
/// When the database does not answer.
pub async fn list(
    db: &Db,
    event: &EventSnapshot,
    search: Option<&str>,
    after: Option<Position>,
    most: u32,
) -> Result<Vec<DirectoryPerson>, DbError> {
    let mut text = format!("{READ}{IN_DIRECTORY}");
    let words = push_search(&mut text, search, &["p.search_key"]);
    if after.is_some() {
        text.push_str(" AND (p.search_key > ? OR (p.search_key = ? AND p.id > ?))");
    }
    text.push_str(" ORDER BY p.search_key, p.id LIMIT ?");
    let mut statement = db.query_built(text).bind(event.id.bytes()).bind(event.id.bytes());
    for word in words {
        statement = statement.bind(word);
    }
    if let Some(Position(key, person)) = after {
        statement = statement.bind(key.clone()).bind(key).bind(person.bytes());
    }
    let rows = db.all(statement.bind(i64::from(most))).await?;
    rows.iter().map(|row| directory_person(row, event)).collect()
}

/// The person of that id, if they are in the directory.
///
/// # Errors
/// When the database does not answer.
pub async fn find(
    db: &Db,
    event: &EventSnapshot,
    person: PersonId,
) -> Result<Option<DirectoryPerson>, DbError> {
    let text = format!("{READ}{IN_DIRECTORY} AND p.id = ?");
    let statement =
        db.query_built(text).bind(event.id.bytes()).bind(event.id.bytes()).bind(person.bytes());
    db.one(statement).await?.map(|row| directory_person(&row, event)).transpose()
}

fn directory_person(row: &AnyRow, event: &EventSnapshot) -> Result<DirectoryPerson, DbError> {
    let card = read_card(row, "id", Some(event))?;
    Ok(DirectoryPerson {
        about: row.text("about")?,
        languages: row.json("languages")?,
        roles: event.grants_of(card.id),
        position: Position(row.text("search_key")?, card.id),
        card,
    })
}

/// Adds to a statement that each word of the search must be found in one of the columns, and
/// returns the values for it.
pub(super) fn push_search(
    text: &mut String,
    search: Option<&str>,
    columns: &[&str],
) -> Vec<String> {
    let key = text::search_key(search.unwrap_or_default());
    let mut values = Vec::new();
    for word in key.split(' ').filter(|word| !word.is_empty()).take(MOST_WORDS) {
        let like = |column: &&str| format!("{column} LIKE ? ESCAPE '!'");
        let either = columns.iter().map(like).collect::<Vec<_>>().join(" OR ");
        text.push_str(&format!(" AND ({either})"));
        values.extend(columns.iter().map(|_| format!("%{}%", escape_like(word))));
    }
    values
}

/// Takes the special meaning from the characters that LIKE has one for.
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
