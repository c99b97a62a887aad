//! Random plans against the hub: messages are sent and changed, the bus drops, doubles and
//! reorders what rings, clients come and go or stop reading, the hub is restarted. Whatever
//! happens, what each client has applied in the end equals a fresh snapshot, and every client
//! applied each number once and in order or was told to start again.
//!
//! A plan is made from its seed, so that a failing one can be played again.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt as _};
use parking_lot::Mutex;
use proptest::prelude::*;
use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use rand::{Rng as _, SeedableRng as _};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::clock::Timestamp;
use crate::id::{ConnectionId, EventId, SignInId};

const CHANNEL: ChannelId = ChannelId(Uuid::from_u128(7));
const CLIENTS: usize = 4;
const STEPS: usize = 120;

/// The log, as the database would have it.
#[derive(Debug, Default)]
struct Log {
    head: u64,
    count: u64,
    items: BTreeMap<u64, Item>,
}

impl Log {
    /// Commits a few changes as one group.
    fn commit(&mut self, random: &mut StdRng) -> Publication {
        let after = self.head;
        let mut touched = BTreeMap::new();
        for _ in 0..random.random_range(1..=3) {
            self.head += 1;
            let seq = if self.items.is_empty() || random.random_bool(0.7) {
                self.count += 1;
                self.head
            } else {
                *self.items.keys().nth(random.random_range(0..self.items.len())).unwrap()
            };
            let json = json!({ "seq": seq, "changed": self.head, "text": random.random::<u32>() });
            let json = RawValue::from_string(json.to_string()).unwrap().into();
            let item = Item { seq, changed: self.head, kept: false, json };
            self.items.insert(seq, item.clone());
            touched.insert(seq, item);
        }
        let items = touched.into_values().collect();
        let (seq, count) = (self.head, self.count);
        Publication { channel: CHANNEL, after, seq, count, items, mentions: Vec::new() }
    }
}

/// The log as the hub's archive, counting how often it is read.
#[derive(Debug, Default)]
struct TestArchive {
    log: Mutex<Log>,
    failing: Mutex<bool>,
}

impl Archive for TestArchive {
    fn open(&self, _: ChannelId, items: usize) -> BoxFuture<'_, Result<Opened, ArchiveError>> {
        async move {
            if *self.failing.lock() {
                return Err(ArchiveError::Unavailable("for a while".to_owned()));
            }
            let log = self.log.lock();
            let mut recent: Vec<Item> = log.items.values().cloned().collect();
            recent.sort_unstable_by_key(|item| (item.changed, item.seq));
            let older = recent.len().saturating_sub(items);
            let (head, count) = (log.head, log.count);
            let items = recent.split_off(older);
            Ok(Opened { head, count, items, complete: older == 0, kept: Vec::new() })
        }
        .boxed()
    }

    fn after(
        &self,
        channel: ChannelId,
        after: u64,
        most: usize,
    ) -> BoxFuture<'_, Result<Option<Publication>, ArchiveError>> {
        async move {
            if *self.failing.lock() {
                return Err(ArchiveError::Unavailable("for a while".to_owned()));
            }
            let log = self.log.lock();
            let changed = log.items.values().filter(|item| item.changed > after);
            let items: Vec<Item> = changed.cloned().collect();
            if after > log.head || items.len() > most {
                return Ok(None);
            }
            let (seq, count) = (log.head, log.count);
            Ok(Some(Publication { channel, after, seq, count, items, mentions: Vec::new() }))
        }
        .boxed()
    }

    fn heads(
        &self,
        channels: Vec<ChannelId>,
    ) -> BoxFuture<'_, Result<Vec<(ChannelId, u64)>, ArchiveError>> {
        let head = self.log.lock().head;
        std::future::ready(Ok(channels.into_iter().map(|channel| (channel, head)).collect()))
            .boxed()
    }
}

/// A client that keeps to the protocol's rule.
struct Client {
    person: PersonId,
    member: Option<Arc<Member>>,
    applied: Option<u64>,
    /// The oldest message of its window: what is older it reads from the history when needed.
    first: u64,
    view: BTreeMap<u64, (u64, Value)>,
}

impl Client {
    fn new(number: usize) -> Self {
        let person = PersonId(Uuid::from_u128(100 + number as u128));
        Self { person, member: None, applied: None, first: 0, view: BTreeMap::new() }
    }

