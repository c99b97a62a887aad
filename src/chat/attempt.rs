//! Writing a group to a database that may be busy, unavailable, or leave the outcome unknown.
//!
//! - A conflict (a deadlock, a lock timeout): retried after a random moment, for at most eight
//!   seconds.
//! - The database is unavailable (connection lost, server stopping, timeout, disk full): the whole
//!   group is kept and retried for three seconds. Then it fails, and so do later ones, at once,
//!   except one group a second that tests whether the database is back.
//! - A commit was not answered: the next connection finds out whether it was done (see
//!   [`super::store::tokens`]). Only then is it answered and published, or written again.

use std::time::Duration;

use metrics::counter;
use tokio::time::{Instant, sleep, timeout};

use super::commit::{self, Done, Sends};
use super::counted::{RETRIES, UNKNOWN};
use super::entry::Entry;
use super::store::tokens::Token;
use super::writer::Writer;
use crate::db::{DbError, Dedicated, FailureKind};
use crate::id::ChannelId;
use crate::random::Random;

/// How long a server may take for everything before the commit: longer than it waits for a lock.
const STATEMENTS: Duration = Duration::from_secs(8);
/// How long it may take for the commit.
const COMMIT: Duration = Duration::from_secs(10);
/// How long a group is retried while other transactions conflict with it.
const CONFLICTS: Duration = Duration::from_secs(8);
/// How long a group is kept while the database is unavailable, and how often it is tested then.
const AWAY: (Duration, Duration) = (Duration::from_secs(3), Duration::from_secs(1));
/// How long messages are checked for duplicates after one was found: clients that come back from
/// another node resend what was not answered there.
const KNOWN: Duration = Duration::from_secs(1);

/// The writer's connection to the database.
#[derive(Debug)]
pub(super) struct Way {
    connection: Dedicated,
    unknown: Option<Unknown>,
    /// When the database was last found unavailable; `None` while it is available.
    away: Option<Instant>,
    /// When a message was last found to be a duplicate.
    known: Option<Instant>,
}

/// A group whose commit was not answered. There is at most one: nothing else is written before its
/// outcome is known.
#[derive(Debug)]
struct Unknown {
    token: Token,
    /// A channel whose lock the transaction held.
    channel: ChannelId,
    done: Done,
    /// Its senders have been told that it failed, and may send it again.
    given_up: bool,
}

impl Way {
    pub(super) fn new(connection: Dedicated) -> Self {
        Self { connection, unknown: None, away: None, known: None }
    }

    /// Whether trying is pointless right now.
    pub(super) fn is_away(&self) -> bool {
        self.away.is_some_and(|away| away.elapsed() < AWAY.1)
    }

    /// Closes the connection cleanly.
    pub(super) async fn close(self) {
        self.connection.close().await;
    }

    fn sends(&self) -> Sends {
        match self.known {
            Some(known) if known.elapsed() < KNOWN => Sends::MayBeKnown,
            _ => Sends::New,
        }
    }

    fn give_up(&mut self, error: &DbError) {
        if let Some(unknown) = &mut self.unknown {
            unknown.given_up = true;
        } else if error.kind() != FailureKind::Gone {
            return;
        }
        if self.away.replace(Instant::now()).is_none() {
            tracing::error!(%error, "the database is away; nothing is written until it is back");
        }
    }

    fn is_back(&mut self) {
        if self.away.take().is_some() {
            tracing::info!("the database is back");
        }
    }
}

