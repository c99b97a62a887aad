//! Reading messages: history, a person's own reactions, unread counts.

use std::collections::BTreeMap;

use super::commit::signed;
use super::message::{COLUMNS, Message, Stored};
use super::reading::Pointer;
use crate::clock::Timestamp;
use crate::db::{Columns, Db, DbError};
use crate::events::EventSnapshot;
use crate::id::{ChannelId, PersonId};

/// A page of messages before a number, oldest first, and whether there are older ones.
pub(super) async fn history(
    db: &Db,
    event: &EventSnapshot,
    channel: ChannelId,
    before: u64,
    limit: usize,
) -> Result<(Vec<Message>, bool), DbError> {
    let text = format!(
        "SELECT {COLUMNS} FROM messages m JOIN people p ON p.id = m.sender_id
         WHERE m.channel_id = ? AND m.seq < ? ORDER BY m.seq DESC LIMIT {}",
        limit + 1
    );
    let statement = db.query_built(text).bind(channel.bytes()).bind(signed(before));
    let rows = db.all(statement).await?;
    let more = rows.len() > limit;
    let page = rows.iter().take(limit).rev();
    let messages = page.map(|row| Ok(Stored::read(row, Some(event))?.message()));
    Ok((messages.collect::<Result<_, DbError>>()?, more))
}

/// With what a person reacted to the messages of a range.
pub(super) async fn own_reactions(
    db: &Db,
    channel: ChannelId,
    person: PersonId,
    from: u64,
    to: u64,
) -> Result<BTreeMap<u64, Vec<String>>, DbError> {
    let statement = db
        .query(
            "SELECT seq, emoji FROM message_reactions
             WHERE channel_id = ? AND seq >= ? AND seq <= ? AND person_id = ? ORDER BY seq, emoji",
        )
        .bind(channel.bytes())
        .bind(signed(from))
        .bind(signed(to))
        .bind(person.bytes());
    let mut own: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    for row in db.all(statement).await? {
        own.entry(row.count("seq")?).or_default().push(row.text("emoji")?);
    }
    Ok(own)
}

/// Who sent a message.
pub(super) async fn sender_of(
    db: &Db,
    channel: ChannelId,
    seq: u64,
) -> Result<Option<PersonId>, DbError> {
    let statement = db
        .query("SELECT sender_id FROM messages WHERE channel_id = ? AND seq = ?")
        .bind(channel.bytes())
        .bind(signed(seq));
    db.one(statement).await?.map(|row| row.uuid("sender_id").map(PersonId)).transpose()
}

/// The numbers of what a person has said since a time and that is not deleted, newest first.
pub(super) async fn recent_of(
    db: &Db,
    channel: ChannelId,
    person: PersonId,
    since: Timestamp,
    limit: usize,
) -> Result<Vec<u64>, DbError> {
    // Positions grow with time: the last message before it bounds the search.
    let older = db
        .query(
            "SELECT seq FROM messages WHERE channel_id = ? AND sent_at < ?
             ORDER BY seq DESC LIMIT 1",
        )
        .bind(channel.bytes())
        .bind(since.0);
    let older = db.one(older).await?.map_or(Ok(0), |row| row.count("seq"))?;
    let text = format!(
        "SELECT seq FROM messages
         WHERE channel_id = ? AND seq > ? AND sender_id = ? AND deleted_at IS NULL
         ORDER BY seq DESC LIMIT {limit}"
    );
    let statement =
        db.query_built(text).bind(channel.bytes()).bind(signed(older)).bind(person.bytes());
    db.all(statement).await?.iter().map(|row| row.count("seq")).collect()
}

/// Where somebody stands who has read all of a channel.
pub(super) async fn head(db: &Db, channel: ChannelId) -> Result<Pointer, DbError> {
    let statement =
        db.query("SELECT last_seq, message_count FROM channels WHERE id = ?").bind(channel.bytes());
    let Some(row) = db.one(statement).await? else { return Ok(Pointer::default()) };
    Ok(Pointer { seq: row.count("last_seq")?, ordinal: row.count("message_count")? })
}

/// How many messages a channel had up to a number.
pub(super) async fn ordinal_at(db: &Db, channel: ChannelId, seq: u64) -> Result<u64, DbError> {
    let statement = db
        .query(
            "SELECT ordinal FROM messages WHERE channel_id = ? AND seq <= ?
             ORDER BY seq DESC LIMIT 1",
        )
        .bind(channel.bytes())
        .bind(signed(seq));
    db.one(statement).await?.map_or(Ok(0), |row| row.count("ordinal"))
}

/// How many messages after a number mention a person.
pub(super) async fn mentions_after(
    db: &Db,
    channel: ChannelId,
    person: PersonId,
    seq: u64,
) -> Result<u64, DbError> {
    let statement = db
        .query(
            "SELECT COUNT(*) AS mentions FROM mentions
             WHERE person_id = ? AND channel_id = ? AND seq > ?",
        )
        .bind(person.bytes())
        .bind(channel.bytes())
        .bind(signed(seq));
    db.one(statement).await?.map_or(Ok(0), |row| row.count("mentions"))
}
