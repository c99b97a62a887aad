//! Sends a node's messages to others.

use std::sync::Arc;

use super::repeated::RecentNumbers;
use super::topic::Topic;
use super::transport::Transport;
use super::wire::{Envelope, Message};
use crate::hub::{PeerMessage, PeerSender};
use crate::id::{ChannelId, NodeId};

#[derive(Clone, Debug)]
pub(super) struct Sender {
    pub(super) node: NodeId,
    pub(super) transport: Arc<dyn Transport>,
    pub(super) recent: Arc<RecentNumbers>,
}

impl Sender {
    pub(super) fn publish(&self, topic: Topic, message: Message) {
        if let Some(text) = (Envelope { node: self.node, message }).encode() {
            self.transport.publish(topic, text);
        }
    }
}

impl PeerSender for Sender {
    fn send_to_channel(&self, channel: ChannelId, word: PeerMessage) {
        match &word {
            PeerMessage::Changes(edges) => self.recent.presence.note(channel, edges.number),
            PeerMessage::Totals(totals) => self.recent.totals.note(channel, totals.number),
            _ => {}
        }
        self.publish(Topic::Channel(channel), Message::Presence(word));
    }

    fn send_to_node(&self, node: NodeId, word: PeerMessage) {
        self.publish(Topic::Node(node), Message::Presence(word));
    }
}