    async fn come(&mut self, hub: &Arc<Hub>, random: &mut StdRng) {
        let card = RawValue::from_string("{}".to_owned()).unwrap();
        let owner = Owner {
            event: EventId(Uuid::nil()),
            person: self.person,
            sign_in: SignInId(Uuid::nil()),
            guest: false,
        };
        let face = Face { name: "One".to_owned(), card, listed: true };
        // Room for a few frames only, so that slow readers fall behind.
        let outbox = Outbox::new(OutboxLimits { bytes: 1_500 }, None);
        let connection = ConnectionId(Uuid::from_u128(random.random()));
        let member = Member::new(connection, owner, face, outbox);
        hub.connect(&member).unwrap();
        if let Ok(joined) = hub.join(CHANNEL, &member, self.applied).await {
            self.take(&joined.changes);
            self.member = Some(member);
        } else {
            hub.disconnect(&member);
        }
    }

    fn go(&mut self, hub: &Hub) {
        if let Some(member) = self.member.take() {
            hub.disconnect(&member);
        }
    }

    fn take(&mut self, changes: &CatchUp) {
        if changes.reset || self.applied.is_none() {
            self.view.clear();
            let first = changes.items.first().map_or(changes.seq + 1, |item| item.seq);
            self.first = if changes.more { first } else { 0 };
        } else {
            assert_eq!(Some(changes.after), self.applied, "an answer to another question");
        }
        for item in &changes.items {
            self.put(&serde_json::from_str(item.json.get()).unwrap());
        }
        self.applied = Some(changes.seq);
    }

    fn put(&mut self, message: &Value) {
        let number = |field: &str| message[field].as_u64().unwrap();
        if number("seq") < self.first {
            return;
        }
        let known = self.view.get(&number("seq")).map_or(0, |(changed, _)| *changed);
        if number("changed") >= known {
            self.view.insert(number("seq"), (number("changed"), message.clone()));
        }
    }

    /// Reads everything that waits, asking for what is missing.
    async fn read(&mut self, hub: &Arc<Hub>) {
        let Some(member) = self.member.clone() else { return };
        loop {
            let (frames, close) = member.outbox.take();
            if close.is_some() {
                return self.go(hub);
            }
            if frames.is_empty() {
                return;
            }
            for frame in frames {
                self.hear(hub, &serde_json::from_slice(frame.payload()).unwrap()).await;
            }
        }
    }

    async fn hear(&mut self, hub: &Arc<Hub>, push: &Value) {
        let Some(own) = self.applied else { return };
        let data = &push["data"];
        let (after, seq) = (data["after"].as_u64(), data["seq"].as_u64());
        match push["push"].as_str() {
            Some("messages") if seq <= Some(own) => {}
            Some("messages") if after <= Some(own) => {
                for message in data["messages"].as_array().unwrap() {
                    self.put(message);
                }
                self.applied = seq;
            }
            // A hole, or frames that were dropped: ask.
            Some("messages" | "reset") => {
                if let Ok(changes) = hub.catch_up(CHANNEL, own).await {
                    self.take(&changes);
                } else {
                    self.go(hub);
                }
            }
            _ => {}
        }
    }
}

struct Plan {
    random: StdRng,
    archive: Arc<TestArchive>,
    hub: Arc<Hub>,
    ticks: bool,
    clients: Vec<Client>,
    /// What has been committed and has not rung yet.
    ringing: Vec<Arc<Publication>>,
}

impl Plan {
    fn new(seed: u64) -> Self {
        let archive = Arc::new(TestArchive::default());
        let mut random = StdRng::seed_from_u64(seed);
        // A channel that tells everything at once, or one that gathers what falls into a tick.
        let ticks = random.random_bool(0.5);
        let hub = Self::new_hub(&archive, ticks);
        let clients = (0..CLIENTS).map(Client::new).collect();
        Self { random, archive, hub, ticks, clients, ringing: Vec::new() }
    }

    fn new_hub(archive: &Arc<TestArchive>, ticks: bool) -> Arc<Hub> {
        // Little memory, so that the archive is needed.
        let recent = RecentLimits { items: 12, bytes: 4_000 };
        let tick = Duration::from_millis(if ticks { 20 } else { 0 });
        let tempo = Tempo { per_member: tick, longest: 3 * tick, ..Tempo::default() };
        let limits = HubLimits { recent, tempo, ..HubLimits::default() };
        let clock = Clock::manual(Timestamp(0));
        Hub::new(Arc::clone(archive) as Arc<dyn Archive>, Arc::new(Alone), clock, limits)
    }

