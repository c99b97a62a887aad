//! Random plans for presence across nodes: people connect to several hubs, join, leave and move;
//! what the hubs say to each other is lost, doubled and reordered; hubs are killed and started
//! anew. When the faults end, each hub knows exactly who is there, and has forgotten the channels
//! that nobody of its own is in.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt as _};
use parking_lot::Mutex;
use proptest::prelude::*;
use rand::rngs::StdRng;
use rand::seq::{IndexedRandom as _, SliceRandom as _};
use rand::{Rng as _, SeedableRng as _};
use serde_json::Value;
use serde_json::value::RawValue;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::presence::GRACE;
use super::*;
use crate::clock::Timestamp;
use crate::id::{ConnectionId, EventId, NodeId, SignInId};

const CHANNELS: [ChannelId; 2] = [ChannelId(Uuid::from_u128(1)), ChannelId(Uuid::from_u128(2))];
const NODES: usize = 3;
const PEOPLE: u128 = 6;
const STEPS: usize = 150;
const TICK: Duration = Duration::from_secs(1);

/// Nothing was ever said.
struct Silence;

impl Archive for Silence {
    fn open(&self, _: ChannelId, _: usize) -> BoxFuture<'_, Result<Opened, ArchiveError>> {
        std::future::ready(Ok(Opened { complete: true, ..Opened::default() })).boxed()
    }

    fn after(
        &self,
        _: ChannelId,
        _: u64,
        _: usize,
    ) -> BoxFuture<'_, Result<Option<Publication>, ArchiveError>> {
        std::future::ready(Ok(None)).boxed()
    }

    fn heads(
        &self,
        _: Vec<ChannelId>,
    ) -> BoxFuture<'_, Result<Vec<(ChannelId, u64)>, ArchiveError>> {
        std::future::ready(Ok(Vec::new())).boxed()
    }
}

/// A word on its way, as it goes over the bus.
#[derive(Clone, Debug)]
struct Letter {
    from: NodeId,
    /// Nothing: to all.
    to: Option<NodeId>,
    text: String,
}

/// What has been said, and the numbers that leases would tell again.
#[derive(Debug, Default)]
struct Post {
    letters: Mutex<Vec<Letter>>,
    numbers: Mutex<HashMap<(NodeId, ChannelId), u64>>,
}

struct TestVoice {
    from: NodeId,
    post: Arc<Post>,
}

impl TestVoice {
    fn post(&self, to: Option<NodeId>, word: &Word) {
        let text = serde_json::to_string(word).unwrap();
        self.post.letters.lock().push(Letter { from: self.from, to, text });
    }
}

impl Voice for TestVoice {
    fn say_in(&self, channel: ChannelId, word: Word) {
        if let Word::Edges(edges) = &word {
            self.post.numbers.lock().insert((self.from, channel), edges.number);
        }
        self.post(None, &word);
    }

    fn say_to(&self, node: NodeId, word: Word) {
        self.post(Some(node), &word);
    }
}

/// Several hubs and the people on them.
struct Nodes {
    clock: Clock,
    post: Arc<Post>,
    hubs: Vec<Option<(NodeId, Arc<Hub>)>>,
    /// The nodes that are gone, and since when; the others have not noticed yet.
    killed: Vec<(NodeId, Timestamp)>,
    members: Vec<(usize, Arc<Member>)>,
    started: u128,
    connected: u128,
}

impl Nodes {
    fn new(count: usize) -> Self {
        let clock = Clock::manual(Timestamp(1_000_000));
        let (post, killed, members) = (Arc::default(), Vec::new(), Vec::new());
        let hubs = (0..count).map(|_| None).collect();
        let mut nodes = Self { clock, post, hubs, killed, members, started: 0, connected: 0 };
        for slot in 0..count {
            nodes.start(slot);
        }
        nodes
    }

    fn running(&self) -> impl Iterator<Item = &(NodeId, Arc<Hub>)> {
        self.hubs.iter().flatten()
    }

