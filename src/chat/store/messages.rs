//! Reading messages.

use std::collections::BTreeMap;

use sqlx::any::AnyRow;

use crate::chat::message::{Message, Stored};
use crate::clock::Timestamp;
use crate::db::dialect::placeholders;
use crate::db::{Columns, Connection, Db, DbError, Statement, from_json, signed};
use crate::events::EventSnapshot;
use crate::hub::Item;
use crate::id::{ChannelId, ClientMessageId, PersonId};
use crate::identity::card::read_card;

/// The columns that [`Stored::read`] wants, of `messages m JOIN people p`.
pub(super) const COLUMNS: &str = "m.seq, m.changed, m.ordinal, m.sender_id, m.client_id, m.body, \
    m.reply_to, m.mentions, m.reactions, m.sent_at, m.edited_at, m.deleted_at, m.deleted_by, \
    m.pinned_at, p.name, p.picture, p.affiliation, p.kind";

impl Stored {
    /// Reads a row; the sender's badge comes from the event.
    pub(super) fn read(row: &AnyRow, event: Option<&EventSnapshot>) -> Result<Self, DbError> {
        let list = |column| row.optional_text(column);
        Ok(Self {
            seq: row.count("seq")?,
            changed: row.count("changed")?,
            ordinal: row.count("ordinal")?,
            sender: read_card(row, "sender_id", event)?,
            client_id: ClientMessageId(row.uuid("client_id")?),
            body: row.text("body")?,
            reply_to: row.optional_number("reply_to")?.and_then(|seq| u64::try_from(seq).ok()),
            mentions: list("mentions")?.map_or(Ok(Vec::new()), |text| from_json(&text))?,
            reactions: list("reactions")?.map_or(Ok(BTreeMap::new()), |text| from_json(&text))?,
            sent_at: row.time("sent_at")?,
            edited_at: row.optional_time("edited_at")?,
            deleted_at: row.optional_time("deleted_at")?,
            deleted_by: row.optional_uuid("deleted_by")?.map(PersonId),
            pinned_at: row.optional_time("pinned_at")?,
        })
    }
}

/// A page of messages before a number, oldest first, and whether there are older ones.
pub(in crate::chat) async fn history(
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

/// Which messages of a channel the hub wants, of those whose last change lies in a range.
#[derive(Clone, Copy, Debug)]
pub(in crate::chat) enum Wanted {
    /// Those that changed last, the newest first.
    Newest,
    /// Those that are pinned, in their order.
    Pinned,
    /// Those that changed first.
    Oldest,
}

impl Wanted {
    /// The end of the statement's condition, and the order.
    fn text(self) -> &'static str {
        match self {
            Self::Newest => "ORDER BY m.changed DESC, m.seq DESC",
            Self::Pinned => "AND m.pinned_at IS NOT NULL AND m.deleted_at IS NULL ORDER BY m.seq",
            Self::Oldest => "ORDER BY m.changed",
        }
    }
}

/// At most `limit` messages whose last change comes after the first of two numbers, and not after
/// the second, as the hub carries them.
pub(in crate::chat) async fn items(
    db: &Db,
    event: Option<&EventSnapshot>,
    channel: ChannelId,
    wanted: Wanted,
    [after, up_to]: [u64; 2],
    limit: usize,
) -> Result<Vec<Item>, DbError> {
    let text = format!(
        "SELECT {COLUMNS} FROM messages m JOIN people p ON p.id = m.sender_id
         WHERE m.channel_id = ? AND m.changed > ? AND m.changed <= ? {} LIMIT {limit}",
        wanted.text()
    );
    let statement = db.query_built(text).bind(channel.bytes());
    let rows = db.all(statement.bind(signed(after)).bind(signed(up_to))).await?;
    rows.iter().map(|row| Stored::read(row, event)?.item()).collect()
}

/// The messages of a channel with these numbers, at least one, as a part of a transaction.
pub(in crate::chat) async fn numbered(
    db: &Db,
    transaction: &mut Connection,
    event: Option<&EventSnapshot>,
    channel: ChannelId,
    numbers: impl ExactSizeIterator<Item = u64>,
) -> Result<Vec<Stored>, DbError> {
    let statement = in_list(db, channel, "m.seq", numbers.len());
    let statement = numbers.fold(statement, |one, number| one.bind(signed(number)));
    let rows = statement.fetch_all(transaction).await?;
    rows.iter().map(|row| Stored::read(row, event)).collect()
}

