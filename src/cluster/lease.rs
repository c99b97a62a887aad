//! A node's lease, which it renews regularly: as long as it does, its people are present.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::ChannelId;

/// A node's lease, renewed with every beat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// Increases with each.
    pub beat: u64,
    /// The node.
    pub about: About,
    /// The positions of recently changed channels: otherwise a lost message without a successor
    /// would be missed.
    #[serde(default)]
    pub heads: Vec<(ChannelId, u64)>,
    /// The numbers of recent presence updates.
    #[serde(default)]
    pub presence: Vec<(ChannelId, u64)>,
    /// The numbers of recent totals.
    #[serde(default)]
    pub totals: Vec<(ChannelId, u64)>,
}

/// A node as it describes itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct About {
    /// The machine's name.
    pub name: String,
    /// Where it listens.
    pub address: String,
    /// The program's version.
    pub version: String,
    /// The public URL; the same for all nodes.
    pub public_url: String,
    /// When it started serving.
    pub started: Timestamp,
    /// Whether it is draining.
    pub stopping: bool,
    /// How many sockets are open.
    pub connections: usize,
    /// How many channels it has in memory.
    pub channels: usize,
    /// How many topics it is subscribed to.
    pub topics: usize,
    /// How long its last lease took to come back to it.
    pub lag_milliseconds: Option<u64>,
}
