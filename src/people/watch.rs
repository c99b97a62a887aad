//! Notices which pictures other nodes have taken away, or somebody beside them.

use std::time::Duration;

use super::picture;
use crate::core::Core;

const INTERVAL: Duration = Duration::from_secs(3);
/// What is read again each time: a note bears the time of the node that wrote it, whose clock may
/// be behind, and is seen only when its transaction has ended.
const OVERLAP: Duration = Duration::from_secs(5 * 60);

/// Watches until it is dropped.
pub(super) async fn watch(core: Core) {
    let mut seen = core.clock.now();
    loop {
        tokio::time::sleep(INTERVAL).await;
        let now = core.clock.now();
        match picture::forget_taken_away(&core, seen.before(OVERLAP)).await {
            Ok(()) => seen = now,
            Err(error) => {
                tracing::warn!(%error, "which pictures were taken away is not known; it is asked again");
            }
        }
    }
}
