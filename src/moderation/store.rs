//! Sanctions in the database.

use super::Sanction;
use crate::clock::Timestamp;
use crate::db::{Columns, Db, DbError};
use crate::events::EventSnapshot;
use crate::id::{PersonId, RoomId, SanctionId};
use crate::people::card::read_card;
use crate::permission::SanctionKind;

pub(super) async fn active_on(
    db: &Db,
    event: &EventSnapshot,
    person: PersonId,
    now: Timestamp,
) -> Result<Vec<Sanction>, DbError> {
    let statement = db
        .query(
            "SELECT s.id, s.kind AS sanction_kind, s.room_id, s.reason, s.created_at, s.expires_at,
                    s.person_id, p.name, p.picture, p.affiliation, p.kind
             FROM sanctions s JOIN people p ON p.id = s.person_id
             WHERE s.event_id = ? AND s.person_id = ? AND s.lifted_at IS NULL
               AND (s.expires_at IS NULL OR s.expires_at > ?)
             ORDER BY s.created_at",
        )
        .bind(event.id.bytes())
        .bind(person.bytes())
        .bind(now.0);
    let rows = db.all(statement).await?;
    rows.iter()
        .map(|row| {
            let kind = row.text("sanction_kind")?;
            Ok(Sanction {
                id: SanctionId(row.uuid("id")?),
                kind: SanctionKind::from_name(&kind).ok_or_else(|| DbError::Value(kind))?,
                person: read_card(row, "person_id", Some(event))?,
                room: row.optional_uuid("room_id")?.map(RoomId),
                reason: row.text("reason")?,
                created_at: row.time("created_at")?,
                expires_at: row.optional_time("expires_at")?,
                by: None,
            })
        })
        .collect()
}
