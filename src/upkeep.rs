//! Removes expired data, every few minutes, on one node for all.

use std::fmt;
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval_at};

use crate::core::Core;
use crate::db::DbError;
use crate::registry::Sweep;

const INTERVAL: Duration = Duration::from_secs(10 * 60);
/// How long a node keeps the task. Longer than the interval, so that another node takes over only
/// when this one is gone.
const LEASE: Duration = Duration::from_secs(15 * 60);

/// The registered sweeps.
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
    /// Runs these sweeps.
    pub(crate) fn new(core: Core, sweeps: Vec<Sweep>) -> Self {
        Self { core, sweeps }
    }

    /// Runs until it is dropped.
    pub(crate) async fn run(&self) {
        // Random, so that nodes started together do not sweep at the same moment.
        let first = self.core.random.below(u64::try_from(INTERVAL.as_millis()).unwrap_or(u64::MAX));
        let mut ticks = interval_at(Instant::now() + Duration::from_millis(first), INTERVAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            if let Err(error) = self.sweep_in_turn().await {
                tracing::warn!(%error, "could not remove expired data; retrying");
            }
        }
    }

    /// Removes expired data if this node holds the lease, and returns whether it does. Only one
    /// does, because transactions that delete the same rows conflict.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn sweep_in_turn(&self) -> Result<bool, DbError> {
        let Self { core, .. } = self;
        let turn = core.db.lease("upkeep", core.bus.node(), core.clock.now(), LEASE).await?;
        if turn {
            self.sweep().await?;
        }
        Ok(turn)
    }

    /// Removes expired data once.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn sweep(&self) -> Result<(), DbError> {
        let mut outcome = Ok(());
        for sweep in &self.sweeps {
            // One that fails does not keep the others from it.
            outcome = outcome.and(sweep().await);
        }
        outcome
    }
}
