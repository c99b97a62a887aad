//! What of people expires, and what each node does for itself now and then.

use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval_at};

use super::{People, picture, registration};
use crate::core::Core;
use crate::db::DbError;

const INTERVAL: Duration = Duration::from_secs(10 * 60);

/// Runs until it is dropped.
pub(super) async fn run(people: &People) {
    let core = &people.core;
    // Nodes that are started together do not come at the same moment.
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

/// Removes what has expired, once.
pub(super) async fn sweep(core: &Core) -> Result<(), DbError> {
    let now = core.clock.now();
    registration::sweep(&core.db, now).await?;
    picture::sweep(&core.db, now).await
}
