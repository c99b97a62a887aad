//! Channels, read and locked.

use sqlx::any::AnyRow;
use uuid::Uuid;

use crate::clock::Timestamp;
use crate::db::dialect::placeholders;
use crate::db::{Columns, Connection, Db, DbError};
use crate::id::{ChannelId, EventId};

/// How far a channel has come.
#[derive(Clone, Copy, Debug)]
pub(in crate::chat) struct Head {
    pub(in crate::chat) event: EventId,
    /// The number of the last change.
    pub(in crate::chat) seq: u64,
    /// How many messages there have been.
    pub(in crate::chat) count: u64,
}

/// How far a channel has come; nothing when there is no such channel.
pub(in crate::chat) async fn head(db: &Db, channel: ChannelId) -> Result<Option<Head>, DbError> {
    let statement = db
        .query("SELECT event_id, last_seq, message_count FROM channels WHERE id = ?")
        .bind(channel.bytes());
    let Some(row) = db.one(statement).await? else { return Ok(None) };
    let (seq, count) = (row.count("last_seq")?, row.count("message_count")?);
    Ok(Some(Head { event: EventId(row.uuid("event_id")?), seq, count }))
}

/// The numbers of the last changes of these channels, at least one.
pub(in crate::chat) async fn heads(
    db: &Db,
    channels: &[ChannelId],
) -> Result<Vec<(ChannelId, u64)>, DbError> {
    let text =
        format!("SELECT id, last_seq FROM channels WHERE id IN ({})", placeholders(channels.len()));
    let statement = db.query_built(text);
    let statement = channels.iter().fold(statement, |one, id| one.bind(id.bytes()));
    let rows = db.all(statement).await?;
    let read = |row: &AnyRow| Ok((ChannelId(row.uuid("id")?), row.count("last_seq")?));
    rows.iter().map(read).collect()
}

/// A channel whose row is locked until the transaction ends.
#[derive(Debug)]
pub(in crate::chat) struct Locked {
    /// The name of its kind.
    pub(in crate::chat) kind: String,
    /// The room or other object that it belongs to.
    pub(in crate::chat) object: Option<Uuid>,
    pub(in crate::chat) head: Head,
    pub(in crate::chat) last_message_at: Option<Timestamp>,
}

/// Locks a channel and reads it; nothing when there is no such channel.
pub(in crate::chat) async fn lock(
    db: &Db,
    transaction: &mut Connection,
    channel: ChannelId,
) -> Result<Option<Locked>, DbError> {
    let text = format!(
        "SELECT event_id, room_id, kind, last_seq, message_count, last_message_at
         FROM channels WHERE id = ?{}",
        db.backend().for_update()
    );
    let statement = db.query_built(text).bind(channel.bytes());
    let Some(row) = statement.fetch_optional(transaction).await? else { return Ok(None) };
    Ok(Some(Locked {
        kind: row.text("kind")?,
        object: row.optional_uuid("room_id")?,
        head: Head {
            event: EventId(row.uuid("event_id")?),
            seq: row.count("last_seq")?,
            count: row.count("message_count")?,
        },
        last_message_at: row.optional_time("last_message_at")?,
    }))
}
