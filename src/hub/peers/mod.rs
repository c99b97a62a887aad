//! The hubs of other nodes: exchanges presence and totals with them.

mod asking;
mod messages;

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::Notify;

pub(super) use messages::BATCH_SIZE;
pub use messages::{
    NodeTotals, NodeTyping, PeerMessage, PeerSender, PersonAppearance, PresenceAnswer,
    PresenceChanges, PresenceRequest, PresenceSnapshot,
};

use super::Hub;
use super::channel::{Channel, State};
use super::presence::Presence;
use crate::clock::Uptime;
use crate::id::{ChannelId, NodeId};

/// How many other nodes are considered.
const NODES: usize = 256;
/// How long questions about opening channels are collected.
const GATHERED: Duration = Duration::from_millis(10);

#[derive(Default)]
pub(super) struct Peers {
    sender: OnceLock<Arc<dyn PeerSender>>,
    nodes: Mutex<Arc<[NodeId]>>,
    numbers: AtomicU64,
    /// Opening channels, which are asked about at once.
    opening: Mutex<Vec<ChannelId>>,
    opens: Notify,
    /// Channels about which something may be missing.
    asking: Mutex<HashSet<ChannelId>>,
}

impl Peers {
    fn nodes(&self) -> Arc<[NodeId]> {
        Arc::clone(&self.nodes.lock())
    }

    pub(super) fn knows(&self, node: NodeId) -> bool {
        self.nodes.lock().contains(&node)
    }

    /// The next number of this node.
    pub(super) fn number(&self) -> u64 {
        self.numbers.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// The sender to the other nodes, if there are any.
    pub(super) fn sender(&self) -> Option<&Arc<dyn PeerSender>> {
        self.sender.get()
    }

    /// An empty channel's presence.
    pub(super) fn presence(&self) -> Presence {
        match self.sender.get() {
            Some(_) => Presence::shared(self.number()),
            None => Presence::default(),
        }
    }

    /// Waits until there are opening channels to ask about.
    pub(super) async fn opening(&self) {
        self.opens.notified().await;
        tokio::time::sleep(GATHERED).await;
    }
}

impl Hub {
    /// Adds the sender to other nodes. Call before the first connection.
    pub fn set_peer_sender(&self, sender: Arc<dyn PeerSender>) {
        // A second call has no effect.
        let _ = self.peers.sender.set(sender);
    }

    /// A node has appeared, or come back. It is asked about every open channel.
    pub fn node_came(&self, node: NodeId) {
        let mut nodes = self.peers.nodes.lock();
        if nodes.contains(&node) || nodes.len() >= NODES {
            return;
        }
        *nodes = nodes.iter().copied().chain([node]).collect();
        drop(nodes);
        self.ask_about_all();
    }

    /// A node is gone, and with it its people; this much of their grace has already passed.
    pub fn node_lost(&self, node: NodeId, ago: Duration) {
        let gone_at = self.clock.uptime().before(ago);
        let mut nodes = self.peers.nodes.lock();
        *nodes = nodes.iter().copied().filter(|known| *known != node).collect();
        drop(nodes);
        for channel in self.all_channels() {
            let mut state = channel.state.lock();
            state.presence.lose(node, gone_at);
            state.totals.lose(node);
            drop(state);
            self.ticks(channel.id);
        }
        self.ask_about_all();
    }

    /// Messages of other nodes may have been missed.
    pub fn invalidate_presence(&self) {
        for channel in self.all_channels() {
            let mut state = channel.state.lock();
            state.presence.elsewhere().invalidate();
            state.totals.invalidate();
        }
        self.ask_about_all();
    }

    /// The node has sent presence changes of the channel up to this number.
    pub fn receive_presence_number(&self, node: NodeId, channel: ChannelId, number: u64) {
        if self.peers.knows(node) {
            self.change_state(channel, |state| {
                state.presence.elsewhere().receive_number(node, number);
            });
        }
    }

    /// Handles a message of another node about its people. Those of an unknown or lost node are
    /// ignored: nobody would notice when they leave.
    pub fn receive_from_peer(&self, node: NodeId, word: PeerMessage) {
        let now = self.clock.uptime();
        match word {
            PeerMessage::Request(ask) => self.answer(node, ask),
            _ if !self.peers.knows(node) => {}
            PeerMessage::Changes(edges) => self.change_state(edges.channel, |state| {
                state.presence.receive_changes(node, edges, now);
            }),
            PeerMessage::Typing(there) => self.change_state(there.channel, |state| {
                state.typing.receive(node, there, now);
            }),
            PeerMessage::Snapshot(mut whole) => {
                let totals = self.known_totals(std::mem::take(&mut whole.totals));
                self.change_state(whole.channel, |state| {
                    if whole.part == 0 {
                        state.totals.receive(node, whole.number, totals);
                    }
                    state.presence.receive_snapshot(node, whole, now);
                });
            }
            PeerMessage::Answer(answer) => self.receive_answer(node, answer, now),
            PeerMessage::Totals(NodeTotals { channel, number, parts }) => {
                let parts = self.known_totals(parts);
                self.change_state(channel, |state| state.totals.receive(node, number, parts));
            }
        }
    }

    fn receive_answer(&self, node: NodeId, answer: PresenceAnswer, now: Uptime) {
        let PresenceAnswer { number, nobody, same, mut totals } = answer;
        let nobody = nobody.into_iter().map(|channel| (channel, true));
        for (channel, is_empty) in nobody.chain(same.into_iter().map(|channel| (channel, false))) {
            let totals = self.known_totals(totals.remove(&channel).unwrap_or_default());
            self.change_state(channel, |state| {
                state.totals.receive(node, number, totals);
                if is_empty {
                    state.presence.receive_nobody(node, number, now);
                } else {
                    state.presence.elsewhere().receive_unchanged(node);
                }
            });
        }
    }

    /// Sends changes of a channel to other nodes.
    pub(super) fn update_peers(&self, channel: &Channel, now: Uptime) {
        let Some(sender) = self.peers.sender.get() else { return };
        let number = || self.peers.number();
        let mut state = channel.state.lock();
        let edges = state.presence.edges(channel.id, number);
        let typing = state.typing.own(channel.id, now, number);
        drop(state);
        for edges in edges {
            sender.send_to_channel(channel.id, PeerMessage::Changes(edges));
        }
        if let Some(typing) = typing {
            sender.send_to_channel(channel.id, PeerMessage::Typing(typing));
        }
    }

    fn all_channels(&self) -> Vec<Arc<Channel>> {
        self.channels.iter().map(|channel| Arc::clone(&channel)).collect()
    }

    fn ask_about_all(&self) {
        let all = self.channels.iter().map(|channel| *channel.key());
        self.peers.asking.lock().extend(all.collect::<Vec<_>>());
    }

    pub(super) fn change_state(&self, id: ChannelId, change: impl FnOnce(&mut State)) {
        let Some(channel) = self.open_channel(id) else { return };
        let nodes = self.peers.nodes();
        let mut state = channel.state.lock();
        change(&mut state);
        let is_behind = state.is_behind(&nodes);
        drop(state);
        channel.answered.notify_waiters();
        self.ticks(id);
        if is_behind {
            self.peers.asking.lock().insert(id);
        }
    }
}
