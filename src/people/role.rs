//! Granting roles.

use sha2::{Digest as _, Sha256};

use crate::clock::Timestamp;
use crate::db::{Db, DbError, Transaction};
use crate::id::{EventId, GrantId, PersonId};
use crate::permission::Grant;
use crate::random::Random;

/// Grants a role; granted already, nothing happens. Without an event it holds for the whole
/// installation, which makes sense for organizers only.
///
/// # Errors
/// When the database refuses.
pub async fn grant(
    db: &Db,
    transaction: &mut Transaction,
    (event, person): (Option<EventId>, PersonId),
    grant: Grant,
    by: Option<PersonId>,
    (now, random): (Timestamp, &Random),
) -> Result<(), DbError> {
    let text = format!(
        "INSERT INTO role_grants
             (id, event_id, person_id, role, room_id, scope_key, granted_by, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?){}",
        db.backend().or_keep("scope_key")
    );
    db.query_built(text)
        .bind(GrantId::new(now, random).bytes())
        .bind(event.map(EventId::bytes))
        .bind(person.bytes())
        .bind(grant.role.name())
        .bind(grant.room.map(crate::id::RoomId::bytes))
        .bind(scope_key(event, person, grant))
        .bind(by.map(PersonId::bytes))
        .bind(now.0)
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// What makes a grant the only one of its kind. (A UNIQUE rule over the columns themselves would
/// let NULLs through.)
pub fn scope_key(event: Option<EventId>, person: PersonId, grant: Grant) -> Vec<u8> {
    let event = event.map(|event| event.to_string()).unwrap_or_default();
    let room = grant.room.map(|room| room.to_string()).unwrap_or_default();
    Sha256::digest(format!("{event}:{room}:{person}:{}", grant.role.name())).to_vec()
}
