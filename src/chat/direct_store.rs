//! A person's direct channels in the database.

use std::collections::HashMap;

use super::message::{COLUMNS, Message, Stored};
use crate::db::dialect::placeholders;
use crate::db::{Columns, Db, DbError};
use crate::events::EventSnapshot;
use crate::id::{ChannelId, PersonId};
use crate::identity::card::read_card;
use crate::protocol::Card;

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
    /// Those with a last message before the time, at most this many.
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