    fn hub(&self, slot: usize) -> &Arc<Hub> {
        &self.hubs[slot].as_ref().expect("a running hub").1
    }

    fn start(&mut self, slot: usize) {
        self.started += 1;
        let from = NodeId(Uuid::from_u128(self.started));
        let hub =
            Hub::new(Arc::new(Silence), Arc::new(Alone), self.clock.clone(), HubLimits::default());
        hub.meet(Arc::new(TestVoice { from, post: Arc::clone(&self.post) }));
        for (node, other) in self.running() {
            other.node_came(from);
            hub.node_came(*node);
        }
        self.hubs[slot] = Some((from, hub));
    }

    fn kill(&mut self, slot: usize) {
        if let Some((node, _)) = self.hubs[slot].take() {
            self.killed.push((node, self.clock.now()));
        }
        self.members.retain(|(on, _)| *on != slot);
    }

    fn notice_killed(&mut self) {
        for (node, gone_at) in std::mem::take(&mut self.killed) {
            let ago = self.clock.now().since(gone_at);
            self.running().for_each(|(_, hub)| hub.node_lost(node, ago));
        }
    }

    fn connect(&mut self, slot: usize, person: u128) -> Arc<Member> {
        let person = PersonId(Uuid::from_u128(person));
        let (event, sign_in) = (EventId(Uuid::nil()), SignInId(Uuid::nil()));
        self.connected += 1;
        let connection = ConnectionId(Uuid::from_u128(self.connected));
        let owner = Owner { event, person, sign_in, guest: false };
        let card = RawValue::from_string(format!("\"{person}\"")).unwrap();
        let face = Face { name: person.to_string(), card, listed: true };
        let member =
            Member::new(connection, owner, face, Outbox::new(OutboxLimits::default(), None));
        self.hub(slot).connect(&member).unwrap();
        self.members.push((slot, Arc::clone(&member)));
        member
    }

    fn disconnect(&mut self, index: usize) {
        let (slot, member) = self.members.swap_remove(index);
        self.hub(slot).disconnect(&member);
    }

    fn tick(&self) {
        self.clock.advance(TICK);
        self.running().for_each(|(_, hub)| hub.tick());
    }

    fn deliver(&self, letter: &Letter) {
        for (node, hub) in self.running() {
            if *node != letter.from && letter.to.is_none_or(|to| to == *node) {
                hub.hear_presence(letter.from, serde_json::from_str(&letter.text).unwrap());
            }
        }
    }

    /// Everything that is said, and what is said to that, arrives.
    fn deliver_all(&self) {
        loop {
            let letters = std::mem::take(&mut *self.post.letters.lock());
            if letters.is_empty() {
                return;
            }
            letters.iter().for_each(|letter| self.deliver(letter));
        }
    }

    /// The leases of all nodes arrive.
    fn beat(&self) {
        for ((from, channel), number) in self.post.numbers.lock().iter() {
            for (node, hub) in self.running() {
                if node != from {
                    hub.hear_presence_number(*from, *channel, *number);
                }
            }
        }
    }

    /// A second in which nothing goes wrong.
    fn second(&self) {
        self.tick();
        self.beat();
        self.deliver_all();
    }

    fn expected(&self, channel: ChannelId) -> BTreeSet<String> {
        let here = self.members.iter().filter(|(_, member)| member.is_in(channel));
        here.map(|(_, member)| member.person.to_string()).collect()
    }
}

fn people(hub: &Hub, channel: ChannelId) -> Option<BTreeSet<String>> {
    let channel = hub.open_channel(channel)?;
    let (people, _, total) = channel.people(None, "", usize::MAX);
    assert_eq!(people.len(), total, "who is counted is listed");
    Some(people.iter().map(|present| present.face.name.clone()).collect())
}

struct Plan {
    random: StdRng,
    nodes: Nodes,
}

