//! Removes what has expired, and what each node does for itself regularly.

use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval_at};

use super::{Pictures, keeping};
use crate::clock::Timestamp;
use crate::db::{Db, DbError};

const INTERVAL: Duration = Duration::from_secs(10 * 60);

/// Runs until dropped.
pub(super) async fn run(pictures: &Pictures) {
    let core = &pictures.core;
    pictures.delete_copies().await;
    // Random, so that nodes started together do not run at the same moment.
    let first = core.random.below(u64::try_from(INTERVAL.as_millis()).unwrap_or(u64::MAX));
    let mut ticks = interval_at(Instant::now() + Duration::from_millis(first), INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = keeping::adopt_all(core).await {
            tracing::warn!(%error, "pictures of an earlier version could not be taken over");
        }
    }
}

/// Removes what has expired, once.
///
/// # Errors
/// When the database refuses.
pub async fn sweep(db: &Db, now: Timestamp) -> Result<(), DbError> {
    keeping::sweep(db, now).await
}
