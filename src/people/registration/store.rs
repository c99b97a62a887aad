//! Registrations in the database.

use crate::clock::Timestamp;
use crate::db::{Db, DbError, Transaction};
use crate::id::{EventId, PersonId};

/// Confirms the registration that waits for the proof that the address is the person's own, if
/// there is one.
///
/// # Errors
/// When the database refuses.
pub async fn confirm(
    db: &Db,
    transaction: &mut Transaction,
    event: EventId,
    person: PersonId,
    now: Timestamp,
) -> Result<(), DbError> {
    db.query(
        "UPDATE registrations SET status = 'confirmed', updated_at = ?
         WHERE event_id = ? AND person_id = ? AND status = 'pending'",
    )
    .bind(now.0)
    .bind(event.bytes())
    .bind(person.bytes())
    .execute(&mut **transaction)
    .await?;
    Ok(())
}
