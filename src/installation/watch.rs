//! A running hub whose log is replaced must not go on: its memory of the channels belongs to the
//! old log. It stops gracefully, to be restarted with empty memory.

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
/// The mark is updated only every so many readings, because that reads the times of all channels.
const READINGS_PER_MARK: u32 = 10;

/// The hub stopped because its log was replaced.
#[derive(Debug, thiserror::Error)]
#[error("the log was replaced, as at the end of a restore; this hub must be restarted")]
pub struct LogReplaced;

impl LogReplaced {
    /// The exit status (EX_TEMPFAIL of sysexits.h): restarting helps.
    pub const STATUS: u8 = 75;
}

/// Watches whether the log is still the same, and keeps the clock and the mark up to date.
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
    /// Stopped when the log is replaced.
    pub lifecycle: Lifecycle,
}

impl LogWatch {
    /// Watches until `stop` is cancelled, or until the log is replaced: then it begins the graceful
    /// stop.
    ///
    /// # Errors
    /// When the log was replaced.
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
                        "the log was replaced, as at the end of a restore: stopping gracefully, \
                         to be restarted"
                    );
                    self.lifecycle.stop();
                    return Err(LogReplaced);
                }
                Err(error) => tracing::warn!(%error, "the log's id and the time could not be read"),
            }
        }
    }

    /// Sets the clock, updates the mark if asked to, and returns the log's id.
    async fn read(&self, moves_mark: bool) -> Result<LogId, DbError> {
        set_clock(&self.db, &self.clock).await?;
        if moves_mark { self.remember().await } else { store::log(&self.db).await }
    }

    /// Records the end of the log in the data folder, checking whether it has gone back. Returns
    /// its id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn remember(&self) -> Result<LogId, DbError> {
        let log = store::log(&self.db).await?;
        let new = || self.random.uuid(self.clock.now());
        mark::check(&self.db, &self.mark, log, new).await
    }
}
