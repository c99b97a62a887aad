//! Writing messages.

use crate::chat::message::Stored;
use crate::clock::Timestamp;
use crate::db::dialect::value_groups;
use crate::db::{Connection, Db, DbError, signed, to_json};
use crate::id::{ChannelId, PersonId};

/// Writes new messages, at least one, in one statement.
pub(in crate::chat) async fn insert(
    db: &Db,
    transaction: &mut Connection,
    channel: ChannelId,
    new: &[&Stored],
) -> Result<(), DbError> {
    // SQLite takes 32,766 values at once; a group never comes near it.
    let text = format!(
        "INSERT INTO messages (channel_id, seq, changed, ordinal, sender_id, client_id, body,
            reply_to, mentions, reactions, sent_at, edited_at, deleted_at, deleted_by, pinned_at)
         VALUES {}",
        value_groups(new.len(), 15)
    );
    let mut statement = db.query_built(text);
    for message in new {
        statement = statement
            .bind(channel.bytes())
            .bind(signed(message.seq))
            .bind(signed(message.changed))
            .bind(signed(message.ordinal))
            .bind(message.sender.id.bytes())
            .bind(message.client_id.bytes())
            .bind(message.body.clone())
            .bind(message.reply_to.map(signed))
            .bind(list(&message.mentions, message.mentions.is_empty())?)
            .bind(list(&message.reactions, message.reactions.is_empty())?)
            .bind(message.sent_at.0)
            .bind(message.edited_at.map(|at| at.0))
            .bind(message.deleted_at.map(|at| at.0))
            .bind(message.deleted_by.map(PersonId::bytes))
            .bind(message.pinned_at.map(|at| at.0));
    }
    statement.execute(transaction).await?;
    Ok(())
}

/// Writes what can change of a message.
pub(in crate::chat) async fn update(
    db: &Db,
    transaction: &mut Connection,
    channel: ChannelId,
    message: &Stored,
) -> Result<(), DbError> {
    db.query(
        "UPDATE messages SET changed = ?, body = ?, mentions = ?, reactions = ?, edited_at = ?,
            deleted_at = ?, deleted_by = ?, pinned_at = ?
         WHERE channel_id = ? AND seq = ?",
    )
    .bind(signed(message.changed))
    .bind(message.body.clone())
    .bind(list(&message.mentions, message.mentions.is_empty())?)
    .bind(list(&message.reactions, message.reactions.is_empty())?)
    .bind(message.edited_at.map(|at| at.0))
    .bind(message.deleted_at.map(|at| at.0))
    .bind(message.deleted_by.map(PersonId::bytes))
    .bind(message.pinned_at.map(|at| at.0))
    .bind(channel.bytes())
    .bind(signed(message.seq))
    .execute(transaction)
    .await?;
    Ok(())
}

fn list<T: serde::Serialize>(value: &T, empty: bool) -> Result<Option<String>, DbError> {
    (!empty).then(|| to_json(value)).transpose()
}

/// Backdates a message of the sample, without announcing it.
///
/// # Errors
/// When the database refuses.
pub async fn backdate(
    db: &Db,
    channel: ChannelId,
    seq: u64,
    sent_at: Timestamp,
) -> Result<(), DbError> {
    let statement = db
        .query("UPDATE messages SET sent_at = ? WHERE channel_id = ? AND seq = ?")
        .bind(sent_at.0)
        .bind(channel.bytes())
        .bind(signed(seq));
    db.run(statement).await?;
    Ok(())
}