    async fn step(&mut self) {
        let index = self.random.random_range(0..CLIENTS);
        match self.random.random_range(0..100) {
            0..40 => {
                let publication = self.archive.log.lock().commit(&mut self.random);
                self.ringing.push(Arc::new(publication));
            }
            40..65 => self.ring().await,
            65..85 => self.clients[index].read(&self.hub).await,
            85..90 => self.clients[index].go(&self.hub),
            90..95 if self.clients[index].member.is_none() => {
                self.clients[index].come(&self.hub, &mut self.random).await;
            }
            95..97 => {
                let failing = self.random.random_bool(0.5);
                *self.archive.failing.lock() = failing;
            }
            97 => self.restart(),
            _ => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }

    /// The bus hands on what it has, faulty: some of it lost, doubled or late.
    async fn ring(&mut self) {
        self.ringing.shuffle(&mut self.random);
        for publication in std::mem::take(&mut self.ringing) {
            match self.random.random_range(0..10) {
                0 => {}
                1 => self.ringing.push(publication),
                2 => {
                    self.hub.deliver(&publication).await;
                    self.hub.deliver(&publication).await;
                }
                _ => self.hub.deliver(&publication).await,
            }
        }
    }

    /// The hub loses all it had in memory.
    fn restart(&mut self) {
        for client in &mut self.clients {
            client.go(&self.hub);
        }
        self.ringing.clear();
        self.hub = Self::new_hub(&self.archive, self.ticks);
    }

    /// The faults end, one more message is said, and everybody reads.
    async fn settle(&mut self) {
        *self.archive.failing.lock() = false;
        for index in 0..CLIENTS {
            if self.clients[index].member.is_none() {
                self.clients[index].come(&self.hub, &mut self.random).await;
            }
        }
        let last = self.archive.log.lock().commit(&mut self.random);
        self.hub.deliver(&Arc::new(last)).await;
        let head = self.archive.log.lock().head;
        let repaired = async {
            let behind = |channel: Arc<Channel>| channel.head() < head || channel.has_news();
            while self.hub.open_channel(CHANNEL).is_none_or(behind) {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), repaired).await.expect("a repaired channel");
        for client in &mut self.clients {
            client.read(&self.hub).await;
        }
    }

    fn check(&self, seed: u64) {
        let log = self.archive.log.lock();
        for client in &self.clients {
            assert_eq!(client.applied, Some(log.head), "seed {seed}: a client is behind");
            for (seq, (_, message)) in &client.view {
                let fresh: Value = serde_json::from_str(log.items[seq].json.get()).unwrap();
                assert_eq!(*message, fresh, "seed {seed}: an old state of {seq}");
            }
            // A client that had to start again has the newest messages; from there on, all.
            let expected: Vec<u64> = log.items.range(client.first..).map(|(seq, _)| *seq).collect();
            let seen: Vec<u64> = client.view.keys().copied().collect();
            assert_eq!(seen, expected, "seed {seed}: a message is missing");
        }
    }
}

fn play(seed: u64) {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_time().start_paused(true).build().unwrap().block_on(async {
        let mut plan = Plan::new(seed);
        for _ in 0..STEPS {
            plan.step().await;
        }
        plan.settle().await;
        plan.check(seed);
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn what_each_client_applied_equals_a_fresh_snapshot(seed in any::<u64>()) {
        play(seed);
    }
}

/// A hub with a tick and this many who listen.
async fn crowd(count: u128) -> (Arc<Hub>, Arc<TestArchive>, Vec<Arc<Member>>) {
    let archive = Arc::new(TestArchive::default());
    let hub = Plan::new_hub(&archive, true);
    let mut random = StdRng::seed_from_u64(1);
    let mut members = Vec::new();
    for number in 0..count {
        let mut client = Client::new(usize::try_from(number).unwrap());
        client.come(&hub, &mut random).await;
        members.extend(client.member);
    }
    (hub, archive, members)
}

#[tokio::test(start_paused = true)]
async fn what_falls_into_a_tick_is_told_in_one_frame_and_a_quiet_channel_tells_at_once() {
    let (hub, archive, members) = crowd(3).await;
    let mut random = StdRng::seed_from_u64(2);
    let mut say = async || {
        let publication = archive.log.lock().commit(&mut random);
        hub.deliver(&Arc::new(publication)).await;
    };
    say().await;
    for member in &members {
        assert_eq!(member.outbox.take().0.len(), 1, "at once");
    }
    for _ in 0..5 {
        say().await;
    }
    assert!(members[0].outbox.take().0.is_empty(), "not before the tick is over");
    tokio::time::sleep(Duration::from_millis(61)).await;
    for member in &members {
        let (frames, _) = member.outbox.take();
        assert_eq!(frames.len(), 1, "five together");
        let push: Value = serde_json::from_slice(frames[0].payload()).unwrap();
        assert_eq!(push["data"]["seq"], archive.log.lock().head);
    }
}
