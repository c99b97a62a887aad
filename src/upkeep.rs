//! Removes what has expired, every few minutes, on one node for all.

use std::fmt;
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval_at};

use crate::core::Core;
use crate::db::DbError;
use crate::registry::Sweep;

const INTERVAL: Duration = Duration::from_secs(10 * 60);
/// How long the node that has swept goes on doing so. Longer than it takes to come round again:
/// only when it is gone does another take over.
const LEASE: Duration = Duration::from_secs(15 * 60);

/// Everything that expires.
pub struct Upkeep {
    core: Core,
    sweeps: Vec<Sweep>,
}

impl fmt::Debug for Upkeep {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Upkeep").finish_non_exhaustive()
    }
}

impl Upkeep {
    /// Removes by these.
    pub(crate) fn new(core: Core, sweeps: Vec<Sweep>) -> Self {
        Self { core, sweeps }
    }

    /// Runs until it is dropped.
    pub(crate) async fn run(&self) {
        // Nodes that are started together do not come at the same moment.
        let first = self.core.random.below(u64::try_from(INTERVAL.as_millis()).unwrap_or(u64::MAX));
        let mut ticks = interval_at(Instant::now() + Duration::from_millis(first), INTERVAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            if let Err(error) = self.keep_up().await {
                tracing::warn!(%error, "what has expired could not be removed; it is tried again");
            }
        }
    }

    /// Removes what has expired if it is this node's turn, and tells whether it was: when all nodes
    /// delete the same rows at once, they stand in each other's way.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn keep_up(&self) -> Result<bool, DbError> {
        let Self { core, .. } = self;
        let turn = core.db.lease("upkeep", core.bus.node(), core.clock.now(), LEASE).await?;
        if turn {
            self.sweep().await?;
        }
        Ok(turn)
    }

    /// Removes what has expired, once.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn sweep(&self) -> Result<(), DbError> {
        for sweep in &self.sweeps {
            sweep().await?;
        }
        Ok(())
    }
}
