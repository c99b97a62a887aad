//! The other nodes, according to their leases on the bus.

use std::sync::Arc;
use std::time::Duration;

use metrics::gauge;
use parking_lot::Mutex;
use serde_json::value::RawValue;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::counted::{LEASE_AGE_SECONDS, PEERS};
use super::lease::Lease;
use super::peers::{Peers, Renewal, State};
use crate::bus::{Leases, pass_over};
use crate::hub::Hub;
use crate::id::NodeId;

/// How often expired leases are looked for: the grace of their people starts with the last lease,
/// and ends with a tick.
pub(super) const TICK: Duration = Duration::from_secs(1);

/// The known other nodes; notifies the hub of new and lost ones.
#[derive(Debug)]
pub struct Nodes {
    hub: Arc<Hub>,
    pub(super) peers: Mutex<Peers>,
    /// The last lease of this node itself.
    sent: Mutex<Option<(u64, Instant)>>,
    /// How long it took to come back.
    lag: Mutex<Option<Duration>>,
    pub(super) newcomer: Notify,
}

impl Nodes {
    /// No others are known yet.
    pub fn new(hub: &Arc<Hub>) -> Arc<Self> {
        Arc::new(Self {
            hub: Arc::clone(hub),
            peers: Mutex::new(Peers::new(Instant::now())),
            sent: Mutex::default(),
            lag: Mutex::default(),
            newcomer: Notify::new(),
        })
    }

    /// Whether other nodes serve that are not stopping.
    pub fn others_serve(&self) -> bool {
        self.peers.lock().there().any(|peer| peer.state == State::Serving)
    }

    /// How many other nodes are there.
    pub fn others(&self) -> usize {
        self.peers.lock().there().count()
    }

    /// Sets the metrics of the others.
    #[expect(clippy::cast_precision_loss, reason = "nodes are few")]
    pub fn measure(&self) {
        let (peers, now) = (self.peers.lock(), Instant::now());
        gauge!(PEERS).set(peers.there().count() as f64);
        let ages = peers.there().map(|peer| now - peer.heard);
        gauge!(LEASE_AGE_SECONDS).set(ages.max().unwrap_or_default().as_secs_f64());
    }

    /// This node sends its own lease now.
    pub(super) fn tells(&self, beat: u64) {
        *self.sent.lock() = Some((beat, Instant::now()));
    }

    /// How long this node's last lease took to come back to it.
    pub(super) fn lag(&self) -> Option<Duration> {
        *self.lag.lock()
    }

    /// Finds expired leases.
    pub(super) fn check(&self) {
        let mut peers = self.peers.lock();
        for (node, silent) in peers.check(Instant::now()) {
            tracing::warn!(%node, ?silent, "another node is lost: its lease was not renewed");
            self.hub.node_lost(node, silent + TICK);
        }
    }

    fn renew(&self, node: NodeId, lease: Lease) {
        let Lease { beat, about, heads, presence, totals } = lease;
        let name = format!("{} ({})", about.name, about.address);
        let mut peers = self.peers.lock();
        match peers.receive_lease(node, beat, about, Instant::now()) {
            Renewal::Late => return,
            Renewal::Again => {}
            Renewal::New => {
                tracing::info!(%node, name, "another node is there");
                // Under the lock, to keep arrivals and departures in order.
                self.hub.node_came(node);
                // The new node is told about this one.
                self.newcomer.notify_one();
            }
        }
        drop(peers);
        for (channel, head) in heads {
            self.hub.receive_head(channel, head);
        }
        for (channel, number) in presence {
            self.hub.receive_presence_number(node, channel, number);
        }
        for (channel, number) in totals {
            self.hub.receive_totals_number(node, channel, number);
        }
    }
}

impl Leases for Nodes {
    fn receive_lease(&self, node: NodeId, lease: &RawValue) {
        match serde_json::from_str(lease.get()) {
            Ok(lease) => self.renew(node, lease),
            Err(error) => pass_over(&error, "a lease"),
        }
    }

    fn receive_goodbye(&self, node: NodeId) {
        let mut peers = self.peers.lock();
        if peers.receive_goodbye(node) {
            tracing::info!(%node, "another node has stopped");
            self.hub.node_lost(node, Duration::ZERO);
        }
    }

    fn receive_echo(&self, lease: &RawValue) {
        let Ok(Lease { beat, .. }) = serde_json::from_str(lease.get()) else { return };
        let now = Instant::now();
        self.peers.lock().receive_echo(now);
        let sent = *self.sent.lock();
        if let Some((_, at)) = sent.filter(|(told, _)| *told == beat) {
            *self.lag.lock() = Some(now - at);
        }
    }
}
