//! What the database says of somebody who wants to look different.

use crate::clock::Timestamp;
use crate::db::{Columns, Db, DbError, Transaction};
use crate::id::{EventId, PersonId};
use crate::permission::SanctionKind;

/// A sanction in force.
pub(super) struct InForce {
    pub(super) kind: SanctionKind,
    /// When it ends by itself.
    pub(super) until: Option<Timestamp>,
    /// The event's title.
    pub(super) event: String,
}

/// The sanction that holds longest of those on the person, in events that are not closed.
pub(super) async fn sanction_on(
    db: &Db,
    person: PersonId,
    now: Timestamp,
) -> Result<Option<InForce>, DbError> {
    let statement = db
        .query(
            "SELECT s.kind, s.expires_at, e.title
             FROM sanctions s JOIN events e ON e.id = s.event_id
             WHERE s.person_id = ? AND s.lifted_at IS NULL
               AND (s.expires_at IS NULL OR s.expires_at > ?) AND e.state <> 'closed'
             ORDER BY CASE WHEN s.expires_at IS NULL THEN 0 ELSE 1 END, s.expires_at DESC LIMIT 1",
        )
        .bind(person.bytes())
        .bind(now.0);
    let Some(row) = db.one(statement).await? else { return Ok(None) };
    let kind = row.text("kind")?;
    Ok(Some(InForce {
        kind: SanctionKind::from_name(&kind).ok_or(DbError::Value(kind))?,
        until: row.optional_time("expires_at")?,
        event: row.text("title")?,
    }))
}

/// How many events learn of a new name.
const MOST_EVENTS: i64 = 100;

/// The events that are not closed and in which others know the person: by a registration, however
/// it stands, or by a role.
pub(super) async fn known_in(
    db: &Db,
    transaction: &mut Transaction,
    person: PersonId,
) -> Result<Vec<EventId>, DbError> {
    let rows = db
        .query(
            "SELECT e.id FROM events e WHERE e.state <> 'closed'
               AND (EXISTS (SELECT 1 FROM registrations r
                            WHERE r.event_id = e.id AND r.person_id = ?)
                    OR EXISTS (SELECT 1 FROM role_grants g
                               WHERE g.event_id = e.id AND g.person_id = ?))
             ORDER BY e.starts_at DESC LIMIT ?",
        )
        .bind(person.bytes())
        .bind(person.bytes())
        .bind(MOST_EVENTS)
        .fetch_all(&mut **transaction)
        .await?;
    rows.iter().map(|row| row.uuid("id").map(EventId)).collect()
}
