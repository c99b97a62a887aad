//! Notices pictures that were removed by other nodes, or directly in the database.

use std::time::Duration;

use super::keeping;
use crate::core::Core;

const INTERVAL: Duration = Duration::from_secs(3);
/// How far back each reading goes: a record bears the time of the node that wrote it, whose clock
/// may be behind, and becomes visible only when its transaction commits.
const OVERLAP: Duration = Duration::from_secs(5 * 60);

/// Watches until dropped.
pub(super) async fn watch(core: Core) {
    let mut seen = core.clock.now();
    loop {
        tokio::time::sleep(INTERVAL).await;
        let now = core.clock.now();
        match keeping::forget_taken_away(&core, seen.before(OVERLAP)).await {
            Ok(()) => seen = now,
            Err(error) => {
                tracing::warn!(%error, "which pictures were taken away is not known; it is asked again");
            }
        }
    }
}
