//! How people appear, out of the database.

use std::collections::{BTreeSet, HashMap};

use sqlx::any::AnyRow;

use super::card::read_card;
use crate::db::dialect::placeholders;
use crate::db::{Columns, Db, DbError};
use crate::events::EventSnapshot;
use crate::id::{EventId, PersonId};
use crate::protocol::Card;

/// People in the event's directory, as part of a statement; needs the event's id twice. `p` is a person.
pub const IN_DIRECTORY: &str = "p.kind = 'person' AND p.id IN (
        SELECT r.person_id FROM registrations r
        WHERE r.event_id = ? AND r.status = 'confirmed' AND r.listed = 1
        UNION
        SELECT g.person_id FROM role_grants g
        WHERE g.event_id = ? AND NOT EXISTS (
            SELECT 1 FROM registrations r
            WHERE r.event_id = g.event_id AND r.person_id = g.person_id))";

/// What an appearance is made of.
#[derive(Clone, Debug)]
pub(super) struct AppearanceRow {
    pub(super) person: PersonId,
    pub(super) name: String,
    pub(super) picture: Option<String>,
    pub(super) affiliation: String,
    pub(super) guest: bool,
    /// Whether their registration, if they have one, stands in the directory.
    pub(super) listed: bool,
}

impl AppearanceRow {
    pub(super) fn read(row: &AnyRow) -> Result<Self, DbError> {
        Ok(Self {
            person: PersonId(row.uuid("id")?),
            name: row.text("name")?,
            picture: row.optional_text("picture")?,
            affiliation: row.text("affiliation")?,
            guest: row.text("kind")? == "guest",
            listed: row.optional_number("listed")?.is_none_or(|listed| listed != 0),
        })
    }
}

/// What the person of that id appears by in the event, if there is one.
pub(super) async fn find(
    db: &Db,
    event: EventId,
    person: PersonId,
) -> Result<Option<AppearanceRow>, DbError> {
    let statement = db
        .query(
            "SELECT p.id, p.name, p.picture, p.affiliation, p.kind, r.listed
             FROM people p
             LEFT JOIN registrations r ON r.person_id = p.id AND r.event_id = ?
             WHERE p.id = ?",
        )
        .bind(event.bytes())
        .bind(person.bytes());
    db.one(statement).await?.as_ref().map(AppearanceRow::read).transpose()
}

/// How many people one statement asks for.
const CHUNK: usize = 500;

/// The cards of these people, as far as they exist.
///
/// # Errors
/// When the database does not answer.
pub async fn cards(
    db: &Db,
    event: &EventSnapshot,
    people: &BTreeSet<PersonId>,
) -> Result<HashMap<PersonId, Card>, DbError> {
    let people: Vec<PersonId> = people.iter().copied().collect();
    let mut cards = HashMap::with_capacity(people.len());
    for chunk in people.chunks(CHUNK) {
        let text = format!(
            "SELECT id, name, picture, affiliation, kind FROM people WHERE id IN ({})",
            placeholders(chunk.len())
        );
        let statement = chunk
            .iter()
            .fold(db.query_built(text), |statement, person| statement.bind(person.bytes()));
        for row in db.all(statement).await? {
            let card = read_card(&row, "id", Some(event))?;
            cards.insert(card.id, card);
        }
    }
    Ok(cards)
}

/// Which of these people, at least one, take part in the event, by registration or by a role.
///
/// # Errors
/// When the database does not answer.
pub async fn in_event(
    db: &Db,
    event: EventId,
    people: &BTreeSet<PersonId>,
) -> Result<BTreeSet<PersonId>, DbError> {
    let text = format!(
        "SELECT p.id FROM people p WHERE p.kind <> 'guest' AND p.id IN ({})
           AND (EXISTS (SELECT 1 FROM registrations r WHERE r.person_id = p.id
                            AND r.event_id = ? AND r.status = 'confirmed')
                OR EXISTS (SELECT 1 FROM role_grants g WHERE g.person_id = p.id
                               AND (g.event_id = ? OR g.event_id IS NULL)))",
        placeholders(people.len())
    );
    let mut statement = db.query_built(text);
    for person in people {
        statement = statement.bind(person.bytes());
    }
    statement = statement.bind(event.bytes()).bind(event.bytes());
    db.all(statement).await?.iter().map(|row| row.uuid("id").map(PersonId)).collect()
}

/// Which of these people are in the event's directory.
///
/// # Errors
/// When the database does not answer.
pub async fn in_directory(
    db: &Db,
    event: EventId,
    people: &BTreeSet<PersonId>,
) -> Result<BTreeSet<PersonId>, DbError> {
    let people: Vec<PersonId> = people.iter().copied().collect();
    let mut found = BTreeSet::new();
    for chunk in people.chunks(CHUNK) {
        let text = format!(
            "SELECT p.id FROM people p WHERE {IN_DIRECTORY} AND p.id IN ({})",
            placeholders(chunk.len())
        );
        let statement = db.query_built(text).bind(event.bytes()).bind(event.bytes());
        let statement = chunk.iter().fold(statement, |one, person| one.bind(person.bytes()));
        for row in db.all(statement).await? {
            found.insert(PersonId(row.uuid("id")?));
        }
    }
    Ok(found)
}
