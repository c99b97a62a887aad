//! What the hubs of several nodes say to each other about who is there. All of it may be lost,
//! doubled or come late: its numbers reveal it, and who misses something asks.
//!
//! A node's numbers grow over all its channels, so that a channel that is forgotten and opened
//! again goes on where it was.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::hub::{Appearance, TotalParts};
use crate::id::{ChannelId, NodeId, PersonId};

/// How many people, or channels, one word is about at most.
pub(in crate::hub) const BATCH_SIZE: usize = 500;

/// A person who is there, and how they appear.
pub type PersonAppearance = (PersonId, Arc<Appearance>);

/// What is said.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeerMessage {
    /// Who came to a node and who went.
    #[serde(rename = "edges")]
    Changes(PresenceChanges),
    /// Who is typing on a node.
    Typing(NodeTyping),
    /// Who is there?
    #[serde(rename = "ask")]
    Request(PresenceRequest),
    /// All who are there.
    #[serde(rename = "whole")]
    Snapshot(PresenceSnapshot),
    /// Where an answer is short.
    Answer(PresenceAnswer),
    /// The totals of a node.
    Totals(NodeTotals),
}

/// Whose first connection on a node came to a channel and whose last one went, in a tick.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PresenceChanges {
    /// The channel.
    pub channel: ChannelId,
    /// The number of the edges before; 0 when nobody of the node was there before.
    pub after: u64,
    /// The number of these.
    pub number: u64,
    /// Who is there now, or appears differently.
    pub came: Vec<PersonAppearance>,
    /// Who is not there any more.
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

/// Asks who of a node is in these channels.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PresenceRequest {
    /// With the number up to which that is known; 0 when nothing is.
    pub channels: Vec<(ChannelId, u64)>,
}

/// A part of all who are in a channel on a node.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PresenceSnapshot {
    /// The channel.
    pub channel: ChannelId,
    /// All edges up to this number are in it. Parts of one number belong together.
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

/// What a node has nothing more to say about.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct PresenceAnswer {
    /// All edges up to this number are considered.
    pub number: u64,
    /// Nobody of the node is there.
    pub nobody: Vec<ChannelId>,
    /// What the asker knows of the people is all.
    pub same: Vec<ChannelId>,
    /// The totals of those channels of the answer that have some.
    #[serde(default, skip_serializing_if = "HashMap::is_empty")]
    pub totals: HashMap<ChannelId, TotalParts>,
}

/// All that a node says of a channel's totals; the newest counts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NodeTotals {
    /// The channel.
    pub channel: ChannelId,
    /// Grows.
    pub number: u64,
    /// What it says.
    pub parts: TotalParts,
}

/// The way from a hub to those of other nodes; what is said may be lost.
pub trait PeerSender: Send + Sync {
    /// To the nodes that have this channel in memory.
    fn send_to_channel(&self, channel: ChannelId, word: PeerMessage);

    /// To one node.
    fn send_to_node(&self, node: NodeId, word: PeerMessage);
}
