//! What this installation is: an id of its own, and which log its channels' numbers belong to.
//!
//! A database that comes from a backup gives numbers again that it gave before. Whoever has numbers
//! from the time in between must start again, and finds that out by the log's id, which a restore
//! replaces: its last step does (`plenary restored`). Should that step be forgotten, the data folder
//! remembers how far the log was, and a log that has gone back is replaced when a hub finds it so.
//!
//! There are no epochs within messages or channels. A running hub never changes over to another
//! log: it stops, and is started again with an empty memory.

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

/// What does not change as long as the program runs.
#[derive(Clone, Copy, Debug)]
pub struct Installation {
    /// The installation, for ever: what it shares with others (a Redis server) is named by it.
    pub id: InstallationId,
    /// The log that all numbers belong to.
    pub log: LogId,
}

impl Installation {
    /// Reads what the database says, and makes it when it is new: once, whoever asks at the same
    /// time. A log that is behind the mark at `mark` has been restored, and becomes another one.
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
