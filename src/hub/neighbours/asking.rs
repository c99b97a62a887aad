//! Asking other nodes who of theirs is where, when a channel opens and where something is missing,
//! and answering what they ask.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::words::{Answer, Ask, BATCH_SIZE, Whole, Word};
use crate::hub::Hub;
use crate::hub::channel::Channel;
use crate::hub::presence::OwnPeople;
use crate::id::{ChannelId, NodeId};

/// How long the first who joins a channel waits for the other nodes' people. What comes later is
/// told with a tick.
const TIMEOUT: Duration = Duration::from_millis(100);
/// About how many channels other nodes are asked in a tick; about the rest with the next.
const ASKED: usize = 8 * BATCH_SIZE;
/// About how many people a question is answered; what is left out is asked again.
const ANSWERED: usize = 20_000;

impl Hub {
    /// Asks the other nodes who of theirs is in a channel that opens. Done when they have
    /// answered, or do not answer in time.
    pub(in crate::hub) fn ask_on_opening(
        &self,
        channel: &Arc<Channel>,
    ) -> impl Future<Output = ()> + use<> {
        let nodes = self.neighbours.nodes();
        if !nodes.is_empty() {
            self.neighbours.opening.lock().push(channel.id);
            self.neighbours.opens.notify_one();
        }
        let patience = Instant::now() + TIMEOUT;
        let channel = Arc::clone(channel);
        async move {
            // Who does not answer in time is told about with a tick.
            let _ = timeout_at(patience, channel.others_answered(&nodes)).await;
            channel.state.lock().presence.settle();
        }
    }

    /// Asks about the channels that have been opened.
    pub(in crate::hub) fn ask_about_opened(&self) {
        let opened = std::mem::take(&mut *self.neighbours.opening.lock());
        self.ask(opened);
    }

    /// Asks about the channels where something is missing.
    pub(in crate::hub) fn ask_again(&self) {
        self.ask_about_opened();
        let mut asking = self.neighbours.asking.lock();
        let some: Vec<ChannelId> = asking.iter().take(ASKED).copied().collect();
        for channel in &some {
            asking.remove(channel);
        }
        drop(asking);
        self.ask(some);
    }

    /// Asks every node what is missing of it, and will ask again until nothing is.
    fn ask(&self, channels: Vec<ChannelId>) {
        let Some(voice) = self.neighbours.voice.get() else { return };
        let nodes = self.neighbours.nodes();
        let mut questions: HashMap<NodeId, Vec<(ChannelId, u64)>> = HashMap::new();
        let mut behind = Vec::new();
        for id in channels {
            let Some(channel) = self.open_channel(id) else { continue };
            let mut state = channel.state.lock();
            let elsewhere = state.presence.elsewhere();
            for (node, known) in elsewhere.questions(&nodes) {
                questions.entry(node).or_default().push((id, known));
            }
            if elsewhere.is_behind(&nodes) {
                behind.push(id);
            }
        }
        self.neighbours.asking.lock().extend(behind);
        for (node, channels) in questions {
            for some in channels.chunks(BATCH_SIZE) {
                voice.say_to(node, Word::Ask(Ask { channels: some.to_vec() }));
            }
        }
    }

    /// Tells a node what it has asked.
    pub(super) fn answer(&self, node: NodeId, ask: Ask) {
        let Some(voice) = self.neighbours.voice.get() else { return };
        // Before it is looked: what comes after has a higher one, and may be heard twice.
        let number = self.neighbours.number();
        let mut answer = Answer { number, ..Answer::default() };
        let mut answered = 0;
        for (channel, known) in ask.channels.into_iter().take(BATCH_SIZE) {
            if answered >= ANSWERED {
                break;
            }
            let own = self.open_channel(channel).map(|open| {
                let state = open.state.lock();
                state.presence.own_people(known)
            });
            match own {
                Some(OwnPeople::Same) => answer.same.push(channel),
                Some(OwnPeople::These(people)) if !people.is_empty() => {
                    answered += people.len();
                    let parts = people.len().div_ceil(BATCH_SIZE);
                    for (part, people) in people.chunks(BATCH_SIZE).enumerate() {
                        let people = people.to_vec();
                        let whole = Whole { channel, number, part, parts, people };
                        voice.say_to(node, Word::Whole(whole));
                    }
                }
                _ => answer.nobody.push(channel),
            }
        }
        voice.say_to(node, Word::Answer(answer));
    }
}

impl Channel {
    /// Waits until each of these nodes has said who of its people is there.
    async fn others_answered(&self, nodes: &[NodeId]) {
        loop {
            let mut changed = std::pin::pin!(self.answered.notified());
            changed.as_mut().enable();
            if !self.state.lock().presence.elsewhere().is_behind(nodes) {
                return;
            }
            changed.await;
        }
    }
}
