//! Roles in the database.

pub(in crate::identity::roles) mod invitation;
mod list;

use crate::clock::Timestamp;
use crate::db::{Columns, Db, DbError, Transaction};
use crate::id::{EventId, GrantId, PersonId, RoomId};
use crate::permission::{Grant, Role};

use super::NewGrant;

pub use list::{GrantView, OverviewLine, list, overview};

/// Stores the grant under this id, unless there is the same one already.
pub(super) async fn insert(
    db: &Db,
    transaction: &mut Transaction,
    (id, new): (GrantId, NewGrant),
    by: Option<PersonId>,
    now: Timestamp,
) -> Result<(), DbError> {
    let text = format!(
        "INSERT INTO role_grants
             (id, event_id, person_id, role, room_id, scope_key, granted_by, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?){}",
        db.backend().or_keep("scope_key")
    );
    db.query_built(text)
        .bind(id.bytes())
        .bind(new.scope.event.map(EventId::bytes))
        .bind(new.person.bytes())
        .bind(new.role.name())
        .bind(new.scope.room.map(RoomId::bytes))
        .bind(new.key())
        .bind(by.map(PersonId::bytes))
        .bind(now.0)
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// The id of this grant, which must be there.
pub(super) async fn id_of(
    db: &Db,
    transaction: &mut Transaction,
    grant: NewGrant,
) -> Result<GrantId, DbError> {
    let row = db
        .query("SELECT id FROM role_grants WHERE scope_key = ?")
        .bind(grant.key())
        .fetch_one(&mut **transaction)
        .await?;
    row.uuid("id").map(GrantId)
}

/// Removes this grant and tells whether it was there.
pub(super) async fn delete(
    db: &Db,
    transaction: &mut Transaction,
    grant: NewGrant,
) -> Result<bool, DbError> {
    let deleted = db
        .query("DELETE FROM role_grants WHERE scope_key = ?")
        .bind(grant.key())
        .execute(&mut **transaction)
        .await?;
    Ok(deleted.rows_affected() > 0)
}

/// Whether anybody organizes the event.
pub(super) async fn has_organizer(
    db: &Db,
    transaction: &mut Transaction,
    event: EventId,
) -> Result<bool, DbError> {
    let found = db
        .query(
            "SELECT 1 AS found FROM role_grants
             WHERE event_id = ? AND role = 'organizer' AND room_id IS NULL",
        )
        .bind(event.bytes())
        .fetch_optional(&mut **transaction)
        .await?;
    Ok(found.is_some())
}

/// The roles of a person in an event, in the order in which they were given.
pub(super) async fn of_person(
    db: &Db,
    transaction: &mut Transaction,
    event: EventId,
    person: PersonId,
) -> Result<Vec<Grant>, DbError> {
    let rows = db
        .query(
            "SELECT role, room_id FROM role_grants WHERE event_id = ? AND person_id = ?
             ORDER BY created_at, id",
        )
        .bind(event.bytes())
        .bind(person.bytes())
        .fetch_all(&mut **transaction)
        .await?;
    rows.iter()
        .map(|row| {
            let name = row.text("role")?;
            let role = Role::from_name(&name).ok_or_else(|| DbError::Value(name))?;
            Ok(Grant { role, room: row.optional_uuid("room_id")?.map(RoomId) })
        })
        .collect()
}
