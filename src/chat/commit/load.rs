//! Loads what a group needs of a channel before it changes it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Sends, Work, signed};
use crate::chat::log::{Action, Entry, Writer};
use crate::chat::message::{COLUMNS, Stored};
use crate::db::dialect::placeholders;
use crate::db::{Columns, Connection, Db, DbError};
use crate::events::ChannelKind;
use crate::id::{ChannelId, ClientMessageId, EventId, RoomId};
use crate::identity::card::read_card;

impl Work {
    /// Locks the channel and reads the messages concerned; `None` if there is no such channel.
    pub(super) async fn load(
        writer: &Writer,
        transaction: &mut Connection,
        channel: ChannelId,
        entries: &[&Entry],
        sends: Sends,
    ) -> Result<Option<Self>, DbError> {
        let db = &writer.db;
        let text = format!(
            "SELECT event_id, room_id, kind, last_seq, message_count, last_message_at
             FROM channels WHERE id = ?{}",
            db.backend().for_update()
        );
        let statement = db.query_built(text).bind(channel.bytes());
        let Some(row) = statement.fetch_optional(&mut *transaction).await? else {
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
            // Another node's clock may be ahead, or this one's was set back.
            now: row.optional_time("last_message_at")?.unwrap_or_default().max(writer.clock.now()),
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
        if sends == Sends::MayBeKnown {
            work.load_sent(db, transaction, entries).await?;
        }
        if entries.iter().any(|entry| matches!(entry.action, Action::Pin { on: true, .. })) {
            work.load_pinned(db, transaction).await?;
        }
        if work.kind == ChannelKind::Direct {
            work.load_people(db, transaction).await?;
        }
        Ok(Some(work))
    }

    /// The messages that the entries concern.
    async fn load_messages(
        &mut self,
        db: &Db,
        transaction: &mut Connection,
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
        self.keep(&statement.fetch_all(&mut *transaction).await?)
    }

    /// Messages that already have one of the entries' client ids: their first answer is repeated.
    async fn load_sent(
        &mut self,
        db: &Db,
        transaction: &mut Connection,
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
        self.keep(&statement.fetch_all(&mut *transaction).await?)
    }

    fn keep(&mut self, rows: &[sqlx::any::AnyRow]) -> Result<(), DbError> {
        for row in rows {
            let stored = Stored::read(row, self.event.as_deref())?;
            self.by_client.insert((stored.sender.id, stored.client_id), stored.seq);
            self.messages.insert(stored.seq, stored);
        }
        Ok(())
    }

    async fn load_pinned(&mut self, db: &Db, transaction: &mut Connection) -> Result<(), DbError> {
        let statement = db
            .query(
                "SELECT COUNT(*) AS pinned FROM messages
                 WHERE channel_id = ? AND pinned_at IS NOT NULL AND deleted_at IS NULL",
            )
            .bind(self.channel.bytes());
        let pinned = statement.fetch_one(&mut *transaction).await?.count("pinned")?;
        self.pinned = usize::try_from(pinned).unwrap_or(usize::MAX);
        Ok(())
    }

    async fn load_people(&mut self, db: &Db, transaction: &mut Connection) -> Result<(), DbError> {
        let statement = db
            .query(
                "SELECT d.person_id, p.name, p.picture, p.affiliation, p.kind, r.ordinal
                 FROM direct_members d JOIN people p ON p.id = d.person_id
                 LEFT JOIN read_pointers r
                     ON r.person_id = d.person_id AND r.channel_id = d.channel_id
                 WHERE d.channel_id = ? ORDER BY d.person_id",
            )
            .bind(self.channel.bytes());
        let rows = statement.fetch_all(&mut *transaction).await?;
        for row in &rows {
            let card = read_card(row, "person_id", self.event.as_deref())?;
            let read = row.optional_number("ordinal")?.and_then(|read| u64::try_from(read).ok());
            self.people.push((card, read.unwrap_or(0)));
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
