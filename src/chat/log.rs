//! The log: one writer per node that turns what people do into numbered, committed changes.
//!
//! It groups what arrives while the last group is being committed into one transaction, so that one
//! sync to disk pays for many messages. Then it answers and publishes on the bus, once per channel
//! and group. Reactions are held for a moment longer and share one position: a storm of them costs
//! a handful of changes a second.
//!
//! Several nodes may write to one database server. A channel's positions are assigned under the
//! lock of its row, at READ COMMITTED, so that the holder of the lock sees what was committed
//! before: no gaps, no duplicates. Locks are taken in one order: events, then channels by their
//! ids. `sent_at` never goes back within a channel, whatever the nodes' clocks say.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;

pub use super::entry::{Action, Entry, LogError, Written};
pub(super) use super::writer::Writer;
use crate::clock::Uptime;
use crate::tasks::Tasks;

/// How many entries may wait for the writer; beyond that senders are asked to retry.
const WAITING: usize = 4_096;
/// How long a sender waits for the writer before they are asked to retry. The entry stays with the
/// writer, and a retry does not duplicate it.
const TIMEOUT: Duration = Duration::from_secs(12);

pub(super) type Answer = Result<Written, LogError>;

/// An entry and the sender of its answer.
pub(super) struct Waiting {
    pub(super) entry: Entry,
    pub(super) answer: oneshot::Sender<Answer>,
}

/// Since when the database refuses writes; `None` while it accepts them.
#[derive(Debug, Default)]
pub(super) struct Health(Mutex<Option<Uptime>>);

impl Health {
    /// How long a failure counts: once the hub is out of service nobody writes any more, and only
    /// another attempt can tell whether the database accepts writes again.
    const FAILURE_COUNTS: Duration = Duration::from_secs(30);

    pub(super) fn note(&self, written: bool, now: Uptime) {
        *self.0.lock() = (!written).then_some(now);
    }

    fn is_good(&self, now: Uptime) -> bool {
        self.0.lock().is_none_or(|failed| now.since(failed) > Self::FAILURE_COUNTS)
    }
}

/// The handle of the log's writer.
#[derive(Debug)]
pub struct Log {
    health: Arc<Health>,
    entries: Mutex<Option<mpsc::Sender<Waiting>>>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

impl Log {
    pub(super) fn start(writer: Writer, tasks: &Tasks) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        let health = Arc::clone(&writer.health);
        let writer = tasks.spawn_worker("chat.log_writer", writer.run(receiver));
        Self { health, entries: Mutex::new(Some(sender)), writer: Mutex::new(Some(writer)) }
    }

    /// Whether the database has accepted the last group, as far as is known.
    pub fn is_healthy(&self, now: Uptime) -> bool {
        self.health.is_good(now)
    }

    /// Writes an entry, and waits until it is committed, at most twelve seconds.
    ///
    /// # Errors
    /// The reason; after [`LogError::Busy`], [`LogError::Draining`] and [`LogError::Storage`] it is
    /// safe to try again with the same client id.
    pub async fn append(&self, entry: Entry) -> Answer {
        let entries = self.entries.lock().clone().ok_or(LogError::Draining)?;
        let (answer, answered) = oneshot::channel();
        entries.try_send(Waiting { entry, answer }).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => LogError::Busy,
            mpsc::error::TrySendError::Closed(_) => LogError::Draining,
        })?;
        drop(entries);
        match timeout(TIMEOUT, answered).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) | Err(_) => Err(LogError::Storage),
        }
    }

    pub(super) async fn drain(&self) {
        self.entries.lock().take();
        let writer = self.writer.lock().take();
        if let Some(writer) = writer
            && let Err(error) = writer.await
        {
            tracing::error!(%error, "the log's writer ended early");
        }
    }
}
