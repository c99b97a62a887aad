//! One group of entries in one transaction.
//!
//! Per channel: the row of the channel is locked and its numbers read, the messages concerned are
//! loaded, the entries are applied in memory one after the other, and what has changed is written
//! in a few statements. Either all of it is on disk or none.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::direct_live::DirectSummary;
use super::log::{Action, Answer, Entry, LogError, Writer, Written};
use super::message::{COLUMNS, Stored};
use super::pushes;
use super::text::Emoji;
use crate::audit;
use crate::bus::Ring;
use crate::clock::Timestamp;
use crate::db::dialect::{placeholders, value_groups};
use crate::db::{Columns, Db, DbError, Transaction, to_json};
use crate::events::{ChannelKind, EventSnapshot};
use crate::hub::{Publication, push_frame};
use crate::id::{ChannelId, ClientMessageId, EventId, PersonId, RoomId};
use crate::people::card::{Card, read_card};
use crate::permission::Operation;

/// How many different reactions a message may have.
pub(super) const REACTIONS: usize = 12;
/// How many messages of a channel may be pinned.
pub(super) const PINNED: usize = 10;
/// For how long a message can be edited.
const EDITABLE: Duration = Duration::from_secs(24 * 60 * 60);

/// A committed group.
#[derive(Debug, Default)]
pub(super) struct Done {
    /// The answers, in the order of the entries.
    pub(super) answers: Vec<Answer>,
    /// The news, one per channel.
    pub(super) publications: Vec<Publication>,
    /// What concerns people: direct messages and mentions.
    pub(super) personal: Vec<Ring>,
}

/// Writes the entries in one transaction.
pub(super) async fn group(writer: &Writer, entries: &[Entry]) -> Result<Done, DbError> {
    // Channels are locked in the order of their ids, so that two nodes never wait for each other.
    let mut by_channel: BTreeMap<ChannelId, Vec<usize>> = BTreeMap::new();
    for (index, entry) in entries.iter().enumerate() {
        by_channel.entry(entry.channel).or_default().push(index);
    }
    let mut done = Done::default();
    let mut answers: Vec<Option<Answer>> = vec![None; entries.len()];
    let mut transaction = writer.db.begin().await?;
    for (channel, indexes) in by_channel {
        let concerned: Vec<&Entry> = indexes.iter().map(|index| &entries[*index]).collect();
        match Work::load(writer, &mut transaction, channel, &concerned).await? {
            None => {
                for index in indexes {
                    answers[index] = Some(Err(LogError::NotFound));
                }
            }
            Some(mut work) => {
                let results: Vec<_> = concerned.iter().map(|entry| work.apply(entry)).collect();
                work.write(writer, &mut transaction).await?;
                for (index, result) in indexes.into_iter().zip(results) {
                    answers[index] = Some(work.answer(result));
                }
                work.news(&mut done)?;
            }
        }
    }
    transaction.commit().await?;
    done.answers =
        answers.into_iter().map(|answer| answer.unwrap_or(Err(LogError::Storage))).collect();
    Ok(done)
}

/// A message whose change was applied: its number, and the number of the change.
type Applied = Result<(u64, u64), LogError>;

/// One channel's part of a group.
struct Work {
    channel: ChannelId,
    kind: ChannelKind,
    event: Option<Arc<EventSnapshot>>,
    event_id: EventId,
    room: Option<RoomId>,
    now: Timestamp,
    before: u64,
    head: u64,
    count: u64,
    pinned: usize,
    /// The people of a direct channel, and how many messages each has read.
    people: Vec<(Card, u64)>,
    messages: BTreeMap<u64, Stored>,
    by_client: BTreeMap<(PersonId, ClientMessageId), u64>,
    new: BTreeSet<u64>,
    changed: BTreeSet<u64>,
    reactions: BTreeMap<(u64, PersonId, Emoji), bool>,
    reaction_change: Option<u64>,
    mentions: Vec<(PersonId, u64)>,
    audit: Vec<audit::Entry>,
}

