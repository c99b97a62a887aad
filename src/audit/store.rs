//! The audit log in the database.

use super::Entry;
use crate::clock::Timestamp;
use crate::db::{Connection, Db, DbError, to_json};
use crate::id::{AuditId, ChannelId, EventId, PersonId, RoomId};
use crate::random::Random;

/// Writes the line as a part of the transaction.
///
/// # Errors
/// When the database refuses.
pub async fn record(
    db: &Db,
    transaction: &mut Connection,
    entry: Entry,
    now: Timestamp,
    random: &Random,
) -> Result<(), DbError> {
    db.query(
        "INSERT INTO audit_log
             (id, event_id, actor_id, action, room_id, person_id, channel_id, seq, details, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(AuditId::new(now, random).bytes())
    .bind(entry.event.map(EventId::bytes))
    .bind(entry.actor.map(PersonId::bytes))
    .bind(entry.action)
    .bind(entry.room.map(RoomId::bytes))
    .bind(entry.person.map(PersonId::bytes))
    .bind(entry.channel.map(ChannelId::bytes))
    .bind(entry.seq.map(|seq| i64::try_from(seq).unwrap_or(i64::MAX)))
    .bind(to_json(&entry.details)?)
    .bind(now.0)
    .execute(transaction)
    .await?;
    Ok(())
}
