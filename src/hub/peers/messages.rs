//! The messages between nodes' hubs about presence. Any of them may be lost, duplicated or late:
//! their numbers reveal that, and a node that misses something asks.
//!
//! A node's numbers grow over all its channels, so that a channel that is forgotten and opened
//! again goes on where it was.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::hub::{Appearance, TotalParts};
use crate::id::{ChannelId, NodeId, PersonId};

/// How many people, or channels, one message covers at most.
pub(in crate::hub) const BATCH_SIZE: usize = 500;

/// A person who is there, and how they appear.
pub type PersonAppearance = (PersonId, Arc<Appearance>);

/// A message.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeerMessage {
    /// Arrivals at and departures from a node.
    #[serde(rename = "edges")]
    Changes(PresenceChanges),
    /// Who is typing on a node.
    Typing(NodeTyping),
    /// A question about presence.
    #[serde(rename = "ask")]
    Request(PresenceRequest),
    /// Everyone who is there.
    #[serde(rename = "whole")]
    Snapshot(PresenceSnapshot),
    /// A short answer.
    Answer(PresenceAnswer),
    /// The totals of a node.
    Totals(NodeTotals),
}

/// Whose first connection on a node joined a channel and whose last one left, in a tick.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PresenceChanges {
    /// The channel.
    pub channel: ChannelId,
    /// The number of the previous edges; 0 if nobody of the node was there before.
    pub after: u64,
    /// The number of these.
    pub number: u64,
    /// Who is there now, or appears differently.
    pub came: Vec<PersonAppearance>,
    /// Who is no longer there.
    pub left: Vec<PersonId>,
}

/// Who is typing on a node; the newest counts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NodeTyping {
    /// The channel.
    pub channel: ChannelId,
    /// Grows.
    pub number: u64,
    /// The names of the first few.
    pub names: Vec<String>,
    /// How many more there are.
    pub more: usize,
}

/// Asks for a node's people in these channels.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PresenceRequest {
    /// With the number up to which they are known; 0 if nothing is known.
    pub channels: Vec<(ChannelId, u64)>,
}

/// A part of everyone who is in a channel on a node.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PresenceSnapshot {
    /// The channel.
    pub channel: ChannelId,
    /// Includes all edges up to this number. Parts with the same number belong together.
    pub number: u64,
    /// Which part this is, from 0.
    pub part: usize,
    /// How many there are.
    pub parts: usize,
    /// Who is there.
    pub people: Vec<PersonAppearance>,
    /// The totals, in the first part.
    #[serde(default, skip_serializing_if = "TotalParts::is_empty")]
    pub totals: TotalParts,
}

/// An answer without people.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct PresenceAnswer {
    /// Includes all edges up to this number.
    pub number: u64,
    /// Nobody of the node is there.
    pub nobody: Vec<ChannelId>,
    /// The asker already knows all its people.
    pub same: Vec<ChannelId>,
    /// The totals of those channels of the answer that have some.
    #[serde(default, skip_serializing_if = "HashMap::is_empty")]
    pub totals: HashMap<ChannelId, TotalParts>,
}

/// A node's totals of a channel; the newest counts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NodeTotals {
    /// The channel.
    pub channel: ChannelId,
    /// Grows.
    pub number: u64,
    /// The totals.
    pub parts: TotalParts,
}

/// Sends messages to the hubs of other nodes; they may be lost.
pub trait PeerSender: Send + Sync {
    /// To the nodes that have this channel in memory.
    fn send_to_channel(&self, channel: ChannelId, word: PeerMessage);

    /// To one node.
    fn send_to_node(&self, node: NodeId, word: PeerMessage);
}
