//! Totals of several nodes that know of each other by their leases, joined by a network that loses,
//! doubles and delays what they say, leases included, and that cuts off nodes; some are killed. When
//! the faults end, every member on every node has been told one sum, of what the running nodes
//! count, and one newest value.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use proptest::prelude::*;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::value::to_raw_value;
use serde_json::{Value, json};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;
use uuid::Uuid;

use super::node::Node;
use crate::bus::faulty::{Faults, Network};
use crate::clock::Timestamp;
use crate::cluster::Cluster;
use crate::hub::plans::client::member;
use crate::hub::plans::log::Log;
use crate::hub::plans::{CHANNEL, Plan, play_plan};
use crate::hub::{HubLimits, Member, OutboxLimits, TotalKind};
use crate::id::{ConnectionId, PersonId};
use crate::lifecycle::{Drain, Lifecycle};

const NODES: usize = 3;
const STEPS: usize = 120;
/// How long it may take until all nodes agree: a killed one is missed for six seconds, leases tell
/// numbers again every one and a half, and each tick is a second.
const SETTLED: Duration = Duration::from_secs(25);
/// In what steps time goes on for clocks and tasks together.
const STEP: Duration = Duration::from_millis(100);

const VIEWERS: TotalKind = TotalKind::sum("viewers");
const POLL: TotalKind = TotalKind::newest("poll");

/// A node that tells its lease and ticks, what it counts, and who is there.
struct Counter {
    node: Node,
    count: Option<u64>,
    members: Vec<Listener>,
    _running: [AbortOnDropHandle<()>; 2],
}

/// Somebody, and what they were told.
struct Listener {
    member: Arc<Member>,
    told: Mutex<BTreeMap<String, Value>>,
}

impl Listener {
    fn read(&self) {
        let mut told = self.told.lock();
        for frame in self.member.outbox.take().0 {
            for line in std::str::from_utf8(frame.payload()).unwrap().lines() {
                let push: Value = serde_json::from_str(line).unwrap();
                if push["push"] == "totals" {
                    let totals = push["data"]["totals"].as_object().unwrap().clone();
                    told.extend(totals);
                }
            }
        }
        told.retain(|_, value| !value.is_null());
    }
}

struct Counting {
    random: StdRng,
    network: Network,
    log: Arc<Mutex<Log>>,
    nodes: Vec<Counter>,
    started: u128,
    came: u128,
    version: u64,
    /// What was set after the faults had ended.
    last: Option<Value>,
}

impl Counting {
    fn new_node(&mut self) -> Counter {
        self.started += 1;
        let limits = HubLimits::default();
        let node = Node::start(self.started, &self.network, &self.log, limits, Duration::ZERO);
        for kind in [VIEWERS, POLL] {
            node.hub.register_total(kind).unwrap();
        }
        let lifecycle = Lifecycle::new(Drain::default(), CancellationToken::new());
        let nodes = Arc::clone(&node.nodes);
        let cluster = Cluster::new(nodes, &node.hub, &node.bus, &lifecycle, "http://localhost");
        let address = ([127, 0, 0, 1], 1).into();
        let leases = cluster.run(address, Timestamp(0), CancellationToken::new());
        let ticks = Arc::clone(&node.hub).run(CancellationToken::new());
        let _running = [tokio::spawn(leases), tokio::spawn(ticks)].map(AbortOnDropHandle::new);
        Counter { node, count: None, members: Vec::new(), _running }
    }

    /// Time goes on for everybody.
    async fn pass(&self, time: Duration) {
        let mut left = time;
        while !left.is_zero() {
            let step = left.min(STEP);
            self.nodes.iter().for_each(|counter| counter.node.clock.advance(step));
            sleep(step).await;
            left -= step;
        }
    }

    async fn come(&mut self, node: usize) {
        self.came += 1;
        let (person, connection) =
            (PersonId(Uuid::from_u128(self.came)), ConnectionId(Uuid::from_u128(self.came)));
        let member = member(person, connection, OutboxLimits::default());
        let counter = &mut self.nodes[node];
        counter.node.hub.connect(&member).unwrap();
        counter.node.hub.join(CHANNEL, &member, None).await.unwrap();
        counter.members.push(Listener { member, told: Mutex::default() });
    }

