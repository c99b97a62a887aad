//! Reading messages: history, one's own reactions, what is unread, one's direct channels.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::commit::signed;
use super::message::{COLUMNS, Message, Stored};
use super::reading::Pointer;
use crate::clock::Timestamp;
use crate::db::dialect::placeholders;
use crate::db::{Columns, Db, DbError};
use crate::events::EventSnapshot;
use crate::id::{ChannelId, PersonId};
use crate::people::card::read_card;
use crate::protocol::{Card, Refusal};

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

/// A direct channel in a person's list.
#[derive(Debug)]
pub(super) struct DirectRow {
    pub(super) channel: ChannelId,
    pub(super) count: u64,
    pub(super) last_message_at: i64,
    pub(super) people: Vec<Card>,
    pub(super) last: Option<Message>,
}

/// A person's direct channels, newest first: those not hidden, before a time, or just one.
pub(super) async fn directs(
    db: &Db,
    event: &EventSnapshot,
    person: PersonId,
    page: DirectPage,
) -> Result<Vec<DirectRow>, DbError> {
    let statement = match page {
        DirectPage::Before(time, limit) => db
            .query_built(format!(
                "SELECT c.id, c.message_count, c.last_message_at
                 FROM direct_members d JOIN channels c ON c.id = d.channel_id
                 WHERE d.person_id = ? AND c.event_id = ? AND d.hidden = 0
                   AND c.last_message_at < ?
                 ORDER BY c.last_message_at DESC LIMIT {limit}"
            ))
            .bind(person.bytes())
            .bind(event.id.bytes())
            .bind(time),
        DirectPage::One(channel) => db
            .query(
                "SELECT c.id, c.message_count, c.last_message_at
                 FROM direct_members d JOIN channels c ON c.id = d.channel_id
                 WHERE d.person_id = ? AND c.event_id = ? AND c.id = ?",
            )
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
pub(super) enum DirectPage {
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

/// How many people somebody may block.
const BLOCKS: u64 = 1_000;

/// Blocks a person or lifts the block.
pub(super) async fn set_block(
    db: &Db,
    person: PersonId,
    blocked: PersonId,
    on: bool,
    now: Timestamp,
) -> Result<(), Refusal> {
    if !on {
        let statement = db
            .query("DELETE FROM blocks WHERE person_id = ? AND blocked_id = ?")
            .bind(person.bytes())
            .bind(blocked.bytes());
        db.run(statement).await?;
        return Ok(());
    }
    let found = db.query("SELECT 1 AS found FROM people WHERE id = ?").bind(blocked.bytes());
    if db.one(found).await?.is_none() {
        return Err(Refusal::not_found("person"));
    }
    let count =
        db.query("SELECT COUNT(*) AS blocks FROM blocks WHERE person_id = ?").bind(person.bytes());
    if db.one(count).await?.map_or(Ok(0), |row| row.count("blocks"))? >= BLOCKS {
        let message = format!("You have blocked {BLOCKS} people. Unblock one first.");
        return Err(Refusal::new("person.too_many_blocks", message));
    }
    let keep = db.backend().or_keep("person_id, blocked_id");
    let text =
        format!("INSERT INTO blocks (person_id, blocked_id, created_at) VALUES (?, ?, ?){keep}");
    let statement = db.query_built(text).bind(person.bytes()).bind(blocked.bytes()).bind(now.0);
    db.run(statement).await?;
    Ok(())
}

/// Who of these people, at least one, have blocked somebody.
pub(super) async fn blockers(
    db: &Db,
    blocked: PersonId,
    people: &BTreeSet<PersonId>,
) -> Result<BTreeSet<PersonId>, DbError> {
    let text = format!(
        "SELECT person_id FROM blocks WHERE blocked_id = ? AND person_id IN ({})",
        placeholders(people.len())
    );
    let mut statement = db.query_built(text).bind(blocked.bytes());
    for person in people {
        statement = statement.bind(person.bytes());
    }
    db.all(statement).await?.iter().map(|row| row.uuid("person_id").map(PersonId)).collect()
}

/// The people that somebody has blocked, the newest first.
pub(super) async fn blocks(
    db: &Db,
    event: &EventSnapshot,
    person: PersonId,
) -> Result<Vec<Card>, DbError> {
    let statement = db
        .query(
            "SELECT b.blocked_id, p.name, p.picture, p.affiliation, p.kind
             FROM blocks b JOIN people p ON p.id = b.blocked_id
             WHERE b.person_id = ? ORDER BY b.created_at DESC",
        )
        .bind(person.bytes());
    let rows = db.all(statement).await?;
    rows.iter().map(|row| read_card(row, "blocked_id", Some(event))).collect()
}