impl Writer {
    /// Writes the entries, atomically and once.
    pub(super) async fn write(&self, way: &mut Way, entries: &[Entry]) -> Result<Done, DbError> {
        let begin = Instant::now();
        let mut failed: Option<Instant> = None;
        let mut sends = way.sends();
        loop {
            let error = match self.attempt(way, entries, sends).await {
                Ok(done) => {
                    way.is_back();
                    return Ok(done);
                }
                Err(error) => error,
            };
            way.connection.let_go();
            let failing = failed.get_or_insert_with(Instant::now).elapsed();
            let unknown = way.unknown.is_some();
            let why = match error.kind() {
                FailureKind::Refused if error.is_unique_violation() && sends == Sends::New => {
                    way.known = Some(Instant::now());
                    sends = Sends::MayBeKnown;
                    "known"
                }
                FailureKind::Conflict if !unknown && begin.elapsed() < CONFLICTS => {
                    pause(&self.random, 5, 50).await;
                    "conflict"
                }
                kind if (kind == FailureKind::Gone || unknown)
                    && way.away.is_none()
                    && failing < AWAY.0 =>
                {
                    tracing::warn!(%error, unknown, "a group is tried again");
                    sends = Sends::MayBeKnown;
                    pause(&self.random, 50, 200).await;
                    "gone"
                }
                _ => {
                    way.give_up(&error);
                    return Err(error);
                }
            };
            counter!(RETRIES, "why" => why).increment(1);
        }
    }

    async fn attempt(
        &self,
        way: &mut Way,
        entries: &[Entry],
        sends: Sends,
    ) -> Result<Done, DbError> {
        if let Some(done) = self.settle(way).await? {
            return Ok(done);
        }
        let server = way.connection.can_be_lost();
        let prepare = async {
            let mut transaction = way.connection.begin().await?;
            let done = commit::group(self, &mut transaction, entries, sends).await?;
            let mut left = None;
            // What has changed nothing may be repeated.
            if let (true, Some((_, first))) = (server, done.publications.first()) {
                let now = self.clock.now();
                let token = Token::new(now, &self.random);
                token.leave(&self.db, &mut transaction, now).await?;
                left = Some((token, first.channel));
            }
            Ok((transaction, done, left))
        };
        let (transaction, done, left) = in_time(server.then_some(STATEMENTS), prepare).await?;
        let commit = async { Ok(transaction.commit().await?) };
        let committed = in_time(server.then_some(COMMIT), commit).await;
        if let (Err(_), Some((token, channel))) = (&committed, left) {
            way.unknown = Some(Unknown { token, channel, done, given_up: false });
            return Err(committed.err().unwrap_or(DbError::TimedOut));
        }
        committed.map(|()| done)
    }

    /// Finds out the outcome of a group whose commit was not answered. Returns what it did if it
    /// was committed and its senders are still waiting.
    pub(super) async fn settle(&self, way: &mut Way) -> Result<Option<Done>, DbError> {
        let Some(unknown) = &way.unknown else { return Ok(None) };
        let look = async {
            let mut transaction = way.connection.begin().await?;
            let there = unknown.token.is_there(&self.db, &mut transaction, unknown.channel).await?;
            transaction.commit().await?;
            Ok(there)
        };
        let there = in_time(Some(STATEMENTS), look).await?;
        let Some(unknown) = way.unknown.take() else { return Ok(None) };
        let outcome = match (there, unknown.given_up) {
            (true, _) => "there",
            (false, false) => "written_again",
            (false, true) => "given_up",
        };
        tracing::info!(outcome, "a commit that was not answered has been looked up");
        counter!(UNKNOWN, "outcome" => outcome).increment(1);
        if !there {
            return Ok(None);
        }
        if unknown.given_up {
            self.ring(unknown.done).await;
            return Ok(None);
        }
        Ok(Some(unknown.done))
    }
}

/// SQLite needs no timeout: its outcome could not be looked up, and its file does not go away.
async fn in_time<T>(
    limit: Option<Duration>,
    work: impl Future<Output = Result<T, DbError>>,
) -> Result<T, DbError> {
    match limit {
        Some(limit) => timeout(limit, work).await.unwrap_or(Err(DbError::TimedOut)),
        None => work.await,
    }
}

async fn pause(random: &Random, least: u64, more: u64) {
    sleep(Duration::from_millis(least + random.below(more))).await;
}
