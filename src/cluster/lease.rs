//! What a node says of itself, again and again: as long as it does, its people are there.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::ChannelId;

/// A node's lease, renewed with every beat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// Grows with each.
    pub beat: u64,
    /// The node.
    pub about: About,
    /// The numbers of the last changes of channels in which something was committed lately: what
    /// got lost on the way is missed by nobody where nothing follows it.
    #[serde(default)]
    pub heads: Vec<(ChannelId, u64)>,
    /// The numbers of what was told lately of people who came and went.
    #[serde(default)]
    pub presence: Vec<(ChannelId, u64)>,
    /// The numbers of what was told lately of totals.
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
    /// The address as browsers know it; the same for all nodes.
    pub public_url: String,
    /// When it began to serve.
    pub started: Timestamp,
    /// Whether it sends its people away.
    pub stopping: bool,
    /// How many sockets are open.
    pub connections: usize,
    /// How many channels it has in memory.
    pub channels: usize,
    /// How many topics it listens to.
    pub topics: usize,
    /// How long its last lease took to come back to it.
    pub lag_milliseconds: Option<u64>,
}