impl Work {
    async fn load(
        writer: &Writer,
        transaction: &mut Transaction,
        channel: ChannelId,
        entries: &[&Entry],
    ) -> Result<Option<Self>, DbError> {
        let db = &writer.db;
        let text = format!(
            "SELECT event_id, room_id, kind, last_seq, message_count FROM channels WHERE id = ?{}",
            db.backend().for_update()
        );
        let statement = db.query_built(text).bind(channel.bytes());
        let Some(row) = statement.fetch_optional(&mut **transaction).await? else {
            return Ok(None);
        };
        let event_id = EventId(row.uuid("event_id")?);
        let kind = row.text("kind")?;
        let last_seq = row.count("last_seq")?;
        let mut work = Self {
            channel,
            kind: ChannelKind::from_name(&kind).ok_or_else(|| DbError::Value(kind))?,
            event: writer.events.known(event_id),
            event_id,
            room: row.optional_uuid("room_id")?.map(RoomId),
            now: writer.clock.now(),
            before: last_seq,
            head: last_seq,
            count: row.count("message_count")?,
            pinned: 0,
            people: Vec::new(),
            messages: BTreeMap::new(),
            by_client: BTreeMap::new(),
            new: BTreeSet::new(),
            changed: BTreeSet::new(),
            reactions: BTreeMap::new(),
            reaction_change: None,
            mentions: Vec::new(),
            audit: Vec::new(),
        };
        work.load_messages(db, transaction, entries).await?;
        work.load_sent(db, transaction, entries).await?;
        if entries.iter().any(|entry| matches!(entry.action, Action::Pin { on: true, .. })) {
            work.load_pinned(db, transaction).await?;
        }
        if work.kind == ChannelKind::Direct {
            work.load_people(db, transaction).await?;
        }
        Ok(Some(work))
    }

    /// The messages that the entries are about.
    async fn load_messages(
        &mut self,
        db: &Db,
        transaction: &mut Transaction,
        entries: &[&Entry],
    ) -> Result<(), DbError> {
        let numbers: BTreeSet<u64> = entries.iter().filter_map(|entry| entry.about()).collect();
        if numbers.is_empty() {
            return Ok(());
        }
        let text = format!(
            "SELECT {COLUMNS} FROM messages m JOIN people p ON p.id = m.sender_id
             WHERE m.channel_id = ? AND m.seq IN ({})",
            placeholders(numbers.len())
        );
        let mut statement = db.query_built(text).bind(self.channel.bytes());
        for number in numbers {
            statement = statement.bind(signed(number));
        }
        self.keep(&statement.fetch_all(&mut **transaction).await?)
    }

    /// What was sent before with one of the entries' client ids: then the first answer holds.
    async fn load_sent(
        &mut self,
        db: &Db,
        transaction: &mut Transaction,
        entries: &[&Entry],
    ) -> Result<(), DbError> {
        let clients: Vec<ClientMessageId> = entries.iter().filter_map(|one| one.sends()).collect();
        if clients.is_empty() {
            return Ok(());
        }
        let text = format!(
            "SELECT {COLUMNS} FROM messages m JOIN people p ON p.id = m.sender_id
             WHERE m.channel_id = ? AND m.client_id IN ({})",
            placeholders(clients.len())
        );
        let mut statement = db.query_built(text).bind(self.channel.bytes());
        for client in clients {
            statement = statement.bind(client.bytes());
        }
        self.keep(&statement.fetch_all(&mut **transaction).await?)
    }

    fn keep(&mut self, rows: &[sqlx::any::AnyRow]) -> Result<(), DbError> {
        for row in rows {
            let stored = Stored::read(row, self.event.as_deref())?;
            self.by_client.insert((stored.sender.id, stored.client_id), stored.seq);
            self.messages.insert(stored.seq, stored);
        }
        Ok(())
    }

    async fn load_pinned(&mut self, db: &Db, transaction: &mut Transaction) -> Result<(), DbError> {
        let statement = db
            .query(
                "SELECT COUNT(*) AS pinned FROM messages
                 WHERE channel_id = ? AND pinned_at IS NOT NULL AND deleted_at IS NULL",
            )
            .bind(self.channel.bytes());
        let pinned = statement.fetch_one(&mut **transaction).await?.count("pinned")?;
        self.pinned = usize::try_from(pinned).unwrap_or(usize::MAX);
        Ok(())
    }

    async fn load_people(&mut self, db: &Db, transaction: &mut Transaction) -> Result<(), DbError> {
        let statement = db
            .query(
                "SELECT d.person_id, p.name, p.picture, p.affiliation, p.kind, r.ordinal
                 FROM direct_members d JOIN people p ON p.id = d.person_id
                 LEFT JOIN read_pointers r
                     ON r.person_id = d.person_id AND r.channel_id = d.channel_id
                 WHERE d.channel_id = ? ORDER BY d.person_id",
            )
            .bind(self.channel.bytes());
        let rows = statement.fetch_all(&mut **transaction).await?;
        for row in &rows {
            let card = read_card(row, "person_id", self.event.as_deref())?;
            let read = row.optional_number("ordinal")?.and_then(|read| u64::try_from(read).ok());
            self.people.push((card, read.unwrap_or(0)));
        }
        Ok(())
    }

