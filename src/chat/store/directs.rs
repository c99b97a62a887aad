//! Direct channels: their owners, and what is in a person's list.

use std::collections::{BTreeSet, HashMap};

use super::messages::COLUMNS;
use super::unread::deleted;
use crate::chat::message::{Message, Stored};
use crate::db::dialect::{placeholders, value_groups};
use crate::db::{Columns, Connection, Db, DbError};
use crate::events::EventSnapshot;
use crate::id::{ChannelId, EventId, PersonId};
use crate::identity::card::read_card;
use crate::protocol::Card;

/// The event and the people of a direct channel; nothing when there is no such one.
pub(in crate::chat) async fn people(
    db: &Db,
    channel: ChannelId,
) -> Result<Option<(EventId, BTreeSet<PersonId>)>, DbError> {
    let statement = db
        .query(
            "SELECT c.event_id, d.person_id
             FROM channels c JOIN direct_members d ON d.channel_id = c.id
             WHERE c.id = ? AND c.kind = 'direct'",
        )
        .bind(channel.bytes());
    let rows = db.all(statement).await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let people = rows.iter().map(|row| row.uuid("person_id").map(PersonId));
    Ok(Some((EventId(first.uuid("event_id")?), people.collect::<Result<_, _>>()?)))
}

/// The channel of a key; see [`crate::chat::direct_key`].
pub(in crate::chat) async fn find(db: &Db, key: &[u8]) -> Result<Option<ChannelId>, DbError> {
    let statement = db.query("SELECT id FROM channels WHERE channel_key = ?").bind(key.to_vec());
    db.one(statement).await?.map(|row| row.uuid("id").map(ChannelId)).transpose()
}

/// How many direct channels of an event somebody has opened in which nothing was ever said.
pub(in crate::chat) async fn silent(
    db: &Db,
    transaction: &mut Connection,
    event: EventId,
    opener: PersonId,
) -> Result<u64, DbError> {
    let statement = db
        .query(
            "SELECT COUNT(*) AS silent FROM channels
             WHERE opened_by = ? AND event_id = ? AND message_count = 0",
        )
        .bind(opener.bytes())
        .bind(event.bytes());
    statement.fetch_one(transaction).await?.count("silent")
}

/// Makes these people, at least one, a channel's, hidden from all until something is said.
pub(in crate::chat) async fn insert_people(
    db: &Db,
    transaction: &mut Connection,
    channel: ChannelId,
    people: &BTreeSet<PersonId>,
) -> Result<(), DbError> {
    let text = format!(
        "INSERT INTO direct_members (channel_id, person_id, hidden) VALUES {}",
        value_groups(people.len(), 3)
    );
    let mut statement = db.query_built(text);
    for person in people {
        statement = statement.bind(channel.bytes()).bind(person.bytes()).bind(1_i64);
    }
    statement.execute(transaction).await?;
    Ok(())
}

/// Takes a channel out of a person's list until something is said.
pub(in crate::chat) async fn hide(
    db: &Db,
    channel: ChannelId,
    person: PersonId,
) -> Result<(), DbError> {
    let statement = db
        .query("UPDATE direct_members SET hidden = 1 WHERE channel_id = ? AND person_id = ?")
        .bind(channel.bytes())
        .bind(person.bytes());
    db.run(statement).await?;
    Ok(())
}

/// Puts a channel into the lists of all its people.
pub(in crate::chat) async fn show(
    db: &Db,
    transaction: &mut Connection,
    channel: ChannelId,
) -> Result<(), DbError> {
    db.query("UPDATE direct_members SET hidden = 0 WHERE channel_id = ? AND hidden = 1")
        .bind(channel.bytes())
        .execute(transaction)
        .await?;
    Ok(())
}

/// One of the people of a direct channel.
#[derive(Debug)]
pub(in crate::chat) struct Reader {
    pub(in crate::chat) card: Card,
    /// How many messages they have read.
    pub(in crate::chat) read: u64,
    /// How many of the others are deleted.
    pub(in crate::chat) deleted: u64,
}

/// The people of a channel, and how far each has read.
pub(in crate::chat) async fn readers(
    db: &Db,
    transaction: &mut Connection,
    event: Option<&EventSnapshot>,
    channel: ChannelId,
) -> Result<Vec<Reader>, DbError> {
    let text = format!(
        "SELECT d.person_id, p.name, p.picture, p.affiliation, p.kind, r.ordinal, {} AS deleted
         FROM direct_members d JOIN people p ON p.id = d.person_id
         LEFT JOIN read_pointers r
             ON r.person_id = d.person_id AND r.channel_id = d.channel_id
         WHERE d.channel_id = ? ORDER BY d.person_id",
        deleted("d.channel_id", "COALESCE(r.seq, 0)")
    );
    let statement = db.query_built(text).bind(channel.bytes());
    let rows = statement.fetch_all(transaction).await?;
    let read = |row: &sqlx::any::AnyRow| {
        let read = row.optional_number("ordinal")?.and_then(|read| u64::try_from(read).ok());
        Ok(Reader {
            card: read_card(row, "person_id", event)?,
            read: read.unwrap_or(0),
            deleted: row.count("deleted")?,
        })
    };
    rows.iter().map(read).collect()
}

