//! The audit log: who did what to whom, written in the transaction that does it, never changed.

use serde_json::Value;

use crate::clock::Timestamp;
use crate::db::{Connection, Db, DbError, to_json};
use crate::id::{AuditId, ChannelId, EventId, PersonId, RoomId};
use crate::random::Random;

/// A line of the log.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The event it happened in; `None` for the whole installation.
    pub event: Option<EventId>,
    /// Who did it; `None` for the command line.
    pub actor: Option<PersonId>,
    /// The operation, by its name in the permission table.
    pub action: &'static str,
    /// The room concerned.
    pub room: Option<RoomId>,
    /// The person concerned.
    pub person: Option<PersonId>,
    /// The channel concerned.
    pub channel: Option<ChannelId>,
    /// The message concerned, by its position in the channel.
    pub seq: Option<u64>,
    /// Further details; never a secret or the text of a message.
    pub details: Value,
}

impl Entry {
    /// A line with only the event, the actor and the operation.
    pub fn new(event: Option<EventId>, actor: Option<PersonId>, action: &'static str) -> Self {
        Self {
            event,
            actor,
            action,
            room: None,
            person: None,
            channel: None,
            seq: None,
            details: Value::Object(serde_json::Map::new()),
        }
    }
}

/// Writes the line as part of the transaction.
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
