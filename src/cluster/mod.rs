//! The nodes that serve a conference together: the leases by which they know of each other, and
//! what follows when one comes or goes, or may have missed something. Nothing of it is kept anywhere
//! but in memory.

mod control;
mod gaps;
mod heads;
mod lease;
mod peers;
mod retold;
mod view;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use metrics::gauge;
use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

pub use control::heed;
pub use gaps::look_again;
pub use heads::keep_heads;
pub use lease::{About, Lease};
pub use peers::State;
use peers::{BEAT, Peers, Renewal};
pub(crate) use retold::Retold;
pub use view::{NodeView, View, WayView};

use crate::app::App;
use crate::bus::Way;
use crate::clock::Timestamp;
use crate::hub::Hub;
use crate::id::NodeId;
use crate::machine;
use crate::metrics::{LEASE_AGE_SECONDS, PEERS};

/// How often it is looked who is gone: the grace of their people is counted from their last lease,
/// and ends with a tick.
const TICK: Duration = Duration::from_secs(1);

/// What a node knows of the others.
#[derive(Debug)]
pub struct Cluster {
    peers: Mutex<Peers>,
    /// Heads of channels, for the next leases.
    pub(crate) heads: Retold,
    /// Numbers of presence, for the next leases.
    pub(crate) presence: Retold,
    /// Where this node listens, and since when.
    serving: OnceLock<(SocketAddr, Timestamp)>,
    beat: AtomicU64,
    sent: Mutex<Option<(u64, Instant)>>,
    lag: Mutex<Option<Duration>>,
    newcomer: Notify,
}

impl Default for Cluster {
    fn default() -> Self {
        Self {
            peers: Mutex::new(Peers::new(Instant::now())),
            heads: Retold::default(),
            presence: Retold::default(),
            serving: OnceLock::new(),
            beat: AtomicU64::new(0),
            sent: Mutex::default(),
            lag: Mutex::default(),
            newcomer: Notify::new(),
        }
    }
}

impl Cluster {
    /// Whether other nodes serve that are not stopping.
    pub fn others_serve(&self) -> bool {
        self.peers.lock().there().any(|peer| peer.state == State::Serving)
    }

    /// How many other nodes are there.
    pub fn others(&self) -> usize {
        self.peers.lock().there().count()
    }

    /// Sets what is measured of the others.
    #[expect(clippy::cast_precision_loss, reason = "nodes are few")]
    pub fn measure(&self) {
        let (peers, now) = (self.peers.lock(), Instant::now());
        gauge!(PEERS).set(peers.there().count() as f64);
        let ages = peers.there().map(|peer| now - peer.heard);
        gauge!(LEASE_AGE_SECONDS).set(ages.max().unwrap_or_default().as_secs_f64());
    }

    /// Another node is there.
    pub(crate) fn hear_lease(&self, hub: &Arc<Hub>, node: NodeId, lease: Lease) {
        let Lease { beat, about, heads, presence } = lease;
        let name = format!("{} ({})", about.name, about.address);
        let mut peers = self.peers.lock();
        match peers.hear_lease(node, beat, about, Instant::now()) {
            Renewal::Late => return,
            Renewal::Again => {}
            Renewal::New => {
                tracing::info!(%node, name, "another node is there");
                // Under the lock, so that coming and going stay in order.
                hub.node_came(node);
                // It is told of this one.
                self.newcomer.notify_one();
            }
        }
        drop(peers);
        for (channel, head) in heads {
            hub.hear_of_head(channel, head);
        }
        for (channel, number) in presence {
            hub.hear_presence_number(node, channel, number);
        }
    }

    /// Another node has stopped in good order.
    pub(crate) fn hear_bye(&self, hub: &Hub, node: NodeId) {
        let mut peers = self.peers.lock();
        if peers.hear_bye(node) {
            tracing::info!(%node, "another node has stopped");
            hub.node_lost(node, Duration::ZERO);
        }
    }

    /// This node has heard its own lease.
    pub(crate) fn hear_echo(&self, lease: &Lease) {
        let now = Instant::now();
        self.peers.lock().hear_echo(now);
        let sent = *self.sent.lock();
        if let Some((_, at)) = sent.filter(|(beat, _)| *beat == lease.beat) {
            *self.lag.lock() = Some(now - at);
        }
    }

    fn check(&self, hub: &Hub) {
        let mut peers = self.peers.lock();
        for (node, silent) in peers.check(Instant::now()) {
            tracing::warn!(%node, ?silent, "another node is lost: its lease was not renewed");
            hub.node_lost(node, silent + TICK);
        }
    }

    /// A lease that tells numbers again, or one between the beats.
    fn lease(&self, app: &App, is_beat: bool) -> Lease {
        let beat = self.beat.fetch_add(1, Ordering::Relaxed) + 1;
        *self.sent.lock() = Some((beat, Instant::now()));
        let next = |retold: &Retold| if is_beat { retold.next() } else { Vec::new() };
        let (heads, presence) = (next(&self.heads), next(&self.presence));
        Lease { beat, about: about(app), heads, presence }
    }
}

/// This node.
fn about(app: &App) -> About {
    let cluster = app.bus.cluster();
    let serving = cluster.serving.get();
    let lag = *cluster.lag.lock();
    About {
        name: machine::name(),
        address: serving.map(|(address, _)| address.to_string()).unwrap_or_default(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        public_url: app.settings.public_url.clone(),
        started: serving.map(|(_, started)| *started).unwrap_or_default(),
        stopping: app.lifecycle.is_stopping(),
        connections: app.hub.connections(),
        channels: app.hub.open_channels(),
        topics: app.bus.topics(),
        lag_milliseconds: lag.map(|lag| u64::try_from(lag.as_millis()).unwrap_or(u64::MAX)),
    }
}

/// Renews this node's lease, and heeds those of others, until it is told to stop. `address` is where
/// it serves.
pub async fn run(app: Arc<App>, address: SocketAddr, stop: CancellationToken) {
    let cluster = app.bus.cluster();
    // Another address changes nothing.
    let _ = cluster.serving.set((address, app.clock.now()));
    if app.bus.way() == Way::Alone {
        return;
    }
    let mut beats = interval(BEAT);
    beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut looks = interval(TICK / 4);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut gaps = app.bus.gaps();
    let (mut stopping, mut has_gap) = (false, false);
    loop {
        // Also when a newcomer is heard: this node may be told to stop in the next moment.
        app.lifecycle.set_others_serve(cluster.others_serve());
        let is_beat = tokio::select! {
            () = stop.cancelled() => return,
            _ = looks.tick() => {
                cluster.check(&app.hub);
                // Many gaps in a moment are one.
                if std::mem::take(&mut has_gap) {
                    app.hub.doubt_presence();
                }
                continue;
            }
            Ok(()) = gaps.changed() => {
                has_gap = true;
                continue;
            }
            _ = beats.tick() => true,
            () = cluster.newcomer.notified() => false,
            () = app.lifecycle.stopping(), if !stopping => {
                stopping = true;
                false
            }
        };
        app.bus.tell_lease(cluster.lease(&app, is_beat));
    }
}
