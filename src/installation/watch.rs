//! A running hub whose log is replaced under it must not go on: what it remembers of the channels
//! belongs to the other one. It stops in good order, to be started again with an empty memory.

use std::path::PathBuf;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{mark, set_clock, store};
use crate::clock::Clock;
use crate::db::{Db, DbError};
use crate::id::LogId;
use crate::lifecycle::Lifecycle;
use crate::random::Random;

/// How often the log's id is read.
const INTERVAL: Duration = Duration::from_secs(3);
/// The mark is moved once per so many readings: that reads the times of all channels.
const READINGS_PER_MARK: u32 = 10;

/// Why a hub has stopped that nobody told to.
#[derive(Debug, thiserror::Error)]
#[error("the log was replaced, as at the end of a restore; this hub must be started again")]
pub struct LogReplaced;

impl LogReplaced {
    /// The exit status (EX_TEMPFAIL of sysexits.h): start it again, it will do.
    pub const STATUS: u8 = 75;
}

/// Watches whether the log is still the same, and keeps the clock and the mark right meanwhile.
#[derive(Clone, Debug)]
pub struct LogWatch {
    /// The log that the hub was started with.
    pub log: LogId,
    /// The file of the mark.
    pub mark: PathBuf,
    /// The database.
    pub db: Db,
    /// The clock that is set.
    pub clock: Clock,
    /// Randomness.
    pub random: Random,
    /// What is told to stop when the log is another one.
    pub lifecycle: Lifecycle,
}

impl LogWatch {
    /// Watches until it is told to stop, or until the log is another one: then it begins the
    /// orderly stop.
    ///
    /// # Errors
    /// That the log was replaced.
    pub async fn run(self, stop: CancellationToken) -> Result<(), LogReplaced> {
        let mut readings = 0_u32;
        loop {
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                () = tokio::time::sleep(INTERVAL) => readings = readings.wrapping_add(1),
            }
            match self.read(readings.is_multiple_of(READINGS_PER_MARK)).await {
                Ok(log) if log == self.log => {}
                Ok(log) => {
                    tracing::error!(
                        before = %self.log, %log,
                        "the log was replaced, as at the end of a restore: stopping in good order, \
                         to be started again"
                    );
                    self.lifecycle.stop();
                    return Err(LogReplaced);
                }
                Err(error) => tracing::warn!(%error, "the log's id and the time could not be read"),
            }
        }
    }

    /// Sets the clock, moves the mark if it is time, and answers the log's id.
    async fn read(&self, moves_mark: bool) -> Result<LogId, DbError> {
        set_clock(&self.db, &self.clock).await?;
        if moves_mark { self.remember().await } else { store::log(&self.db).await }
    }

    /// Notes in the data folder how far the log is, and whether it has gone back. Answers its id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn remember(&self) -> Result<LogId, DbError> {
        let log = store::log(&self.db).await?;
        let new = || self.random.uuid(self.clock.now());
        mark::check(&self.db, &self.mark, log, new).await
    }
}
