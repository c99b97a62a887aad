//! The topics of messages between nodes.

use std::fmt;
use std::str::FromStr;

use crate::id::{ChannelId, EventId, NodeId};

/// The topic of a message between nodes; only its subscribers get it.
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

/// A text that is not a topic.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("it names no topic of this version")]
pub struct UnknownTopic;

impl FromStr for Topic {
    type Err = UnknownTopic;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        fn id<T: FromStr>(text: &str) -> Result<T, UnknownTopic> {
            text.parse().map_err(|_| UnknownTopic)
        }
        match text.split_once(':') {
            None if text == "all" => Ok(Self::All),
            Some(("event", event)) => id(event).map(Self::Event),
            Some(("channel", channel)) => id(channel).map(Self::Channel),
            Some(("node", node)) => id(node).map(Self::Node),
            _ => Err(UnknownTopic),
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_topic_is_read_as_it_is_written() {
        let id = Uuid::from_u128(7);
        for topic in [
            Topic::All,
            Topic::Event(EventId(id)),
            Topic::Channel(ChannelId(id)),
            Topic::Node(NodeId(id)),
        ] {
            assert_eq!(topic.to_string().parse(), Ok(topic));
        }
    }

    #[test]
    fn what_is_no_topic_is_none() {
        let id = Uuid::from_u128(7);
        for text in ["", "All", "all:", "event", "event:", "event:7", &format!("person:{id}")] {
            assert_eq!(text.parse::<Topic>(), Err(UnknownTopic), "{text}");
        }
    }
}
