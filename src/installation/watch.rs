//! A running hub whose log is replaced under it must not go on: what it remembers of the channels
//! belongs to the other one. It stops in good order, to be started again with an empty memory.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{mark, set_clock, store};
use crate::core::Core;
use crate::db::DbError;
use crate::id::LogId;

/// How often it is looked whether the log is still the same.
const INTERVAL: Duration = Duration::from_secs(3);
/// At every how manieth look the mark is moved: that reads the times of all channels.
const MARK_EVERY: u32 = 10;

/// Why a hub has stopped that nobody told to.
#[derive(Debug, thiserror::Error)]
#[error("the log was replaced, as at the end of a restore; this hub must be started again")]
pub struct LogReplaced;

impl LogReplaced {
    /// The exit status (EX_TEMPFAIL of sysexits.h): start it again, it will do.
    pub const STATUS: u8 = 75;
}

/// Watches until it is told to stop, or until the log is another one: then it begins the orderly
/// stop.
///
/// # Errors
/// That the log was replaced.
pub async fn watch(core: &Core, stop: CancellationToken) -> Result<(), LogReplaced> {
    let mut looks = 0_u32;
    loop {
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            () = tokio::time::sleep(INTERVAL) => looks = looks.wrapping_add(1),
        }
        match look(core, looks.is_multiple_of(MARK_EVERY)).await {
            Ok(log) if log == core.installation.log => {}
            Ok(log) => {
                let before = core.installation.log;
                tracing::error!(
                    %before, %log,
                    "the log was replaced, as at the end of a restore: stopping in good order, to be \
                     started again"
                );
                core.lifecycle.stop();
                return Err(LogReplaced);
            }
            Err(error) => tracing::warn!(%error, "the log's id and the time could not be read"),
        }
    }
}

/// Sets the clock, moves the mark if it is time, and answers the log's id.
async fn look(core: &Core, moves_mark: bool) -> Result<LogId, DbError> {
    set_clock(&core.db, &core.clock).await?;
    if moves_mark { remember(core).await } else { store::log(&core.db).await }
}

/// Notes in the data folder how far the log is, and whether it has gone back. Answers its id.
///
/// # Errors
/// When the database does not answer.
pub async fn remember(core: &Core) -> Result<LogId, DbError> {
    let log = store::log(&core.db).await?;
    let new = || core.random.uuid(core.clock.now());
    mark::check(&core.db, &core.settings.log_mark(), log, new).await
}
