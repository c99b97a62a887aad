//! Asking other nodes about their people, when a channel opens or something is missing, and
//! answering their questions.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::messages::{
    BATCH_SIZE, PeerMessage, PersonAppearance, PresenceAnswer, PresenceRequest, PresenceSnapshot,
};
use crate::hub::channel::{Channel, State};
use crate::hub::presence::OwnPeople;
use crate::hub::{Hub, TotalParts};
use crate::id::{ChannelId, NodeId};

/// How long the first join of a channel waits for the other nodes' people. Later answers are sent
/// with a tick.
const TIMEOUT: Duration = Duration::from_millis(100);
/// How many channels other nodes are asked about in a tick; the rest with the next.
const ASKED: usize = 8 * BATCH_SIZE;
/// Approximately how many bytes of totals one answer contains; the rest is asked for again.
const ANSWERED_BYTES: usize = 256 * 1024;
/// How many people one question is answered about; the rest is asked for again.
const ANSWERED: usize = 20_000;

impl Hub {
    /// Asks the other nodes for their people in a channel that opens. Done when they have answered,
    /// or after a timeout.
    pub(in crate::hub) fn ask_on_opening(
        &self,
        channel: &Arc<Channel>,
    ) -> impl Future<Output = ()> + use<> {
        let nodes = self.peers.nodes();
        if !nodes.is_empty() {
            self.peers.opening.lock().push(channel.id);
            self.peers.opens.notify_one();
        }
        let deadline = Instant::now() + TIMEOUT;
        let channel = Arc::clone(channel);
        async move {
            // Late answers are sent with a tick.
            let _ = timeout_at(deadline, channel.others_answered(&nodes)).await;
            channel.state.lock().presence.settle();
        }
    }

    /// Asks about the channels that have been opened.
    pub(in crate::hub) fn ask_about_opened(&self) {
        let opened = std::mem::take(&mut *self.peers.opening.lock());
        self.ask(opened);
    }

    /// Asks about the channels where something is missing.
    pub(in crate::hub) fn ask_again(&self) {
        self.ask_about_opened();
        let mut asking = self.peers.asking.lock();
        let some: Vec<ChannelId> = asking.iter().take(ASKED).copied().collect();
        for channel in &some {
            asking.remove(channel);
        }
        drop(asking);
        self.ask(some);
    }

    /// Asks every node for what is missing, again and again until nothing is.
    fn ask(&self, channels: Vec<ChannelId>) {
        let Some(sender) = self.peers.sender.get() else { return };
        let nodes = self.peers.nodes();
        let mut questions: HashMap<NodeId, Vec<(ChannelId, u64)>> = HashMap::new();
        let mut behind = Vec::new();
        for id in channels {
            let Some(channel) = self.open_channel(id) else { continue };
            let mut state = channel.state.lock();
            for (node, known) in state.questions(&nodes) {
                questions.entry(node).or_default().push((id, known));
            }
            if state.is_behind(&nodes) {
                behind.push(id);
            }
        }
        self.peers.asking.lock().extend(behind);
        for (node, channels) in questions {
            for some in channels.chunks(BATCH_SIZE) {
                sender.send_to_node(
                    node,
                    PeerMessage::Request(PresenceRequest { channels: some.to_vec() }),
                );
            }
        }
    }

    /// Answers a node's question.
    pub(super) fn answer(&self, node: NodeId, ask: PresenceRequest) {
        let Some(sender) = self.peers.sender.get() else { return };
        // Taken before looking: later changes have a higher number, and may be received twice.
        let number = self.peers.number();
        let mut answer = PresenceAnswer { number, ..PresenceAnswer::default() };
        let (mut answered, mut bytes) = (0, 0);
        for (channel, known) in ask.channels.into_iter().take(BATCH_SIZE) {
            if answered >= ANSWERED || bytes >= ANSWERED_BYTES {
                break;
            }
            let totals = self.totals_answer(channel);
            bytes += totals.bytes();
            let own = self.open_channel(channel).map(|open| {
                let state = open.state.lock();
                state.presence.own_people(known)
            });
            match own {
                Some(OwnPeople::These(people)) if !people.is_empty() => {
                    answered += people.len();
                    let whole = wholes(channel, number, &people, totals);
                    whole.for_each(|whole| sender.send_to_node(node, PeerMessage::Snapshot(whole)));
                    continue;
                }
                Some(OwnPeople::Same) => answer.same.push(channel),
                _ => answer.nobody.push(channel),
            }
            if !totals.is_empty() {
                answer.totals.insert(channel, totals);
            }
        }
        sender.send_to_node(node, PeerMessage::Answer(answer));
    }
}

/// Everyone who is there, in parts, with the totals in the first.
fn wholes(
    channel: ChannelId,
    number: u64,
    people: &[PersonAppearance],
    totals: TotalParts,
) -> impl Iterator<Item = PresenceSnapshot> {
    let parts = people.len().div_ceil(BATCH_SIZE);
    let mut totals = Some(totals);
    people.chunks(BATCH_SIZE).enumerate().map(move |(part, people)| {
        let (people, totals) = (people.to_vec(), totals.take().unwrap_or_default());
        PresenceSnapshot { channel, number, part, parts, people, totals }
    })
}

impl State {
    /// Whether something is missing from one of these nodes.
    pub(super) fn is_behind(&mut self, nodes: &[NodeId]) -> bool {
        self.presence.elsewhere().is_behind(nodes) || self.totals.behind(nodes).next().is_some()
    }

    /// Which of these nodes to ask, and what is known of each one's people.
    fn questions(&mut self, nodes: &[NodeId]) -> Vec<(NodeId, u64)> {
        let elsewhere = self.presence.elsewhere();
        let mut questions = elsewhere.questions(nodes);
        // The totals of a node whose people are missing arrive with them.
        let known = self.totals.behind(nodes).filter(|node| !elsewhere.is_behind(&[*node]));
        questions.extend(known.map(|node| (node, elsewhere.known(node))));
        questions
    }
}

impl Channel {
    /// Waits until each of these nodes has answered.
    async fn others_answered(&self, nodes: &[NodeId]) {
        loop {
            let mut changed = std::pin::pin!(self.answered.notified());
            changed.as_mut().enable();
            if !self.state.lock().is_behind(nodes) {
                return;
            }
            changed.await;
        }
    }
}
