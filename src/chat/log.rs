//! The log: one writer per node that turns what people do into numbered, committed changes.
//!
//! It groups what arrives while the last group is being committed into one transaction, so that
//! one sync to disk pays for many messages. Then it answers and rings the bus, once per channel
//! and group. Reactions are held for a moment more and take one number together: a storm of them
//! costs a handful of changes a second.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use metrics::{counter, histogram};
use parking_lot::Mutex;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::commit::{self, Sends};
pub use super::entry::{Action, Entry, LogError, Written};
use crate::bus::{Bus, Ring};
use crate::clock::{Clock, Timestamp};
use crate::db::{Db, DbError};
use crate::events::Events;
use crate::metrics::{LOG_CHANGES, LOG_COMMIT_SECONDS, LOG_GROUP_ENTRIES, LOG_REFUSED};
use crate::random::Random;

/// How many entries may wait for the writer; then senders are told to try again.
const WAITING: usize = 4_096;
/// How many entries one transaction may hold.
const GROUP: usize = 256;
/// How long reactions are held so that they share a number.
const REACTIONS_HELD: Duration = Duration::from_millis(250);
/// How often a group is tried when another transaction stood in its way.
const TRIES: usize = 4;

pub(super) type Answer = Result<Written, LogError>;

/// An entry and who waits for the answer.
pub(super) struct Waiting {
    pub(super) entry: Entry,
    pub(super) answer: oneshot::Sender<Answer>,
}

/// Whether the database takes what is written.
#[derive(Debug, Default)]
pub(super) struct Health(AtomicI64);

impl Health {
    /// How long a failure counts: with the hub taken out of service nobody writes any more, and
    /// only another try can tell whether the database takes something again.
    const FAILURE_COUNTS: Duration = Duration::from_secs(30);

    fn note(&self, written: bool, now: Timestamp) {
        self.0.store(if written { 0 } else { now.0 }, Ordering::Relaxed);
    }

    fn is_good(&self, now: Timestamp) -> bool {
        now.since(Timestamp(self.0.load(Ordering::Relaxed))) > Self::FAILURE_COUNTS
    }
}

/// The way to the log's writer.
#[derive(Debug)]
pub struct Log {
    health: Arc<Health>,
    entries: Mutex<Option<mpsc::Sender<Waiting>>>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

impl Log {
    pub(super) fn start(writer: Writer) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        let health = Arc::clone(&writer.health);
        let writer = tokio::spawn(writer.run(receiver));
        Self { health, entries: Mutex::new(Some(sender)), writer: Mutex::new(Some(writer)) }
    }

    /// Whether the database has taken the last group, as far as that is known.
    pub fn is_healthy(&self, now: Timestamp) -> bool {
        self.health.is_good(now)
    }

    /// Has an entry written, and waits until it is committed.
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
        answered.await.unwrap_or(Err(LogError::Storage))
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

pub(super) struct Writer {
    pub(super) db: Db,
    pub(super) clock: Clock,
    pub(super) random: Random,
    pub(super) events: Arc<Events>,
    pub(super) bus: Bus,
    pub(super) health: Arc<Health>,
}

impl Writer {
    async fn run(self, mut entries: mpsc::Receiver<Waiting>) {
        let mut group = Vec::with_capacity(GROUP);
        let mut held: Vec<Waiting> = Vec::new();
        let mut flush_at = Instant::now();
        loop {
            tokio::select! {
                received = entries.recv_many(&mut group, GROUP) => {
                    if received == 0 {
                        break;
                    }
                    let is_reaction =
                        |waiting: &Waiting| matches!(waiting.entry.action, Action::React { .. });
                    let (reactions, others): (Vec<_>, Vec<_>) =
                        group.drain(..).partition(is_reaction);
                    if held.is_empty() && !reactions.is_empty() {
                        flush_at = Instant::now() + REACTIONS_HELD;
                    }
                    held.extend(reactions);
                    self.commit(others).await;
                    if held.len() >= GROUP {
                        self.commit(std::mem::take(&mut held)).await;
                    }
                }
                () = tokio::time::sleep_until(flush_at), if !held.is_empty() => {
                    self.commit(std::mem::take(&mut held)).await;
                }
            }
        }
        self.commit(held).await;
    }

    /// Commits a group, or, when it is refused as a whole, each entry by itself: so one that the
    /// database cannot take fails alone.
    async fn commit(&self, group: Vec<Waiting>) {
        if group.is_empty() {
            return;
        }
        histogram!(LOG_GROUP_ENTRIES).record(count(group.len()));
        let entries: Vec<Entry> = group.iter().map(|waiting| waiting.entry.clone()).collect();
        match self.try_commit(&entries).await {
            Ok(done) => self.answer(group, done).await,
            Err(error) if group.len() > 1 => {
                tracing::warn!(%error, entries = group.len(), "a group is written one by one");
                for waiting in group {
                    match self.try_commit(std::slice::from_ref(&waiting.entry)).await {
                        Ok(done) => self.answer(vec![waiting], done).await,
                        Err(error) => refuse(waiting, &error),
                    }
                }
            }
            Err(error) => group.into_iter().for_each(|waiting| refuse(waiting, &error)),
        }
    }

    async fn try_commit(&self, entries: &[Entry]) -> Result<commit::Done, DbError> {
        let (mut tried, mut sends) = (1, Sends::New);
        loop {
            let begin = Instant::now();
            match commit::group(self, entries, sends).await {
                Err(error) if error.is_conflict() && tried < TRIES => tried += 1,
                Err(error) if error.is_unique_violation() && sends == Sends::New => {
                    sends = Sends::MayBeKnown;
                }
                outcome => {
                    histogram!(LOG_COMMIT_SECONDS).record(begin.elapsed());
                    self.health.note(outcome.is_ok(), self.clock.now());
                    return outcome;
                }
            }
        }
    }

    /// Tells the senders first, then everybody else.
    async fn answer(&self, group: Vec<Waiting>, done: commit::Done) {
        for (waiting, answer) in group.into_iter().zip(done.answers) {
            // The sender's connection may be gone; what is committed stays.
            let _ = waiting.answer.send(answer);
        }
        for (event, publication) in done.publications {
            counter!(LOG_CHANGES).increment(publication.seq - publication.after);
            self.bus.ring(Ring::Changes(event, Arc::new(publication))).await;
        }
        for ring in done.personal {
            self.bus.ring(ring).await;
        }
    }
}

fn refuse(waiting: Waiting, error: &DbError) {
    counter!(LOG_REFUSED).increment(1);
    tracing::error!(%error, channel = %waiting.entry.channel, "an entry could not be written");
    let _ = waiting.answer.send(Err(LogError::Storage));
}

/// A length as a measurement.
#[expect(clippy::cast_precision_loss, reason = "lengths stay far below 2⁵²")]
fn count(length: usize) -> f64 {
    length as f64
}
