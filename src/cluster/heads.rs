//! Finds missed changes: after every gap, and while there is no link to the others, the positions
//! of all open channels are compared with the database.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{sleep, timeout};

use crate::bus::{Bus, LinkState};
use crate::hub::Hub;

/// The interval without a link, and so the delay of messages from other nodes.
const UNHEARD: Duration = Duration::from_secs(2);
/// Gaps in quick succession count as one.
const MOMENT: Duration = Duration::from_millis(200);

/// Compares whenever something may have been missed.
pub async fn keep_heads(hub: Arc<Hub>, bus: Bus) {
    let mut gaps = bus.gaps();
    while bus.link_state() != LinkState::Alone {
        match timeout(UNHEARD, gaps.changed()).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return,
            Err(_) if matches!(bus.link_state(), LinkState::Lost(_)) => {}
            Err(_) => continue,
        }
        if let Err(error) = hub.compare_heads().await {
            tracing::warn!(%error, "could not look up changes of other hubs; retrying");
            // There is no signal when the database is back.
            gaps.mark_changed();
            sleep(UNHEARD).await;
        }
        sleep(MOMENT).await;
    }
}
