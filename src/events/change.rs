//! A change of an event under way.

use super::announcements::EventChanged;
use super::{Events, News, Part, Versions, touch, version_in};
use crate::audit::{self, Entry};
use crate::bus::Bus;
use crate::clock::Timestamp;
use crate::core::Core;
use crate::db::{DbError, Transaction};
use crate::id::{EventId, PersonId};

/// A transaction that changes an event: it holds the event's row, so that changes of one event
/// happen one after the other, and what it reads stays true until it ends. Dropped without
/// [`EventChange::commit`], nothing has happened.
#[derive(Debug)]
pub struct EventChange<'a> {
    core: &'a Core,
    /// The event.
    pub event: EventId,
    /// Who changes it; nobody when it is the command line.
    pub actor: Option<PersonId>,
    /// The time of the change.
    pub now: Timestamp,
    /// The transaction.
    pub transaction: Transaction,
    /// The version that it found.
    after: u64,
}

impl<'a> EventChange<'a> {
    /// Begins and raises the event's version.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn begin(
        core: &'a Core,
        event: EventId,
        actor: Option<PersonId>,
    ) -> Result<Self, DbError> {
        let mut transaction = core.db.begin().await?;
        touch(&core.db, &mut transaction, event).await?;
        let after = version_in(&core.db, &mut transaction, event).await?.saturating_sub(1);
        Ok(Self { core, event, actor, now: core.clock.now(), transaction, after })
    }

    /// The change that makes the event, in the transaction that has done so.
    pub fn within(
        core: &'a Core,
        transaction: Transaction,
        event: EventId,
        actor: Option<PersonId>,
    ) -> Self {
        Self { core, event, actor, now: core.clock.now(), transaction, after: 0 }
    }

    /// Writes a line of the audit log.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn record(&mut self, entry: Entry) -> Result<(), DbError> {
        let (db, random) = (&self.core.db, &self.core.random);
        audit::record(db, &mut self.transaction, entry, self.now, random).await
    }

    /// A line of the audit log about this event, by this actor.
    pub fn entry(&self, action: &'static str) -> Entry {
        Entry::new(Some(self.event), self.actor, action)
    }

    /// Commits, and tells everybody which parts have changed.
    ///
    /// # Errors
    /// When the database refuses; nothing has changed then.
    pub async fn commit(self, parts: &[Part]) -> Result<(), DbError> {
        self.commit_concerning(&[], parts).await
    }

    /// Commits, and tells these people (everybody when nobody is named) which parts have changed.
    ///
    /// # Errors
    /// When the database refuses; nothing has changed then.
    pub async fn commit_concerning(
        self,
        people: &[PersonId],
        parts: &[Part],
    ) -> Result<(), DbError> {
        let news = parts.iter().map(|part| News { part: *part, people: people.to_vec() });
        self.commit_telling(news.collect()).await
    }

    /// Commits, and tells this.
    ///
    /// # Errors
    /// When the database refuses; nothing has changed then.
    pub async fn commit_telling(mut self, news: Vec<News>) -> Result<(), DbError> {
        let version = version_in(&self.core.db, &mut self.transaction, self.event).await?;
        let versions = Versions { after: self.after, version };
        self.transaction.commit().await?;
        changed(&self.core.events, &self.core.bus, self.event, versions, news).await;
        Ok(())
    }
}

/// Makes a committed change of an event felt, on every node.
pub async fn changed(
    events: &Events,
    bus: &Bus,
    event: EventId,
    versions: Versions,
    news: Vec<News>,
) {
    // First the others: this node reads the event anew for itself, which takes a moment.
    // Every node, for whoever comes next may come to one where nobody of the event is.
    bus.announce(None, &EventChanged::new(event, versions, &news));
    if let Err(error) = events.hear(event, versions, news).await {
        // The change stands. It is told when the versions are compared.
        tracing::error!(%error, %event, "a change could not be told at once");
    }
}
