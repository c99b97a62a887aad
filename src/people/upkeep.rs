//! Removes expired data of people, and what each node does for itself regularly.

use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval_at};

use super::{People, registration};
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
    }
}

/// Removes expired data once.
pub(super) async fn sweep(core: &Core) -> Result<(), DbError> {
    registration::sweep(&core.db, core.clock.now()).await
}
