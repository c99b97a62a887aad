//! A faulty in-process network of nodes, for tests: messages arrive late, twice, in another order
//! or not at all, according to a seed, and nodes can be cut off.
//!
//! Not used by hubs. It is public, and not a `#[cfg(test)]` module, because the tests of whole hubs
//! in `tests/` are a separate crate and connect theirs with it ([`Link::with`](super::Link::with)),
//! like the random plans within this crate.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt as _};
use parking_lot::Mutex;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use tokio::time::sleep;

use super::inbox::Inbox;
use super::topic::Topic;
use super::transport::Transport;

/// The rates of faults, per thousand messages to a node.
#[derive(Clone, Copy, Debug, Default)]
pub struct Faults {
    /// Never arrive, without an error.
    pub lost: u32,
    /// Arrive twice.
    pub doubled: u32,
    /// Arrive late, after others.
    pub late: u32,
    /// The maximum delay.
    pub delay: Duration,
}

#[derive(Debug)]
struct Node {
    inbox: Inbox,
    topics: HashSet<Topic>,
    cut: bool,
    missed: HashMap<Topic, u64>,
}

#[derive(Debug)]
struct State {
    random: StdRng,
    faults: Faults,
    /// In order, so that the same seed reproduces the same run.
    nodes: BTreeMap<usize, Node>,
    next: usize,
}

/// The network.
#[derive(Clone, Debug)]
pub struct Network(Arc<Mutex<State>>);

/// One node's transport.
#[derive(Debug)]
pub struct Faulty {
    network: Network,
    node: usize,
}

impl Network {
    /// A network without faults; later faults follow from the seed.
    pub fn new(seed: u64) -> Self {
        let random = StdRng::seed_from_u64(seed);
        let (faults, nodes) = (Faults::default(), BTreeMap::new());
        Self(Arc::new(Mutex::new(State { random, faults, nodes, next: 0 })))
    }

    /// Sets the rates of faults from now on.
    pub fn set_faults(&self, faults: Faults) {
        self.0.lock().faults = faults;
    }

    /// Adds a node, which receives in this inbox until its transport is dropped.
    pub fn join(&self, inbox: Inbox) -> Arc<Faulty> {
        let mut state = self.0.lock();
        let node = state.next;
        state.next += 1;
        inbox.opened();
        state.nodes.insert(
            node,
            Node { inbox, topics: HashSet::new(), cut: false, missed: HashMap::new() },
        );
        drop(state);
        Arc::new(Faulty { network: self.clone(), node })
    }
}

impl Faulty {
    /// Cuts off the node, which notices.
    pub fn cut(&self) {
        if let Some(node) = self.network.0.lock().nodes.get_mut(&self.node) {
            node.cut = true;
            node.inbox.lost();
        }
    }

    /// How many messages of this topic did not arrive here because of a fault, including late ones.
    pub fn missed(&self, topic: Topic) -> u64 {
        let state = self.network.0.lock();
        let node = state.nodes.get(&self.node);
        node.and_then(|node| node.missed.get(&topic)).copied().unwrap_or(0)
    }

    /// Reconnects it.
    pub fn mend(&self) {
        if let Some(node) = self.network.0.lock().nodes.get_mut(&self.node) {
            node.cut = false;
            node.inbox.opened();
        }
    }
}

impl Transport for Faulty {
    fn publish(&self, topic: Topic, message: Arc<str>) {
        let mut state = self.network.0.lock();
        let state = &mut *state;
        if state.nodes.get(&self.node).is_none_or(|node| node.cut) {
            return;
        }
        let Faults { lost, doubled, late, delay } = state.faults;
        for (number, node) in &mut state.nodes {
            if node.cut || !node.topics.contains(&topic) {
                continue;
            }
            let dice = state.random.random_range(0..1_000);
            let is_late = (lost + doubled..lost + doubled + late).contains(&dice);
            // A node drops its own messages anyway.
            if *number != self.node && (dice < lost || is_late) {
                *node.missed.entry(topic).or_default() += 1;
            }
            if dice < lost {
                continue;
            }
            if dice < lost + doubled {
                node.inbox.put(topic, message.to_string());
            }
            if is_late {
                let (inbox, message) = (node.inbox.clone(), message.to_string());
                let wait = state.random.random_range(Duration::ZERO..=delay);
                tokio::spawn(async move {
                    sleep(wait).await;
                    inbox.put(topic, message);
                });
            } else {
                node.inbox.put(topic, message.to_string());
            }
        }
    }

    fn subscribe(&self, topics: Vec<Topic>) -> BoxFuture<'static, ()> {
        if let Some(node) = self.network.0.lock().nodes.get_mut(&self.node) {
            node.topics.extend(topics);
        }
        std::future::ready(()).boxed()
    }

    fn unsubscribe(&self, topics: &[Topic]) {
        if let Some(node) = self.network.0.lock().nodes.get_mut(&self.node) {
            node.topics.retain(|topic| !topics.contains(topic));
        }
    }
}

impl Drop for Faulty {
    fn drop(&mut self) {
        self.network.0.lock().nodes.remove(&self.node);
    }
}