    fn go(&mut self, node: usize) {
        let counter = &mut self.nodes[node];
        if let Some(listener) = counter.members.pop() {
            counter.node.hub.disconnect(&listener.member);
        }
    }

    fn count(&mut self, node: usize) {
        let count = self.random.random_bool(0.8).then(|| self.random.random_range(0..1_000));
        let counter = &mut self.nodes[node];
        match count {
            Some(count) => counter.node.hub.set_sum(CHANNEL, VIEWERS, count).unwrap(),
            None => counter.node.hub.clear_sum(CHANNEL, VIEWERS),
        }
        counter.count = count;
    }

    fn set_newest(&mut self, node: usize) -> Value {
        self.version += 1;
        let value = if self.random.random_bool(0.1) { Value::Null } else { json!(self.version) };
        let json = to_raw_value(&value).unwrap();
        self.nodes[node].node.hub.set_newest(CHANNEL, POLL, self.version, json).unwrap();
        value
    }

    fn change_faults(&mut self) {
        let mut some =
            || if self.random.random_bool(0.6) { self.random.random_range(0..300) } else { 0 };
        let (lost, doubled, late) = (some(), some(), some());
        let delay = Duration::from_millis(self.random.random_range(0..3_000));
        self.network.set_faults(Faults { lost, doubled, late, delay });
    }
}

impl Plan for Counting {
    fn new(seed: u64) -> Self {
        let mut plan = Self {
            random: StdRng::seed_from_u64(seed),
            network: Network::new(seed),
            log: Arc::default(),
            nodes: Vec::new(),
            started: 0,
            came: 0,
            version: 0,
            last: None,
        };
        for _ in 0..NODES {
            let node = plan.new_node();
            plan.nodes.push(node);
        }
        plan
    }

    async fn step(&mut self) {
        let node = self.random.random_range(0..NODES);
        match self.random.random_range(0..100) {
            0..30 => self.count(node),
            30..38 => drop(self.set_newest(node)),
            38..48 => self.come(node).await,
            48..54 => self.go(node),
            54..60 => self.change_faults(),
            60..62 => self.nodes[node].node.transport.cut(),
            62..65 => self.nodes[node].node.transport.mend(),
            65 => {
                self.nodes[node].node.transport.cut();
                self.nodes[node] = self.new_node();
            }
            _ => {
                let wait = Duration::from_millis(self.random.random_range(1..1_500));
                self.pass(wait).await;
            }
        }
    }

    async fn settle(&mut self) {
        self.network.set_faults(Faults::default());
        for node in 0..NODES {
            self.nodes[node].node.transport.mend();
            self.come(node).await;
        }
        if self.random.random_bool(0.5) {
            let node = self.random.random_range(0..NODES);
            self.last = Some(self.set_newest(node));
        }
        self.pass(SETTLED).await;
    }

    fn check(&self, seed: u64) {
        let counts: Vec<u64> = self.nodes.iter().filter_map(|counter| counter.count).collect();
        let sum = (!counts.is_empty()).then(|| json!(counts.iter().sum::<u64>()));
        let members = self.nodes.iter().zip(0..).flat_map(|(counter, node)| {
            counter.members.iter().map(move |listener| (node, listener))
        });
        let mut polls = Vec::new();
        for (node, listener) in members {
            listener.read();
            let told = listener.told.lock();
            assert_eq!(told.get("viewers"), sum.as_ref(), "seed {seed}: on node {node}");
            polls.push(told.get("poll").cloned());
        }
        if let Some(last) = &self.last {
            assert_eq!(polls[0], Some(last.clone()).filter(|last| !last.is_null()), "seed {seed}");
        }
        assert!(polls.iter().all(|poll| *poll == polls[0]), "seed {seed}: {polls:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn every_member_on_every_node_is_told_one_total_when_the_faults_end(seed in any::<u64>()) {
        play_plan::<Counting>(seed, STEPS);
    }
}
