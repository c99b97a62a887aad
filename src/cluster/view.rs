//! The nodes as shown to operators.

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::Cluster;
use super::lease::About;
use super::peers::State;
use crate::bus::LinkState;
use crate::id::NodeId;

/// All nodes, as one of them knows them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct View {
    /// The state of the link to the others.
    pub way: WayView,
    /// The nodes: this one, then the others by their addresses.
    pub nodes: Vec<NodeView>,
    /// Disagreements, a sentence each.
    pub warnings: Vec<String>,
}

/// The state of the link to other nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WayView {
    /// There are none.
    Alone,
    /// Connected.
    Open,
    /// Disconnected.
    Lost {
        /// For how many seconds.
        seconds: u64,
    },
}

/// A node.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NodeView {
    /// New with each start.
    pub node: NodeId,
    /// Whether it is the one that answers.
    pub this: bool,
    /// Its state.
    pub state: State,
    /// How many seconds ago its lease was renewed; omitted for the one that answers.
    pub lease_age_seconds: Option<f64>,
    /// Its description of itself.
    #[serde(flatten)]
    pub about: About,
}

impl View {
    /// This node's view.
    pub fn of(cluster: &Cluster) -> Self {
        let now = Instant::now();
        let way = match cluster.bus.link_state() {
            LinkState::Alone => WayView::Alone,
            LinkState::Open => WayView::Open,
            LinkState::Lost(since) => WayView::Lost { seconds: (now - since).as_secs() },
        };
        let about = cluster.about();
        let state = if about.stopping { State::Stopping } else { State::Serving };
        let node = cluster.bus.node();
        let mut nodes = vec![NodeView { node, this: true, state, lease_age_seconds: None, about }];
        let peers = cluster.nodes.peers.lock();
        nodes.extend(peers.all().map(|(node, peer)| NodeView {
            node: *node,
            this: false,
            state: peer.state,
            lease_age_seconds: Some((now - peer.heard).as_secs_f64()),
            about: peer.about.clone(),
        }));
        drop(peers);
        nodes[1..].sort_by(|one, other| {
            (&one.about.name, &one.about.address).cmp(&(&other.about.name, &other.about.address))
        });
        Self { way, warnings: warnings(&nodes), nodes }
    }
}

/// Compares settings that all nodes must share.
fn warnings(nodes: &[NodeView]) -> Vec<String> {
    let there = |node: &&NodeView| matches!(node.state, State::Serving | State::Stopping);
    let Some((this, others)) = nodes.split_first() else { return Vec::new() };
    let differs = |other: &&NodeView| other.about.public_url != this.about.public_url;
    let sentence = |other: &NodeView| {
        let About { name, address, public_url, .. } = &other.about;
        let own = &this.about.public_url;
        format!("{name} ({address}) has another --public-url: {public_url}, not {own}")
    };
    others.iter().filter(there).filter(differs).map(sentence).collect()
}
