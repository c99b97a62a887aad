//! The log's writer: groups what arrives, commits it, answers and publishes.
//!
//! A group with data that the database refuses is written entry by entry, so that only that one
//! fails.

use std::sync::Arc;
use std::time::Duration;

use metrics::{counter, histogram};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::attempt::Way;
use super::commit::Done;
use super::counted::{CHANGES, COMMIT_SECONDS, GROUP_ENTRIES, REFUSED};
use super::entry::{Action, Entry, LogError};
use super::log::{Health, Waiting};
use super::recount::Recounts;
use crate::bus::{Bus, Delivery};
use crate::clock::Clock;
use crate::db::{Db, DbError, FailureKind};
use crate::events::Events;
use crate::random::Random;

/// How many entries one transaction may hold.
const GROUP: usize = 256;
/// How long reactions are held so that they share a position.
const REACTIONS_HELD: Duration = Duration::from_millis(250);

/// What the writer works with.
pub(super) struct Writer {
    pub(super) db: Db,
    pub(super) clock: Clock,
    pub(super) random: Random,
    pub(super) events: Arc<Events>,
    pub(super) bus: Bus,
    pub(super) health: Arc<Health>,
    /// Where what is unread is counted again.
    pub(super) recounts: Arc<Recounts>,
}

impl Writer {
    pub(super) async fn run(self, mut entries: mpsc::Receiver<Waiting>) {
        let mut way = Way::new(self.db.dedicated());
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
                    self.commit(&mut way, others).await;
                    if held.len() >= GROUP {
                        self.commit(&mut way, std::mem::take(&mut held)).await;
                    }
                }
                () = tokio::time::sleep_until(flush_at), if !held.is_empty() => {
                    self.commit(&mut way, std::mem::take(&mut held)).await;
                }
            }
        }
        self.commit(&mut way, held).await;
        if let Err(error) = self.settle(&mut way).await {
            tracing::error!(%error, "what became of a commit is left to others to find out");
        }
        way.close().await;
    }

    /// Commits a group, or, if it is refused, each entry separately, so that only an invalid one
    /// fails.
    async fn commit(&self, way: &mut Way, group: Vec<Waiting>) {
        if group.is_empty() {
            return;
        }
        histogram!(GROUP_ENTRIES).record(count(group.len()));
        let entries: Vec<Entry> = group.iter().map(|waiting| waiting.entry.clone()).collect();
        let Some(written) = self.write_unless_away(way, &entries).await else {
            return refuse(group);
        };
        match written {
            Ok(done) => self.answer(group, done).await,
            Err(error) if error.kind() == FailureKind::Refused && group.len() > 1 => {
                tracing::warn!(%error, entries = group.len(), "a group is written one by one");
                for waiting in group {
                    let entry = std::slice::from_ref(&waiting.entry);
                    match self.write_unless_away(way, entry).await {
                        Some(Ok(done)) => self.answer(vec![waiting], done).await,
                        failed => {
                            let error = failed.and_then(Result::err);
                            let channel = waiting.entry.channel;
                            tracing::error!(?error, %channel, "an entry could not be written");
                            refuse(vec![waiting]);
                        }
                    }
                }
            }
            Err(error) => {
                tracing::error!(%error, entries = group.len(), "a group could not be written");
                refuse(group);
            }
        }
    }

    /// Writes the entries; `None` if the database was unavailable a moment ago.
    async fn write_unless_away(
        &self,
        way: &mut Way,
        entries: &[Entry],
    ) -> Option<Result<Done, DbError>> {
        if way.is_away() {
            return None;
        }
        let begin = Instant::now();
        let written = self.write(way, entries).await;
        histogram!(COMMIT_SECONDS).record(begin.elapsed());
        self.health.note(written.is_ok(), self.clock.uptime());
        Some(written)
    }

    /// Answers the senders first, then publishes to everyone else.
    async fn answer(&self, group: Vec<Waiting>, mut done: Done) {
        for (waiting, answer) in group.into_iter().zip(std::mem::take(&mut done.answers)) {
            // The sender's connection may be gone; what is committed stays.
            let _ = waiting.answer.send(answer);
        }
        self.ring(done).await;
    }

    /// Publishes to everyone else.
    pub(super) async fn ring(&self, done: Done) {
        for (event, publication) in done.publications {
            counter!(CHANGES).increment(publication.seq - publication.after);
            self.bus.deliver(Delivery::Changes(event, Arc::new(publication))).await;
        }
        for ring in done.personal {
            self.bus.deliver(ring).await;
        }
        for (event, recount) in done.recounts {
            self.bus.announce(Some(event), &recount);
            self.recounts.add(recount);
        }
    }
}

fn refuse(group: Vec<Waiting>) {
    for waiting in group {
        counter!(REFUSED).increment(1);
        let _ = waiting.answer.send(Err(LogError::Storage));
    }
}

/// A length as a measurement.
#[expect(clippy::cast_precision_loss, reason = "lengths stay far below 2⁵²")]
fn count(length: usize) -> f64 {
    length as f64
}