    fn apply(&mut self, entry: &Entry) -> Applied {
        match &entry.action {
            Action::Send { sender, client_id, text, reply_to, mentions } => {
                let known = (entry.person, *client_id);
                if let Some(seq) = self.by_client.get(&known) {
                    return Ok((*seq, *seq));
                }
                let reply_to = reply_to.filter(|seq| self.messages.contains_key(seq));
                let stored = Stored {
                    seq: self.next(),
                    changed: self.head,
                    ordinal: self.count + 1,
                    sender: sender.clone(),
                    client_id: *client_id,
                    body: text.as_str().to_owned(),
                    reply_to,
                    mentions: mentions.clone(),
                    reactions: BTreeMap::new(),
                    sent_at: self.now,
                    edited_at: None,
                    deleted_at: None,
                    deleted_by: None,
                    pinned_at: None,
                };
                self.count += 1;
                self.by_client.insert(known, stored.seq);
                self.mentions.extend(mentions.iter().map(|person| (*person, stored.seq)));
                self.new.insert(stored.seq);
                let seq = stored.seq;
                self.messages.insert(seq, stored);
                Ok((seq, seq))
            }
            Action::Edit { seq, text } => {
                let now = self.now;
                let message = self.shown(*seq)?;
                if message.sent_at.after(EDITABLE) < now {
                    return Err(LogError::EditExpired);
                }
                message.body = text.as_str().to_owned();
                message.edited_at = Some(now);
                Ok(self.touch(*seq))
            }
            Action::Delete { seq, reason } => {
                let (now, person) = (self.now, entry.person);
                let message = self.messages.get_mut(seq).ok_or(LogError::NotFound)?;
                if message.deleted_at.is_some() {
                    return Ok((*seq, message.changed));
                }
                message.deleted_at = Some(now);
                message.deleted_by = Some(person);
                message.pinned_at = None;
                if let Some(reason) = reason {
                    self.record(entry, *seq, Operation::MessageDelete, json!({ "reason": reason }));
                }
                Ok(self.touch(*seq))
            }
            Action::Restore { seq } => {
                let message = self.messages.get_mut(seq).ok_or(LogError::NotFound)?;
                if message.deleted_at.is_none() {
                    return Ok((*seq, message.changed));
                }
                message.deleted_at = None;
                message.deleted_by = None;
                self.record(entry, *seq, Operation::MessageRestore, json!({}));
                Ok(self.touch(*seq))
            }
            Action::Pin { seq, on } => {
                let applied = self.pin(*seq, *on)?;
                self.record(entry, *seq, Operation::MessagePin, json!({ "on": on }));
                Ok(applied)
            }
            Action::React { seq, emoji, on } => self.react(entry.person, *seq, emoji, *on),
        }
    }

    fn pin(&mut self, seq: u64, on: bool) -> Applied {
        let (now, pinned) = (self.now, self.pinned);
        let message = self.shown(seq)?;
        if message.pinned_at.is_some() == on {
            return Ok((seq, message.changed));
        }
        if on && pinned >= PINNED {
            return Err(LogError::TooManyPinned);
        }
        message.pinned_at = on.then_some(now);
        self.pinned = if on { pinned + 1 } else { pinned.saturating_sub(1) };
        Ok(self.touch(seq))
    }

    /// Reactions are counted when the group is written; all of a group share one number.
    fn react(&mut self, person: PersonId, seq: u64, emoji: &Emoji, on: bool) -> Applied {
        let waiting: BTreeSet<&str> = self
            .reactions
            .iter()
            .filter(|((other, _, _), on)| *other == seq && **on)
            .map(|((_, _, emoji), _)| emoji.as_str())
            .collect();
        let message = self.messages.get(&seq).ok_or(LogError::NotFound)?;
        if message.deleted_at.is_some() {
            return Err(LogError::Deleted);
        }
        let mut different: BTreeSet<&str> = message.reactions.keys().map(String::as_str).collect();
        different.extend(waiting);
        if on && !different.contains(emoji.as_str()) && different.len() >= REACTIONS {
            return Err(LogError::TooManyReactions);
        }
        self.reactions.insert((seq, person, emoji.clone()), on);
        let change = match self.reaction_change {
            Some(change) => change,
            None => self.next(),
        };
        self.reaction_change = Some(change);
        if let Some(message) = self.messages.get_mut(&seq) {
            message.changed = message.changed.max(change);
        }
        self.changed.insert(seq);
        Ok((seq, change))
    }

