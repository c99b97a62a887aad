//! What is unread: messages and mentions that are there now, not those that were deleted.

use crate::chat::reading::Pointer;
use crate::db::dialect::placeholders;
use crate::db::{Columns, Db, DbError, signed};
use crate::id::{ChannelId, PersonId};

/// How many ordinals of deleted messages are read at once.
const DELETED: usize = 10_000;

/// The number of deleted messages of the channel `{channel}` after the number `{after}`, as an
/// expression.
pub(in crate::chat) fn deleted(channel: &str, after: &str) -> String {
    format!(
        "(SELECT COUNT(*) FROM messages gone WHERE gone.channel_id = {channel}
          AND gone.deleted_at IS NOT NULL AND gone.seq > {after})"
    )
}

/// The number of messages of the channel `{channel}` after the number `{after}` that mention the
/// person `{person}`, as an expression.
pub(in crate::chat) fn mentions(person: &str, channel: &str, after: &str) -> String {
    format!(
        "(SELECT COUNT(*) FROM mentions named JOIN messages there
              ON there.channel_id = named.channel_id AND there.seq = named.seq
          WHERE named.person_id = {person} AND named.channel_id = {channel}
            AND named.seq > {after} AND there.deleted_at IS NULL)"
    )
}

/// What follows a read pointer in a channel.
#[derive(Clone, Copy, Debug)]
pub(in crate::chat) struct After {
    /// How many of the messages are deleted.
    pub(in crate::chat) deleted: u64,
    /// How many of the others mention the person.
    pub(in crate::chat) mentions: u64,
}

/// What follows a person's read pointer.
pub(in crate::chat) async fn after(
    db: &Db,
    channel: ChannelId,
    person: PersonId,
    read: Pointer,
) -> Result<After, DbError> {
    let text =
        format!("SELECT {} AS deleted, {} AS mentions", deleted("?", "?"), mentions("?", "?", "?"));
    let statement = db
        .query_built(text)
        .bind(channel.bytes())
        .bind(signed(read.seq))
        .bind(person.bytes())
        .bind(channel.bytes())
        .bind(signed(read.seq));
    let row = db.one(statement).await?;
    let row = row.ok_or_else(|| DbError::Value("no counts".to_owned()))?;
    Ok(After { deleted: row.count("deleted")?, mentions: row.count("mentions")? })
}

/// The ordinals of a channel's deleted messages after a number, ascending; at most 10,000.
pub(in crate::chat) async fn deleted_after(
    db: &Db,
    channel: ChannelId,
    seq: u64,
) -> Result<Vec<u64>, DbError> {
    let text = format!(
        "SELECT ordinal FROM messages WHERE channel_id = ? AND deleted_at IS NOT NULL AND seq > ?
         ORDER BY seq LIMIT {DELETED}"
    );
    let statement = db.query_built(text).bind(channel.bytes()).bind(signed(seq));
    db.all(statement).await?.iter().map(|row| row.count("ordinal")).collect()
}

/// Which messages of a channel mention these people, at least one: those that are there now.
pub(in crate::chat) async fn mentioning(
    db: &Db,
    channel: ChannelId,
    people: &[PersonId],
) -> Result<Vec<(PersonId, u64)>, DbError> {
    let text = format!(
        "SELECT n.person_id, n.seq FROM mentions n
         JOIN messages m ON m.channel_id = n.channel_id AND m.seq = n.seq
         WHERE n.channel_id = ? AND m.deleted_at IS NULL AND n.person_id IN ({})",
        placeholders(people.len())
    );
    let statement = db.query_built(text).bind(channel.bytes());
    let statement = people.iter().fold(statement, |one, person| one.bind(person.bytes()));
    let rows = db.all(statement).await?;
    rows.iter().map(|row| Ok((PersonId(row.uuid("person_id")?), row.count("seq")?))).collect()
}
