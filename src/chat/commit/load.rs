//! Loads what a group needs of a channel before it changes it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Sends, Work};
use crate::chat::direct::DIRECT;
use crate::chat::log::{Action, Entry, Writer};
use crate::chat::message::Stored;
use crate::chat::store;
use crate::db::{Connection, Db, DbError};
use crate::id::{ChannelId, ClientMessageId};
use crate::permission::Place;

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
        let Some(locked) = store::channels::lock(db, transaction, channel).await? else {
            return Ok(None);
        };
        let head = locked.head;
        let kind = writer.events.registered().channel_kind_named(&locked.kind);
        let place = locked.object.and_then(|object| kind?.place(object));
        let mut work = Self {
            channel,
            direct: locked.kind == DIRECT.name(),
            event: writer.events.known(head.event),
            event_id: head.event,
            room: place.and_then(Place::as_room),
            // Another node's clock may be ahead, or this one's was set back.
            now: locked.last_message_at.unwrap_or_default().max(writer.clock.now()),
            before: head.seq,
            head: head.seq,
            count: head.count,
            pinned: 0,
            people: Vec::new(),
            last: None,
            messages: BTreeMap::new(),
            by_client: BTreeMap::new(),
            new: BTreeSet::new(),
            changed: BTreeSet::new(),
            reactions: BTreeMap::new(),
            reaction_change: None,
            mentions: Vec::new(),
            unmentioned: Vec::new(),
            recount: None,
            audit: Vec::new(),
        };
        work.load_messages(db, transaction, entries).await?;
        if sends == Sends::MayBeKnown {
            work.load_sent(db, transaction, entries).await?;
        }
        if entries.iter().any(|entry| matches!(entry.action, Action::Pin { on: true, .. })) {
            let pinned = store::messages::pinned(db, transaction, channel).await?;
            work.pinned = usize::try_from(pinned).unwrap_or(usize::MAX);
        }
        if work.direct && entries.iter().any(|entry| entry.changes_what_is_said()) {
            work.load_last(db, transaction).await?;
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
        let (event, numbers) = (self.event.as_deref(), numbers.into_iter());
        let found = store::messages::numbered(db, transaction, event, self.channel, numbers);
        self.keep(found.await?);
        Ok(())
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
        let event = self.event.as_deref();
        let found = store::messages::sent_as(db, transaction, event, self.channel, &clients);
        self.keep(found.await?);
        Ok(())
    }

    /// The last message, which the lists of direct channels show.
    async fn load_last(&mut self, db: &Db, transaction: &mut Connection) -> Result<(), DbError> {
        let event = self.event.as_deref();
        let found = store::messages::last(db, transaction, event, self.channel).await?;
        self.last = found.as_ref().map(|last| last.seq);
        self.keep(found.into_iter().collect());
        Ok(())
    }

    fn keep(&mut self, found: Vec<Stored>) {
        for stored in found {
            self.by_client.insert((stored.sender.id, stored.client_id), stored.seq);
            self.messages.insert(stored.seq, stored);
        }
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

    fn changes_what_is_said(&self) -> bool {
        matches!(self.action, Action::Edit { .. } | Action::Delete { .. } | Action::Restore { .. })
    }

    fn sends(&self) -> Option<ClientMessageId> {
        match &self.action {
            Action::Send { client_id, .. } => Some(*client_id),
            _ => None,
        }
    }
}
