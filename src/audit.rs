//! The audit log: who did what to whom, written in the transaction that does it, never changed.

use serde_json::Value;

use crate::clock::Timestamp;
use crate::db::{Connection, Db, DbError, to_json};
use crate::id::{AuditId, ChannelId, EventId, PersonId, RoomId};
use crate::random::Random;

/// A line of the log.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The event it happened in; none for what concerns the whole installation.
    pub event: Option<EventId>,
    /// Who did it; nobody when it was the command line.
    pub actor: Option<PersonId>,
    /// What was done, by the name that the permission table has for it.
    pub action: &'static str,
    /// The room concerned.
    pub room: Option<RoomId>,
    /// The person concerned.
    pub person: Option<PersonId>,
    /// The channel concerned.
    pub channel: Option<ChannelId>,
    /// The message concerned, by its number in the channel.
    pub seq: Option<u64>,
    /// What else is worth knowing; never a secret or the text of a message.
    pub details: Value,
}

impl Entry {
    /// A line that says what was done in which event and by whom, and nothing else yet.
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