/// A direct channel in a person's list.
#[derive(Debug)]
pub(in crate::chat) struct DirectRow {
    pub(in crate::chat) channel: ChannelId,
    pub(in crate::chat) count: u64,
    /// How many of the messages that the person has not read are deleted.
    pub(in crate::chat) deleted: u64,
    pub(in crate::chat) last_message_at: i64,
    pub(in crate::chat) people: Vec<Card>,
    pub(in crate::chat) last: Option<Message>,
}

/// A person's direct channels, newest first: those not hidden, before a time, or just one.
pub(in crate::chat) async fn list(
    db: &Db,
    event: &EventSnapshot,
    person: PersonId,
    page: DirectPage,
) -> Result<Vec<DirectRow>, DbError> {
    let columns = format!(
        "SELECT c.id, c.message_count, c.last_message_at, {} AS deleted
         FROM direct_members d JOIN channels c ON c.id = d.channel_id
         LEFT JOIN read_pointers r ON r.person_id = d.person_id AND r.channel_id = d.channel_id",
        deleted("c.id", "COALESCE(r.seq, 0)")
    );
    let statement = match page {
        DirectPage::Before(time, limit) => db
            .query_built(format!(
                "{columns} WHERE d.person_id = ? AND c.event_id = ? AND d.hidden = 0
                   AND c.last_message_at < ?
                 ORDER BY c.last_message_at DESC LIMIT {limit}"
            ))
            .bind(person.bytes())
            .bind(event.id.bytes())
            .bind(time),
        DirectPage::One(channel) => db
            .query_built(format!("{columns} WHERE d.person_id = ? AND c.event_id = ? AND c.id = ?"))
            .bind(person.bytes())
            .bind(event.id.bytes())
            .bind(channel.bytes()),
    };
    let rows = db.all(statement).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        found.push(DirectRow {
            channel: ChannelId(row.uuid("id")?),
            count: row.count("message_count")?,
            deleted: row.count("deleted")?,
            last_message_at: row.optional_number("last_message_at")?.unwrap_or(0),
            people: Vec::new(),
            last: None,
        });
    }
    fill(db, event, &mut found).await?;
    Ok(found)
}

/// Which of a person's direct channels.
#[derive(Clone, Copy, Debug)]
pub(in crate::chat) enum DirectPage {
    /// Those with a last message before the time, so many.
    Before(i64, usize),
    /// This one, hidden or not.
    One(ChannelId),
}

/// Adds the people and the last message to the rows, with one query each.
async fn fill(db: &Db, event: &EventSnapshot, rows: &mut [DirectRow]) -> Result<(), DbError> {
    if rows.is_empty() {
        return Ok(());
    }
    let list = placeholders(rows.len());
    let bind = |text: String| {
        rows.iter().fold(db.query_built(text), |statement, row| statement.bind(row.channel.bytes()))
    };
    let people = bind(format!(
        "SELECT d.channel_id, d.person_id, p.name, p.picture, p.affiliation, p.kind
         FROM direct_members d JOIN people p ON p.id = d.person_id
         WHERE d.channel_id IN ({list}) ORDER BY d.person_id"
    ));
    let last = bind(format!(
        "SELECT m.channel_id, {COLUMNS} FROM messages m JOIN people p ON p.id = m.sender_id
         WHERE m.channel_id IN ({list})
           AND m.seq = (SELECT MAX(n.seq) FROM messages n WHERE n.channel_id = m.channel_id)"
    ));
    let mut people_of: HashMap<ChannelId, Vec<Card>> = HashMap::new();
    for row in db.all(people).await? {
        let card = read_card(&row, "person_id", Some(event))?;
        people_of.entry(ChannelId(row.uuid("channel_id")?)).or_default().push(card);
    }
    let mut last_of: HashMap<ChannelId, Message> = HashMap::new();
    for row in db.all(last).await? {
        let message = Stored::read(&row, Some(event))?.message();
        last_of.insert(ChannelId(row.uuid("channel_id")?), message);
    }
    for row in rows {
        row.people = people_of.remove(&row.channel).unwrap_or_default();
        row.last = last_of.remove(&row.channel);
    }
    Ok(())
}
