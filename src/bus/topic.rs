//! What nodes listen to.

use std::fmt;

use crate::id::{ChannelId, EventId, NodeId};

/// What a message between nodes is about; only those who listen to it get it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Topic {
    /// Every node.
    All,
    /// Nodes with connections of this event.
    Event(EventId),
    /// Nodes that have this channel in memory.
    Channel(ChannelId),
    /// One node.
    Node(NodeId),
}

impl fmt::Display for Topic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => formatter.write_str("all"),
            Self::Event(event) => write!(formatter, "event:{event}"),
            Self::Channel(channel) => write!(formatter, "channel:{channel}"),
            Self::Node(node) => write!(formatter, "node:{node}"),
        }
    }
}
