//! Reads from the database who has a confirmed registration.

use std::collections::HashSet;

use crate::db::dialect::placeholders;
use crate::db::{Columns as _, Db, DbError};
use crate::id::{EventId, PersonId};

/// Everyone with a confirmed registration.
///
/// # Errors
/// When the database does not answer.
pub async fn all(db: &Db, event: EventId) -> Result<HashSet<PersonId>, DbError> {
    let statement = db
        .query("SELECT person_id FROM registrations WHERE event_id = ? AND status = 'confirmed'")
        .bind(event.bytes());
    db.all(statement).await?.iter().map(|row| row.uuid("person_id").map(PersonId)).collect()
}

/// Any of those with a confirmed registration, at most `limit`.
pub(super) async fn some(
    db: &Db,
    event: EventId,
    limit: usize,
) -> Result<HashSet<PersonId>, DbError> {
    let statement = db
        .query(
            "SELECT person_id FROM registrations WHERE event_id = ? AND status = 'confirmed'
             LIMIT ?",
        )
        .bind(event.bytes())
        .bind(i64::try_from(limit).unwrap_or(i64::MAX));
    db.all(statement).await?.iter().map(|row| row.uuid("person_id").map(PersonId)).collect()
}

/// Which of these people (at least one) have a confirmed registration.
pub(super) async fn of(
    db: &Db,
    event: EventId,
    people: &[PersonId],
) -> Result<HashSet<PersonId>, DbError> {
    let text = format!(
        "SELECT person_id FROM registrations
         WHERE event_id = ? AND status = 'confirmed' AND person_id IN ({})",
        placeholders(people.len())
    );
    let statement = db.query_built(text).bind(event.bytes());
    let statement = people.iter().fold(statement, |one, person| one.bind(person.bytes()));
    db.all(statement).await?.iter().map(|row| row.uuid("person_id").map(PersonId)).collect()
}
