//! The mark: the position the log had reached, recorded in the data folder. A database that is
//! older than its mark was restored from a backup.

use std::io::{Error, ErrorKind};
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::store;
use crate::clock::Timestamp;
use crate::db::{Db, DbError};
use crate::id::LogId;

/// How much the clocks of several hubs may differ: the last message's time can go back that much.
const TOLERANCE: Duration = Duration::from_secs(5);

/// What is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Mark {
    log: LogId,
    last_message_at: Option<Timestamp>,
}

impl Mark {
    /// Whether the same log had got further than `now`.
    fn is_ahead_of(self, now: Self) -> bool {
        let time = |mark: Self| mark.last_message_at.unwrap_or_default();
        self.log == now.log && time(self).since(time(now)) > TOLERANCE
    }

    async fn read(path: &Path) -> Result<Option<Self>, Error> {
        match tokio::fs::read(path).await {
            Ok(text) => Ok(Some(serde_json::from_slice(&text)?)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn write(self, path: &Path) -> Result<(), Error> {
        // Written atomically: half a mark would be useless.
        let new = path.with_added_extension("new");
        tokio::fs::write(&new, serde_json::to_vec(&self)?).await?;
        tokio::fs::rename(&new, path).await
    }
}

/// Compares the log, whose id is `log`, with the mark, and updates the mark. A log that has gone
/// back is replaced by a new one, the same for all hubs that notice. Returns the log's id.
pub(super) async fn check(
    db: &Db,
    path: &Path,
    log: LogId,
    new: impl Fn() -> Uuid,
) -> Result<LogId, DbError> {
    let before = Mark::read(path).await.unwrap_or_else(|error| {
        tracing::warn!(%error, path = %path.display(), "the log's mark cannot be read");
        None
    });
    let mut now = Mark { log, last_message_at: store::last_message_at(db).await? };
    if let Some(before) = before.filter(|before| before.is_ahead_of(now)) {
        now.log = store::replace_log_once(db, log, LogId(new())).await?;
        tracing::error!(
            was = ?before.last_message_at,
            is = ?now.last_message_at,
            log = %now.log,
            "the database has gone back in time, as after a restore: clients will be told to start \
            afresh. End a restore with `plenary restored`, which says what else to check"
        );
    }
    if before != Some(now) {
        now.write(path).await.unwrap_or_else(|error| {
            tracing::warn!(%error, path = %path.display(), "the log's mark cannot be written");
        });
    }
    Ok(now.log)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(log: u128, last: i64) -> Mark {
        Mark { log: LogId(Uuid::from_u128(log)), last_message_at: Some(Timestamp(last)) }
    }

    #[test]
    fn only_the_same_log_much_earlier_has_gone_back() {
        assert!(mark(1, 60_000).is_ahead_of(mark(1, 50_000)));
        assert!(mark(1, 60_000).is_ahead_of(Mark { last_message_at: None, ..mark(1, 0) }));
        assert!(!mark(1, 60_000).is_ahead_of(mark(1, 56_000)), "clocks differ a little");
        assert!(!mark(1, 60_000).is_ahead_of(mark(1, 90_000)), "it has gone on");
        assert!(!mark(1, 60_000).is_ahead_of(mark(2, 50_000)), "it is told already");
    }
}
