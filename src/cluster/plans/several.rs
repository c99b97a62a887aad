//! Several hubs on one log, joined by a network that loses, doubles and delays, and that cuts off
//! nodes.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use parking_lot::Mutex;
use proptest::prelude::*;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

use super::node::Node;
use crate::bus::faulty::{Faults, Network};
use crate::hub::plans::client::Client;
use crate::hub::plans::log::Log;
use crate::hub::plans::{Plan, play_plan, until};
use crate::hub::{HubLimits, RecentLimits, Tempo};

const NODES: usize = 3;
const CLIENTS: usize = 6;
const STEPS: usize = 160;

struct Several {
    random: StdRng,
    network: Network,
    log: Arc<Mutex<Log>>,
    nodes: Vec<Node>,
    limits: HubLimits,
    /// How many nodes there have been.
    started: u128,
    clients: Vec<Client>,
    /// At which node each is, while it is at one.
    places: Vec<usize>,
}

impl Several {
    fn new_node(&mut self) -> Node {
        self.started += 1;
        let delay = Duration::from_millis(self.random.random_range(0..10));
        Node::start(self.started, &self.network, &self.log, self.limits, delay)
    }

    /// Something is committed by a node, and rings there and in the network.
    async fn say(&mut self, node: usize) {
        let publication = self.log.lock().commit(&mut self.random);
        self.nodes[node].deliver(publication).await;
    }

    async fn come(&mut self, client: usize, node: usize) {
        if self.clients[client].member.is_none() {
            self.places[client] = node;
            self.clients[client].come(&self.nodes[node].hub, &mut self.random).await;
        }
    }

    fn go(&mut self, client: usize) {
        self.clients[client].go(&self.nodes[self.places[client]].hub);
    }

    async fn read(&mut self, client: usize) {
        self.clients[client].read(&self.nodes[self.places[client]].hub).await;
    }

    fn change_faults(&mut self) {
        let mut some =
            || if self.random.random_bool(0.5) { self.random.random_range(0..250) } else { 0 };
        let (lost, doubled, late) = (some(), some(), some());
        let delay = Duration::from_millis(self.random.random_range(0..200));
        self.network.set_faults(Faults { lost, doubled, late, delay });
    }

    /// The node is gone with all that it had in memory, and another is in its place.
    fn kill(&mut self, node: usize) {
        for client in 0..CLIENTS {
            if self.places[client] == node {
                self.go(client);
            }
        }
        self.nodes[node].transport.cut();
        self.nodes[node] = self.new_node();
    }
}

impl Plan for Several {
    fn new(seed: u64) -> Self {
        let mut random = StdRng::seed_from_u64(seed);
        // Little memory, so that the archive is needed.
        let recent = RecentLimits { items: 12, bytes: 4_000, newest: 50 };
        let tick = Duration::from_millis(if random.random_bool(0.5) { 20 } else { 0 });
        let tempo = Tempo { per_member: tick, longest: 3 * tick, ..Tempo::default() };
        let limits = HubLimits { recent, tempo, ..HubLimits::default() };
        let mut plan = Self {
            random,
            network: Network::new(seed),
            log: Arc::default(),
            nodes: Vec::new(),
            limits,
            started: 0,
            clients: (0..CLIENTS).map(Client::new).collect(),
            places: vec![0; CLIENTS],
        };
        for _ in 0..NODES {
            let node = plan.new_node();
            plan.nodes.push(node);
        }
        plan
    }

    async fn step(&mut self) {
        let client = self.random.random_range(0..CLIENTS);
        let node = self.random.random_range(0..NODES);
        match self.random.random_range(0..100) {
            0..35 => self.say(node).await,
            35..60 => self.read(client).await,
            60..67 => self.go(client),
            67..80 => self.come(client, node).await,
            80..82 => self.nodes[node].transport.cut(),
            82..85 => self.nodes[node].transport.mend(),
            85..87 => self.change_faults(),
            87..89 => {
                let failing = self.random.random_bool(0.5);
                self.nodes[node].archive.failing.store(failing, Ordering::Relaxed);
            }
            89 => self.kill(node),
            _ => {
                let wait = self.random.random_range(1..if client == 0 { 4_000 } else { 60 });
                tokio::time::sleep(Duration::from_millis(wait)).await;
            }
        }
    }

    /// The faults end, and everybody reads. What was lost last is shown by one more message, or by
    /// the comparing of heads.
    async fn settle(&mut self) {
        self.network.set_faults(Faults::default());
        for node in &self.nodes {
            node.archive.failing.store(false, Ordering::Relaxed);
            node.transport.mend();
        }
        for client in 0..CLIENTS {
            let node = self.random.random_range(0..NODES);
            self.come(client, node).await;
        }
        if self.random.random_bool(0.5) {
            self.say(0).await;
        }
        let head = self.log.lock().head;
        until(|| self.nodes.iter().all(|node| node.is_at(head))).await;
        for client in 0..CLIENTS {
            self.read(client).await;
        }
    }

    fn check(&self, seed: u64) {
        let log = self.log.lock();
        self.clients.iter().for_each(|client| client.check(&log, seed));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn what_the_clients_of_several_nodes_applied_equals_a_fresh_snapshot(seed in any::<u64>()) {
        play_plan::<Several>(seed, STEPS);
    }
}
