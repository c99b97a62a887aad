//! A change of an event under way.

use super::{Part, touch};
use crate::app::App;
use crate::audit::{self, Entry};
use crate::clock::Timestamp;
use crate::db::{DbError, Transaction};
use crate::id::{EventId, PersonId};

/// A transaction that changes an event: it holds the event's row, so that changes of one event
/// happen one after the other, and what it reads stays true until it ends. Dropped without
/// [`EventChange::commit`], nothing has happened.
#[derive(Debug)]
pub struct EventChange<'a> {
    app: &'a App,
    /// The event.
    pub event: EventId,
    /// Who changes it; nobody when it is the command line.
    pub actor: Option<PersonId>,
    /// The time of the change.
    pub now: Timestamp,
    /// The transaction.
    pub transaction: Transaction,
}

impl<'a> EventChange<'a> {
    /// Begins and raises the event's version.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn begin(
        app: &'a App,
        event: EventId,
        actor: Option<PersonId>,
    ) -> Result<Self, DbError> {
        let mut transaction = app.db.begin().await?;
        touch(&app.db, &mut transaction, event).await?;
        Ok(Self { app, event, actor, now: app.clock.now(), transaction })
    }

    /// The change that makes the event, in the transaction that has done so.
    pub fn within(
        app: &'a App,
        transaction: Transaction,
        event: EventId,
        actor: Option<PersonId>,
    ) -> Self {
        Self { app, event, actor, now: app.clock.now(), transaction }
    }

    /// Writes a line of the audit log.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn record(&mut self, entry: Entry) -> Result<(), DbError> {
        let App { db, random, .. } = self.app;
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
        self.transaction.commit().await?;
        for part in parts {
            let told = self.app.events.changed(self.event, *part, people.to_vec()).await;
            if let Err(error) = told {
                // The change stands; whoever asks next reads it from the database.
                tracing::error!(%error, event = %self.event, "a change could not be announced");
            }
        }
        Ok(())
    }
}
