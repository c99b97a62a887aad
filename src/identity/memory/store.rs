//! Who takes part and who runs what, as the database says.

use std::collections::HashSet;

use crate::db::dialect::placeholders;
use crate::db::{Columns as _, Db, DbError};
use crate::id::{EventId, PersonId};

/// Everyone with a confirmed registration.
///
/// # Errors
/// When the database does not answer.
pub async fn all_registered(db: &Db, event: EventId) -> Result<HashSet<PersonId>, DbError> {
    let statement = db
        .query("SELECT person_id FROM registrations WHERE event_id = ? AND status = 'confirmed'")
        .bind(event.bytes());
    db.all(statement).await?.iter().map(|row| row.uuid("person_id").map(PersonId)).collect()
}

/// At most `most` of those with a confirmed registration, whichever.
pub(super) async fn some_registered(
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

/// Those of these people, at least one, who have a confirmed registration.
pub(super) async fn registered_of(
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

/// Those who organize the installation, and those who organize one event or another.
pub(super) async fn organizers(db: &Db) -> Result<(HashSet<PersonId>, HashSet<PersonId>), DbError> {
    let grants = db.query(
        "SELECT person_id, event_id FROM role_grants WHERE role = 'organizer' AND room_id IS NULL",
    );
    let (mut administrators, mut of_events) = (HashSet::new(), HashSet::new());
    for row in db.all(grants).await? {
        let person = PersonId(row.uuid("person_id")?);
        match row.optional_uuid("event_id")? {
            None => administrators.insert(person),
            Some(_) => of_events.insert(person),
        };
    }
    Ok((administrators, of_events))
}