    /// What a moderator did stands in the audit log.
    fn record(&mut self, entry: &Entry, seq: u64, operation: Operation, details: Value) {
        let author = self.messages.get(&seq).map(|message| message.sender.id);
        self.audit.push(audit::Entry {
            person: author,
            room: self.room,
            channel: Some(self.channel),
            seq: Some(seq),
            details,
            ..audit::Entry::new(Some(self.event_id), Some(entry.person), operation.rule().name)
        });
    }

    fn next(&mut self) -> u64 {
        self.head += 1;
        self.head
    }

    fn shown(&mut self, seq: u64) -> Result<&mut Stored, LogError> {
        let message = self.messages.get_mut(&seq).ok_or(LogError::NotFound)?;
        if message.deleted_at.is_some() { Err(LogError::Deleted) } else { Ok(message) }
    }

    fn touch(&mut self, seq: u64) -> (u64, u64) {
        let change = self.next();
        if let Some(message) = self.messages.get_mut(&seq) {
            message.changed = change;
        }
        self.changed.insert(seq);
        (seq, change)
    }

    async fn write(
        &mut self,
        writer: &Writer,
        transaction: &mut Transaction,
    ) -> Result<(), DbError> {
        let db = &writer.db;
        if self.head == self.before {
            return Ok(());
        }
        self.insert_new(db, transaction).await?;
        self.write_reactions(db, transaction).await?;
        for seq in self.changed.iter().filter(|seq| !self.new.contains(seq)) {
            let Some(message) = self.messages.get(seq) else { continue };
            update(db, transaction, self.channel, message).await?;
        }
        self.insert_mentions(db, transaction).await?;
        for entry in self.audit.drain(..) {
            audit::record(db, transaction, entry, self.now, &writer.random).await?;
        }
        db.query(
            "UPDATE channels SET last_seq = ?, message_count = ?, last_message_at = ? WHERE id = ?",
        )
        .bind(signed(self.head))
        .bind(signed(self.count))
        .bind(self.now.0)
        .bind(self.channel.bytes())
        .execute(&mut **transaction)
        .await?;
        if self.kind == ChannelKind::Direct && !self.new.is_empty() {
            db.query("UPDATE direct_members SET hidden = 0 WHERE channel_id = ? AND hidden = 1")
                .bind(self.channel.bytes())
                .execute(&mut **transaction)
                .await?;
        }
        Ok(())
    }

    async fn insert_new(&self, db: &Db, transaction: &mut Transaction) -> Result<(), DbError> {
        let new: Vec<&Stored> = self.new.iter().filter_map(|seq| self.messages.get(seq)).collect();
        // SQLite takes 32,766 values at once; a group never comes near it.
        if new.is_empty() {
            return Ok(());
        }
        let text = format!(
            "INSERT INTO messages (channel_id, seq, changed, ordinal, sender_id, client_id, body,
                reply_to, mentions, reactions, sent_at, edited_at, deleted_at, deleted_by, pinned_at)
             VALUES {}",
            value_groups(new.len(), 15)
        );
        let mut statement = db.query_built(text);
        for message in new {
            statement = statement
                .bind(self.channel.bytes())
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
        statement.execute(&mut **transaction).await?;
        Ok(())
    }

    async fn write_reactions(
        &mut self,
        db: &Db,
        transaction: &mut Transaction,
    ) -> Result<(), DbError> {
        if self.reactions.is_empty() {
            return Ok(());
        }
        let keep = db.backend().or_keep("channel_id, seq, person_id, emoji");
        for ((seq, person, emoji), on) in &self.reactions {
            let text = if *on {
                format!(
                    "INSERT INTO message_reactions (channel_id, seq, person_id, emoji)
                     VALUES (?, ?, ?, ?){keep}"
                )
            } else {
                "DELETE FROM message_reactions
                 WHERE channel_id = ? AND seq = ? AND person_id = ? AND emoji = ?"
                    .to_owned()
            };
            db.query_built(text)
                .bind(self.channel.bytes())
                .bind(signed(*seq))
                .bind(person.bytes())
                .bind(emoji.as_str().to_owned())
                .execute(&mut **transaction)
                .await?;
        }
        let numbers: BTreeSet<u64> = self.reactions.keys().map(|(seq, _, _)| *seq).collect();
        let text = format!(
            "SELECT seq, emoji, COUNT(*) AS people FROM message_reactions
             WHERE channel_id = ? AND seq IN ({}) GROUP BY seq, emoji",
            placeholders(numbers.len())
        );
        let mut statement = db.query_built(text).bind(self.channel.bytes());
        for seq in &numbers {
            statement = statement.bind(signed(*seq));
            if let Some(message) = self.messages.get_mut(seq) {
                message.reactions.clear();
            }
        }
        for row in statement.fetch_all(&mut **transaction).await? {
            if let Some(message) = self.messages.get_mut(&row.count("seq")?) {
                message.reactions.insert(row.text("emoji")?, row.count("people")?);
            }
        }
        Ok(())
    }