/// The last message of a channel, as a part of a transaction.
pub(in crate::chat) async fn last(
    db: &Db,
    transaction: &mut Connection,
    event: Option<&EventSnapshot>,
    channel: ChannelId,
) -> Result<Option<Stored>, DbError> {
    let text = format!(
        "SELECT {COLUMNS} FROM messages m JOIN people p ON p.id = m.sender_id
         WHERE m.channel_id = ? ORDER BY m.seq DESC LIMIT 1"
    );
    let statement = db.query_built(text).bind(channel.bytes());
    let row = statement.fetch_optional(transaction).await?;
    row.map(|row| Stored::read(&row, event)).transpose()
}

/// The messages of a channel with these client ids, at least one, as a part of a transaction.
pub(in crate::chat) async fn sent_as(
    db: &Db,
    transaction: &mut Connection,
    event: Option<&EventSnapshot>,
    channel: ChannelId,
    clients: &[ClientMessageId],
) -> Result<Vec<Stored>, DbError> {
    let statement = in_list(db, channel, "m.client_id", clients.len());
    let statement = clients.iter().fold(statement, |one, client| one.bind(client.bytes()));
    let rows = statement.fetch_all(transaction).await?;
    rows.iter().map(|row| Stored::read(row, event)).collect()
}

/// The message that somebody has sent to a channel with this client id.
pub(in crate::chat) async fn sent_by(
    db: &Db,
    event: &EventSnapshot,
    channel: ChannelId,
    sender: PersonId,
    client: ClientMessageId,
) -> Result<Option<Stored>, DbError> {
    let text = format!(
        "SELECT {COLUMNS} FROM messages m JOIN people p ON p.id = m.sender_id
         WHERE m.channel_id = ? AND m.client_id = ? AND m.sender_id = ?"
    );
    let statement = db.query_built(text).bind(channel.bytes());
    let row = db.one(statement.bind(client.bytes()).bind(sender.bytes())).await?;
    row.map(|row| Stored::read(&row, Some(event))).transpose()
}

/// Asks for messages of a channel by so many values of a column.
fn in_list(db: &Db, channel: ChannelId, column: &str, values: usize) -> Statement {
    let text = format!(
        "SELECT {COLUMNS} FROM messages m JOIN people p ON p.id = m.sender_id
         WHERE m.channel_id = ? AND {column} IN ({})",
        placeholders(values)
    );
    db.query_built(text).bind(channel.bytes())
}

/// How many messages of a channel are pinned, as a part of a transaction.
pub(in crate::chat) async fn pinned(
    db: &Db,
    transaction: &mut Connection,
    channel: ChannelId,
) -> Result<u64, DbError> {
    let statement = db
        .query(
            "SELECT COUNT(*) AS pinned FROM messages
             WHERE channel_id = ? AND pinned_at IS NOT NULL AND deleted_at IS NULL",
        )
        .bind(channel.bytes());
    statement.fetch_one(transaction).await?.count("pinned")
}

/// What decides who may change a message, and when.
#[derive(Debug)]
pub(in crate::chat) struct Origin {
    pub(in crate::chat) sender: PersonId,
    pub(in crate::chat) client_id: ClientMessageId,
    pub(in crate::chat) body: String,
}

/// Who sent a message, and what it says.
pub(in crate::chat) async fn origin(
    db: &Db,
    channel: ChannelId,
    seq: u64,
) -> Result<Option<Origin>, DbError> {
    let statement = db
        .query("SELECT sender_id, client_id, body FROM messages WHERE channel_id = ? AND seq = ?")
        .bind(channel.bytes())
        .bind(signed(seq));
    let Some(row) = db.one(statement).await? else { return Ok(None) };
    Ok(Some(Origin {
        sender: PersonId(row.uuid("sender_id")?),
        client_id: ClientMessageId(row.uuid("client_id")?),
        body: row.text("body")?,
    }))
}

/// The numbers of a person's messages since a time that are not deleted, newest first.
pub(in crate::chat) async fn recent_of(
    db: &Db,
    channel: ChannelId,
    person: PersonId,
    since: Timestamp,
    limit: usize,
) -> Result<Vec<u64>, DbError> {
    // Numbers grow with the time: the last message before it bounds what has to be looked at.
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

/// How many messages a channel had up to a number.
pub(in crate::chat) async fn ordinal_at(
    db: &Db,
    channel: ChannelId,
    seq: u64,
) -> Result<u64, DbError> {
    let statement = db
        .query(
            "SELECT ordinal FROM messages WHERE channel_id = ? AND seq <= ?
             ORDER BY seq DESC LIMIT 1",
        )
        .bind(channel.bytes())
        .bind(signed(seq));
    db.one(statement).await?.map_or(Ok(0), |row| row.count("ordinal"))
}