impl Plan {
    async fn step(&mut self) {
        let slot = self.random.random_range(0..NODES);
        let channel = *CHANNELS.choose(&mut self.random).unwrap();
        let index = (!self.nodes.members.is_empty())
            .then(|| self.random.random_range(0..self.nodes.members.len()));
        match (self.random.random_range(0..100), index) {
            (0..20, _) if self.nodes.hubs[slot].is_some() => {
                let person = self.random.random_range(0..PEOPLE);
                let member = self.nodes.connect(slot, person);
                self.nodes.hub(slot).join(channel, &member, None).await.unwrap();
            }
            (20..30, Some(index)) => {
                let (slot, member) = self.nodes.members[index].clone();
                self.nodes.hub(slot).join(channel, &member, None).await.unwrap();
            }
            (30..40, Some(index)) => {
                let (slot, member) = &self.nodes.members[index];
                self.nodes.hub(*slot).leave(channel, member);
            }
            (40..55, Some(index)) => self.nodes.disconnect(index),
            (55..70, _) => self.nodes.tick(),
            (70..90, _) => self.deliver(),
            (90..93, _) if self.random.random_bool(0.5) => self.nodes.beat(),
            (93..95, _) => self.nodes.kill(slot),
            (95..97, _) if self.nodes.hubs[slot].is_none() => self.nodes.start(slot),
            (97, _) => self.nodes.notice_killed(),
            (98, _) => self.nodes.running().for_each(|(_, hub)| hub.doubt_presence()),
            _ => self.nodes.running().for_each(|(_, hub)| hub.ask_about_opened()),
        }
    }

    /// Some of what is on its way arrives, some of it twice or later, and some is lost.
    fn deliver(&mut self) {
        let mut letters = std::mem::take(&mut *self.nodes.post.letters.lock());
        letters.shuffle(&mut self.random);
        for letter in letters {
            match self.random.random_range(0..10) {
                0 | 1 => {}
                2 | 3 => self.nodes.post.letters.lock().push(letter),
                4 => (0..2).for_each(|_| self.nodes.deliver(&letter)),
                _ => self.nodes.deliver(&letter),
            }
        }
    }

    fn settle(&mut self) {
        self.nodes.notice_killed();
        for _ in 0..GRACE.as_secs() + 5 {
            self.nodes.second();
        }
    }

    fn check(&self, seed: u64) {
        for (slot, (node, hub)) in self.nodes.running().enumerate() {
            for channel in CHANNELS {
                let of_its_own = self.nodes.members.iter().any(|(on, member)| {
                    member.is_in(channel) && Arc::ptr_eq(self.nodes.hub(*on), hub)
                });
                let expected = of_its_own.then(|| self.nodes.expected(channel));
                let context = format!("seed {seed}: {channel} on {node}, the {slot}th");
                assert_eq!(people(hub, channel), expected, "{context}");
            }
        }
    }
}

fn run(plan: impl Future<Output = ()>) {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_time().start_paused(true).build().unwrap().block_on(plan);
}

