//! The nodes that serve a conference together: the leases by which they know each other, and the
//! consequences when one appears or is lost. All of it is only in memory.
//!
//! Each node sends a lease every 1.5 seconds. One without a lease for 6 seconds is lost; a graceful
//! stop says goodbye. Time is measured by each node's own monotonic clock, and only while the node
//! receives its own leases back: one that is cut off, or was frozen, does not consider the others
//! gone for a minute. Leases also carry the positions of channels that have just changed: a lost
//! message is revealed by the gap before the next, a lost last one by a lease within five seconds.

mod counted;
mod heads;
mod lease;
mod lists;
mod nodes;
mod peers;
#[cfg(test)]
mod plans;
mod view;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

pub use counted::METRICS;
pub use heads::keep_heads;
pub use lease::{About, Lease};
pub use lists::{Lists, disagreements};
pub use nodes::Nodes;
use nodes::TICK;
use peers::BEAT;
pub use peers::State;
pub use view::{NodeView, View, WayView};

use crate::bus::{Bus, LinkState};
use crate::clock::Timestamp;
use crate::hub::Hub;
use crate::lifecycle::Lifecycle;
use crate::machine;

/// This node among the others.
#[derive(Debug)]
pub struct Cluster {
    nodes: Arc<Nodes>,
    hub: Arc<Hub>,
    bus: Bus,
    lifecycle: Lifecycle,
    public_url: String,
    /// This node's address and start.
    serving: OnceLock<(SocketAddr, Timestamp)>,
    beat: AtomicU64,
}

impl Cluster {
    /// A node of this hub and this bus, from which `nodes` gets the leases. `public_url` is the URL
    /// for browsers.
    pub fn new(
        nodes: Arc<Nodes>,
        hub: &Arc<Hub>,
        bus: &Bus,
        lifecycle: &Lifecycle,
        public_url: &str,
    ) -> Arc<Self> {
        Arc::new(Self {
            nodes,
            hub: Arc::clone(hub),
            bus: bus.clone(),
            lifecycle: lifecycle.clone(),
            public_url: public_url.to_owned(),
            serving: OnceLock::new(),
            beat: AtomicU64::new(0),
        })
    }

    /// The other nodes.
    pub fn nodes(&self) -> &Nodes {
        &self.nodes
    }

    /// This node.
    fn about(&self) -> About {
        let serving = self.serving.get();
        let lag = self.nodes.lag();
        About {
            name: machine::name(),
            address: serving.map(|(address, _)| address.to_string()).unwrap_or_default(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            public_url: self.public_url.clone(),
            started: serving.map(|(_, started)| *started).unwrap_or_default(),
            stopping: self.lifecycle.is_stopping(),
            connections: self.hub.connections(),
            channels: self.hub.open_channels(),
            topics: self.bus.topics(),
            lag_milliseconds: lag.map(|lag| u64::try_from(lag.as_millis()).unwrap_or(u64::MAX)),
        }
    }

    /// A lease that repeats numbers, or one in between.
    fn lease(&self, is_beat: bool) -> Lease {
        let beat = self.beat.fetch_add(1, Ordering::Relaxed) + 1;
        self.nodes.tells(beat);
        let [heads, presence, totals] =
            if is_beat { self.bus.retell() } else { Default::default() };
        Lease { beat, about: self.about(), heads, presence, totals }
    }

    /// Renews this node's lease, and handles those of others, until `stop` is cancelled. `address`
    /// is where it serves, `since` when it started.
    pub async fn run(
        self: Arc<Self>,
        address: SocketAddr,
        since: Timestamp,
        stop: CancellationToken,
    ) {
        // A second address has no effect.
        let _ = self.serving.set((address, since));
        if self.bus.link_state() == LinkState::Alone {
            return;
        }
        let mut beats = interval(BEAT);
        beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut looks = interval(TICK / 4);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut gaps = self.bus.gaps();
        let (mut stopping, mut has_gap) = (false, false);
        loop {
            // Also when a new node appears: this node may be told to stop in the next moment.
            self.lifecycle.set_others_serve(self.nodes.others_serve());
            let is_beat = tokio::select! {
                () = stop.cancelled() => return,
                _ = looks.tick() => {
                    self.nodes.check();
                    // Gaps in quick succession count as one.
                    if std::mem::take(&mut has_gap) {
                        self.hub.invalidate_presence();
                    }
                    continue;
                }
                Ok(()) = gaps.changed() => {
                    has_gap = true;
                    continue;
                }
                _ = beats.tick() => true,
                () = self.nodes.newcomer.notified() => false,
                () = self.lifecycle.stopping(), if !stopping => {
                    stopping = true;
                    false
                }
            };
            self.bus.send_lease(&self.lease(is_beat));
        }
    }
}
