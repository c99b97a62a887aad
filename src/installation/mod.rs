//! The identity of this installation: its id, and the log that its channels' positions belong to.
//!
//! A database restored from a backup assigns positions again that it had assigned before. Clients
//! with positions from the time in between must start afresh, which they notice by the log's id.
//! The last step of a restore replaces it (`plenary restored`). If that step is forgotten, the mark
//! in the data folder shows that the log has gone back, and the hub replaces it.
//!
//! There are no epochs within messages or channels. A running hub never switches to another log: it
//! stops, and is restarted with empty memory.

mod mark;
mod store;
mod time;
mod watch;

use std::path::Path;

use crate::clock::Clock;
use crate::db::{Db, DbError};
use crate::id::{InstallationId, LogId};
use crate::random::Random;

pub use store::{LogEnd, log_end, replace_log};
pub use time::set_clock;
pub use watch::{LogReplaced, LogWatch};

/// What does not change while the program runs.
#[derive(Clone, Copy, Debug)]
pub struct Installation {
    /// The permanent id of the installation; names its part of what it shares with others (Redis).
    pub id: InstallationId,
    /// The log that all positions belong to.
    pub log: LogId,
}

impl Installation {
    /// Reads it from the database, or creates it in a new one, once even if several nodes do so at
    /// the same time. A log that is behind the mark at `mark` was restored, and is replaced.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn open(
        db: &Db,
        mark: &Path,
        clock: &Clock,
        random: &Random,
    ) -> Result<Self, DbError> {
        let new = || random.uuid(clock.now());
        let id = InstallationId(store::read_or_make(db, store::ID, new).await?);
        let log = LogId(store::read_or_make(db, store::LOG, new).await?);
        let log = mark::check(db, mark, log, new).await?;
        Ok(Self { id, log })
    }
}
