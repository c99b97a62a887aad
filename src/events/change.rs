//! A change of an event in progress.

use std::sync::Arc;

use super::announcements::EventChanged;
use super::{Events, News, Part, Versions, touch, version_in};
use crate::audit::{self, Entry};
use crate::bus::Bus;
use crate::clock::{Clock, Timestamp};
use crate::db::{Db, DbError, Transaction};
use crate::id::{EventId, PersonId};
use crate::random::Random;

/// Changes events and publishes the changes.
#[derive(Clone, Debug)]
pub struct Changes {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// Randomness.
    pub random: Random,
    /// The events of this node.
    pub events: Arc<Events>,
    /// The bus to the other nodes.
    pub bus: Bus,
}

impl Changes {
    /// Publishes a committed change of an event, on every node.
    pub async fn tell(&self, event: EventId, versions: Versions, news: Vec<News>) {
        // First to the others, as this node has to read the event again, which takes a moment.
        // To every node, because newcomers may arrive at one where nobody of the event is.
        self.bus.announce(None, &EventChanged::new(event, versions, &news));
        if let Err(error) = self.events.hear(event, versions, news).await {
            // The change is committed. Comparing versions will publish it.
            tracing::error!(%error, %event, "a change could not be told at once");
        }
    }
}

/// A transaction that changes an event: it holds the event's row, so that changes of one event
/// happen one after the other, and what it reads stays true until it ends. Dropped without
/// [`EventChange::commit`], nothing has happened.
#[derive(Debug)]
pub struct EventChange<'a> {
    changes: &'a Changes,
    /// The event.
    pub event: EventId,
    /// Who changes it; `None` for the command line.
    pub actor: Option<PersonId>,
    /// The time of the change.
    pub now: Timestamp,
    /// The transaction.
    pub transaction: Transaction,
    /// The version before it.
    after: u64,
}

impl<'a> EventChange<'a> {
    /// Begins and raises the event's version.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn begin(
        changes: &'a Changes,
        event: EventId,
        actor: Option<PersonId>,
    ) -> Result<Self, DbError> {
        let mut transaction = changes.db.begin().await?;
        touch(&changes.db, &mut transaction, event).await?;
        let after = version_in(&changes.db, &mut transaction, event).await?.saturating_sub(1);
        Ok(Self { changes, event, actor, now: changes.clock.now(), transaction, after })
    }

    /// The change that makes the event, in the transaction that has done so.
    pub fn within(
        changes: &'a Changes,
        transaction: Transaction,
        event: EventId,
        actor: Option<PersonId>,
    ) -> Self {
        Self { changes, event, actor, now: changes.clock.now(), transaction, after: 0 }
    }

    /// The database of the transaction.
    pub fn db(&self) -> &'a Db {
        &self.changes.db
    }

    /// Randomness.
    pub fn random(&self) -> &'a Random {
        &self.changes.random
    }

    /// Writes a line of the audit log.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn record(&mut self, entry: Entry) -> Result<(), DbError> {
        let (db, random) = (&self.changes.db, &self.changes.random);
        audit::record(db, &mut self.transaction, entry, self.now, random).await
    }

    /// A line of the audit log about this event, by this actor.
    pub fn entry(&self, action: &'static str) -> Entry {
        Entry::new(Some(self.event), self.actor, action)
    }

    /// Commits, and publishes which parts have changed, for everyone.
    ///
    /// # Errors
    /// When the database refuses; nothing has changed then.
    pub async fn commit(self, parts: &[Part]) -> Result<(), DbError> {
        self.commit_concerning(&[], parts).await
    }

    /// Commits, and publishes which parts have changed, for these people (everyone if empty).
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

    /// Commits, and publishes this.
    ///
    /// # Errors
    /// When the database refuses; nothing has changed then.
    pub async fn commit_telling(mut self, news: Vec<News>) -> Result<(), DbError> {
        let version = version_in(&self.changes.db, &mut self.transaction, self.event).await?;
        let versions = Versions { after: self.after, version };
        self.transaction.commit().await?;
        self.changes.tell(self.event, versions, news).await;
        Ok(())
    }
}