fn play(seed: u64) {
    run(async {
        let random = StdRng::seed_from_u64(seed);
        let mut plan = Plan { random, nodes: Nodes::new(NODES) };
        for _ in 0..STEPS {
            plan.step().await;
        }
        plan.settle();
        plan.check(seed);
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn each_hub_knows_who_is_there_when_the_faults_end(seed in any::<u64>()) {
        play(seed);
    }
}

/// The ticks that a member has been told.
fn ticks(member: &Member) -> Vec<Value> {
    let (frames, _) = member.outbox.take();
    let pushes = frames.iter().map(|frame| serde_json::from_slice(frame.payload()).unwrap());
    pushes.filter(|push: &Value| push["push"] == "tick").collect()
}

#[test]
fn in_a_rolling_restart_nobody_is_seen_leaving_or_coming_back() {
    run(async {
        let mut nodes = Nodes::new(NODES);
        let watcher = nodes.connect(0, 99);
        nodes.hub(0).join(CHANNELS[0], &watcher, None).await.unwrap();
        for person in 0..30 {
            let slot = usize::try_from(person).unwrap() % NODES;
            let member = nodes.connect(slot, person);
            nodes.hub(slot).join(CHANNELS[0], &member, None).await.unwrap();
        }
        nodes.second();
        nodes.second();
        assert_eq!(ticks(&watcher).last().unwrap()["data"]["people"], 31);
        for slot in [1, 2] {
            let there = nodes.members.iter().filter(|(on, _)| *on == slot);
            let people: Vec<u128> = there.map(|(_, member)| member.person.0.as_u128()).collect();
            for person in people {
                let index = nodes
                    .members
                    .iter()
                    .position(|(on, member)| *on == slot && member.person.0.as_u128() == person);
                nodes.disconnect(index.unwrap());
                nodes.second();
                let member = nodes.connect(3 - slot, person);
                nodes.hub(3 - slot).join(CHANNELS[0], &member, None).await.unwrap();
            }
            nodes.kill(slot);
            nodes.notice_killed();
            for _ in 0..20 {
                nodes.second();
            }
            nodes.start(slot);
        }
        let ticks = ticks(&watcher);
        assert!(ticks.is_empty(), "nothing has changed for those who stay: {ticks:?}");
        assert_eq!(people(nodes.hub(0), CHANNELS[0]).unwrap().len(), 31);
    });
}

#[test]
fn the_people_of_a_killed_node_are_gone_ten_seconds_after_its_last_lease() {
    run(async {
        let mut nodes = Nodes::new(2);
        for (slot, person) in [(0, 1), (1, 2), (1, 3)] {
            let member = nodes.connect(slot, person);
            nodes.hub(slot).join(CHANNELS[0], &member, None).await.unwrap();
        }
        nodes.second();
        let total = |nodes: &Nodes| people(nodes.hub(0), CHANNELS[0]).unwrap().len();
        assert_eq!(total(&nodes), 3);
        nodes.kill(1);
        for _ in 0..6 {
            nodes.second();
        }
        nodes.notice_killed();
        // One of them comes back here.
        let member = nodes.connect(0, 3);
        nodes.hub(0).join(CHANNELS[0], &member, None).await.unwrap();
        for _ in 0..3 {
            nodes.second();
            assert_eq!(total(&nodes), 3);
        }
        nodes.second();
        assert_eq!(total(&nodes), 2);
    });
}

#[test]
fn who_joins_first_on_a_node_is_told_of_those_on_others_and_names_follow() {
    run(async {
        let mut nodes = Nodes::new(2);
        let ada = nodes.connect(0, 1);
        nodes.hub(0).join(CHANNELS[0], &ada, None).await.unwrap();
        let stop = CancellationToken::new();
        let running = tokio::spawn(Arc::clone(nodes.hub(1)).run(stop.clone()));
        let ben = nodes.connect(1, 2);
        let hub = Arc::clone(nodes.hub(1));
        let joining = async {
            let begin = tokio::time::Instant::now();
            let joined = hub.join(CHANNELS[0], &ben, None).await.unwrap();
            (joined.people, begin.elapsed())
        };
        let post = async {
            loop {
                nodes.deliver_all();
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        let (people_there, waited) = tokio::select! {
            joined = joining => joined,
            () = post => unreachable!("it goes on for ever"),
        };
        assert_eq!(people_there, 2);
        assert!(waited < Duration::from_millis(20), "{waited:?}");
        stop.cancel();
        running.await.unwrap();

        let card = RawValue::from_string("{}".to_owned()).unwrap();
        let face = Face { name: "Ada Lovelace".to_owned(), card, listed: true };
        nodes.hub(0).set_face(&ada, face);
        nodes.second();
        assert!(people(&hub, CHANNELS[0]).unwrap().contains("Ada Lovelace"));
    });
}
