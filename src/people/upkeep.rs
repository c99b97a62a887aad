//! Removes expired data of people, and what each node does for itself regularly.

use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval_at};

use super::{People, picture, registration};
use crate::core::Core;
use crate::db::DbError;

const INTERVAL: Duration = Duration::from_secs(10 * 60);

/// Runs until dropped.
pub(super) async fn run(people: &People) {
    let core = &people.core;
    // Random, so that nodes started together do not run at the same moment.
    let first = core.random.below(u64::try_from(INTERVAL.as_millis()).unwrap_or(u64::MAX));
    let mut ticks = interval_at(Instant::now() + Duration::from_millis(first), INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        people.limits.sweep();
        if let Err(error) = picture::adopt_all(core).await {
            tracing::warn!(%error, "pictures of an earlier version could not be taken over");
        }
    }
}

/// Removes expired data once.
pub(super) async fn sweep(core: &Core) -> Result<(), DbError> {
    let now = core.clock.now();
    registration::sweep(&core.db, now).await?;
    picture::sweep(&core.db, now).await
}
