//! What a node says to others.

use std::sync::Arc;

use super::retold::Lately;
use super::topic::Topic;
use super::transport::Transport;
use super::wire::{Envelope, Message};
use crate::hub::{self, Word};
use crate::id::{ChannelId, NodeId};

#[derive(Clone, Debug)]
pub(super) struct Voice {
    pub(super) node: NodeId,
    pub(super) transport: Arc<dyn Transport>,
    pub(super) lately: Arc<Lately>,
}

impl Voice {
    pub(super) fn publish(&self, topic: Topic, message: Message) {
        if let Some(text) = (Envelope { node: self.node, message }).encode() {
            self.transport.publish(topic, text);
        }
    }
}

impl hub::Voice for Voice {
    fn say_in(&self, channel: ChannelId, word: Word) {
        match &word {
            Word::Edges(edges) => self.lately.presence.note(channel, edges.number),
            Word::Totals(totals) => self.lately.totals.note(channel, totals.number),
            _ => {}
        }
        self.publish(Topic::Channel(channel), Message::Presence(word));
    }

    fn say_to(&self, node: NodeId, word: Word) {
        self.publish(Topic::Node(node), Message::Presence(word));
    }
}
