//! The worker that empties the outbox.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use metrics::counter;
use tokio_util::sync::CancellationToken;

use super::Mail;
use super::counted::MAILS;
use super::store::{self, Taken};
use crate::db::DbError;

/// How many mails are taken at a time.
const BATCH_SIZE: u32 = 32;
/// How many are sent at the same time.
const CONCURRENCY: usize = 4;
/// How often the outbox is polled without being woken: for retries, and for mails queued by other
/// nodes and the command line.
const INTERVAL: Duration = Duration::from_secs(5);

impl Mail {
    /// Sends the outbox until `stop` is cancelled; a started batch is finished.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) {
        loop {
            let more = self.deliver_due().await.unwrap_or_else(|error| {
                tracing::error!(%error, "the outbox cannot be read");
                false
            });
            if more && !stop.is_cancelled() {
                continue;
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.queued.notified() => {}
                () = tokio::time::sleep(INTERVAL) => {}
            }
        }
    }

    /// Sends one batch of the mails that are due, and returns whether there may be more.
    ///
    /// # Errors
    /// When the database does not answer. What was sent but not recorded is sent again later.
    pub async fn deliver_due(&self) -> Result<bool, DbError> {
        let taken = store::take(&self.db, self.clock.now(), BATCH_SIZE).await?;
        let full = taken.len() >= BATCH_SIZE as usize;
        let mut results = stream::iter(taken)
            .map(|mail| async move { self.deliver(&mail).await })
            .buffer_unordered(CONCURRENCY);
        while let Some(result) = results.next().await {
            result?;
        }
        Ok(full)
    }

    async fn deliver(&self, mail: &Taken) -> Result<(), DbError> {
        let now = self.clock.now();
        if mail.give_up_at <= now {
            counter!(MAILS, "outcome" => "given_up").increment(1);
            tracing::warn!(mail = %mail.id, "a mail has expired and was given up");
            let error = "It could not be sent before it expired.".to_owned();
            return store::failed(&self.db, mail, error, None).await;
        }
        let Err(error) = self.transport.send(&self.from, mail, now).await else {
            counter!(MAILS, "outcome" => "sent").increment(1);
            return store::sent(&self.db, mail.id, self.clock.now()).await;
        };
        let next = if error.permanent {
            None
        } else {
            store::next_attempt(mail.attempts, now, mail.give_up_at, &self.random)
        };
        let given_up = next.is_none();
        let outcome = if given_up { "given_up" } else { "deferred" };
        counter!(MAILS, "outcome" => outcome).increment(1);
        tracing::warn!(mail = %mail.id, reason = error.kind, given_up, "a mail could not be sent");
        store::failed(&self.db, mail, error.message, next).await
    }
}
