//! Writes what has changed, in a few statements.

use std::collections::BTreeSet;

use super::Work;
use crate::audit;
use crate::chat::log::Writer;
use crate::chat::message::Stored;
use crate::chat::store;
use crate::db::{Connection, Db, DbError};
use crate::events::channels::{self, Progress};

impl Work {
    /// Writes everything that the entries have changed.
    pub(super) async fn write(
        &mut self,
        writer: &Writer,
        transaction: &mut Connection,
    ) -> Result<(), DbError> {
        let (db, channel) = (&writer.db, self.channel);
        if self.head == self.before {
            return Ok(());
        }
        let new: Vec<&Stored> = self.new.iter().filter_map(|seq| self.messages.get(seq)).collect();
        if !new.is_empty() {
            store::writing::insert(db, transaction, channel, &new).await?;
        }
        if !self.reactions.is_empty() {
            self.write_reactions(db, transaction).await?;
        }
        for seq in self.changed.iter().filter(|seq| !self.new.contains(seq)) {
            let Some(message) = self.messages.get(seq) else { continue };
            store::writing::update(db, transaction, channel, message).await?;
        }
        if !self.mentions.is_empty() {
            store::mentions::insert(db, transaction, channel, &self.mentions).await?;
        }
        if !self.unmentioned.is_empty() {
            store::mentions::remove(db, transaction, channel, &self.unmentioned).await?;
        }
        for entry in self.audit.drain(..) {
            audit::record(db, transaction, entry, self.now, &writer.random).await?;
        }
        let to = Progress { seq: self.head, count: self.count, at: self.now };
        channels::advance(db, transaction, channel, to).await?;
        if self.direct && !self.new.is_empty() {
            store::directs::show(db, transaction, channel).await?;
        }
        if self.direct && self.changes_the_list() {
            let event = self.event.as_deref();
            self.people = store::directs::readers(db, transaction, event, channel).await?;
        }
        Ok(())
    }

    /// Writes the reactions, and recounts them.
    async fn write_reactions(
        &mut self,
        db: &Db,
        transaction: &mut Connection,
    ) -> Result<(), DbError> {
        store::reactions::write(db, transaction, self.channel, &self.reactions).await?;
        let numbers: BTreeSet<u64> = self.reactions.keys().map(|(seq, _, _)| *seq).collect();
        for seq in &numbers {
            if let Some(message) = self.messages.get_mut(seq) {
                message.reactions.clear();
            }
        }
        let counts = store::reactions::count(db, transaction, self.channel, &numbers).await?;
        for store::reactions::Count { seq, emoji, people } in counts {
            if let Some(message) = self.messages.get_mut(&seq) {
                message.reactions.insert(emoji, people);
            }
        }
        Ok(())
    }
}
