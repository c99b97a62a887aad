//! News that this node may have missed: after every gap, and while the others are not heard at all,
//! the numbers of all open channels are compared with the database.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{sleep, timeout};

use crate::bus::{Bus, Way};
use crate::hub::Hub;

/// How often while nothing is heard: so much later is what is said on other nodes.
const UNHEARD: Duration = Duration::from_secs(2);
/// Many gaps in a moment are one.
const MOMENT: Duration = Duration::from_millis(200);

/// Compares whenever something may have been missed, for ever.
pub async fn keep_heads(hub: Arc<Hub>, bus: Bus) {
    let mut gaps = bus.gaps();
    while bus.way() != Way::Alone {
        match timeout(UNHEARD, gaps.changed()).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return,
            Err(_) if matches!(bus.way(), Way::Lost(_)) => {}
            Err(_) => continue,
        }
        if let Err(error) = hub.compare_heads().await {
            tracing::warn!(%error, "what other hubs said cannot be looked up; trying again");
            // Nothing tells when the database is back.
            gaps.mark_changed();
            sleep(UNHEARD).await;
        }
        sleep(MOMENT).await;
    }
}
