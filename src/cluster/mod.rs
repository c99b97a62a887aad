//! The nodes that serve a conference together: the leases by which they know of each other, and
//! what follows when one comes or goes. Nothing of it is kept anywhere but in memory.
//!
//! Each node announces itself every 1.5 seconds. One that has not been heard for 6 seconds is lost;
//! a graceful stop says goodbye. Time is taken from each node's own steady clock, and only while
//! the node hears its own leases come back: one that is cut off, or was frozen for a while, does
//! not take the others for gone before a minute. Leases also carry the numbers of channels that
//! have just changed: a lost message is revealed by the gap before the next, a lost last one by a
//! lease within five seconds.

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

pub use heads::keep_heads;
pub use lease::{About, Lease};
pub use lists::{Lists, disagreements};
pub use nodes::Nodes;
use nodes::TICK;
use peers::BEAT;
pub use peers::State;
pub use view::{NodeView, View, WayView};

use crate::bus::{Bus, Way};
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
    /// Where this node listens, and since when.
    serving: OnceLock<(SocketAddr, Timestamp)>,
    beat: AtomicU64,
}

impl Cluster {
    /// A node of this hub and this bus, by which `nodes` hears of the others. `public_url` is the
    /// address that browsers know.
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

    /// What is known of the other nodes.
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

    /// A lease that tells numbers again, or one between the beats.
    fn lease(&self, is_beat: bool) -> Lease {
        let beat = self.beat.fetch_add(1, Ordering::Relaxed) + 1;
        self.nodes.tells(beat);
        let [heads, presence, totals] =
            if is_beat { self.bus.retell() } else { Default::default() };
        Lease { beat, about: self.about(), heads, presence, totals }
    }

    /// Renews this node's lease, and heeds those of others, until it is told to stop. `address` is
    /// where it serves, `since` the time at which it began.
    pub async fn run(
        self: Arc<Self>,
        address: SocketAddr,
        since: Timestamp,
        stop: CancellationToken,
    ) {
        // Another address changes nothing.
        let _ = self.serving.set((address, since));
        if self.bus.way() == Way::Alone {
            return;
        }
        let mut beats = interval(BEAT);
        beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut looks = interval(TICK / 4);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut gaps = self.bus.gaps();
        let (mut stopping, mut has_gap) = (false, false);
        loop {
            // Also when a newcomer is heard: this node may be told to stop in the next moment.
            self.lifecycle.set_others_serve(self.nodes.others_serve());
            let is_beat = tokio::select! {
                () = stop.cancelled() => return,
                _ = looks.tick() => {
                    self.nodes.check();
                    // Many gaps in a moment are one.
                    if std::mem::take(&mut has_gap) {
                        self.hub.doubt_presence();
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