    async fn insert_mentions(&self, db: &Db, transaction: &mut Transaction) -> Result<(), DbError> {
        if self.mentions.is_empty() {
            return Ok(());
        }
        let text = format!(
            "INSERT INTO mentions (person_id, channel_id, seq) VALUES {}{}",
            value_groups(self.mentions.len(), 3),
            db.backend().or_keep("person_id, channel_id, seq")
        );
        let mut statement = db.query_built(text);
        for (person, seq) in &self.mentions {
            statement =
                statement.bind(person.bytes()).bind(self.channel.bytes()).bind(signed(*seq));
        }
        statement.execute(&mut **transaction).await?;
        Ok(())
    }

    fn answer(&self, applied: Applied) -> Answer {
        let (seq, change) = applied?;
        let message = self.messages.get(&seq).ok_or(LogError::NotFound)?;
        Ok(Written { seq: change, message: message.message() })
    }

    /// What everybody else hears of it.
    fn news(&self, done: &mut Done) -> Result<(), DbError> {
        if self.head == self.before {
            return Ok(());
        }
        let touched = self.new.union(&self.changed);
        let items = touched.filter_map(|seq| self.messages.get(seq)).map(Stored::item);
        let mentioned: BTreeSet<PersonId> =
            self.mentions.iter().map(|(person, _)| *person).collect();
        done.publications.push(Publication {
            channel: self.channel,
            after: self.before,
            seq: self.head,
            count: self.count,
            items: items.collect::<Result<_, _>>()?,
            mentions: mentioned.into_iter().collect(),
        });
        let last = self.new.last().and_then(|seq| self.messages.get(seq));
        if let (ChannelKind::Direct, Some(last)) = (self.kind, last) {
            let people: Vec<Card> = self.people.iter().map(|(card, _)| card.clone()).collect();
            for (card, read) in &self.people {
                // Whoever writes has read.
                let read = if card.id == last.sender.id { self.count } else { *read };
                let direct = DirectSummary {
                    channel: self.channel,
                    people: people.clone(),
                    last: Some(last.message()),
                    unread: self.count.saturating_sub(read),
                };
                let frame = push_frame(Some(self.channel), &pushes::Direct { direct });
                done.personal.push(Ring::Person(self.event_id, card.id, frame));
            }
        }
        for (person, seq) in &self.mentions {
            let Some(message) = self.messages.get(seq) else { continue };
            let mention = pushes::Mention { message: message.message() };
            let frame = push_frame(Some(self.channel), &mention);
            done.personal.push(Ring::Person(self.event_id, *person, frame));
        }
        Ok(())
    }
}

impl Entry {
    /// The message it is about, other than a new one.
    fn about(&self) -> Option<u64> {
        match &self.action {
            Action::Send { reply_to, .. } => *reply_to,
            Action::Edit { seq, .. }
            | Action::Delete { seq, .. }
            | Action::Restore { seq }
            | Action::Pin { seq, .. }
            | Action::React { seq, .. } => Some(*seq),
        }
    }

    fn sends(&self) -> Option<ClientMessageId> {
        match &self.action {
            Action::Send { client_id, .. } => Some(*client_id),
            _ => None,
        }
    }
}

async fn update(
    db: &Db,
    transaction: &mut Transaction,
    channel: ChannelId,
    message: &Stored,
) -> Result<(), DbError> {
    db.query(
        "UPDATE messages SET changed = ?, body = ?, reactions = ?, edited_at = ?, deleted_at = ?,
            deleted_by = ?, pinned_at = ?
         WHERE channel_id = ? AND seq = ?",
    )
    .bind(signed(message.changed))
    .bind(message.body.clone())
    .bind(list(&message.reactions, message.reactions.is_empty())?)
    .bind(message.edited_at.map(|at| at.0))
    .bind(message.deleted_at.map(|at| at.0))
    .bind(message.deleted_by.map(PersonId::bytes))
    .bind(message.pinned_at.map(|at| at.0))
    .bind(channel.bytes())
    .bind(signed(message.seq))
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

fn list<T: serde::Serialize>(value: &T, empty: bool) -> Result<Option<String>, DbError> {
    (!empty).then(|| to_json(value)).transpose()
}

/// A number as the database holds it.
pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
