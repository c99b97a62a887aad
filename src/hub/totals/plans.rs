//! Random plans for totals across nodes: each counts, sets newest values, opens and forgets channels;
//! what the hubs say to each other is lost, doubled and reordered; hubs are killed and started
//! anew. When the faults end, all show the same: the sum of what the running nodes count, and one
//! newest value; and every member has been told it, whatever waited unread in their outbox.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use proptest::prelude::*;
use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use rand::{Rng as _, SeedableRng as _};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::hub::Member;
use crate::hub::plans::{Plan, play, play_plan};
use crate::hub::presence::plans::nodes::{Nodes, POLL, VIEWERS};

const CHANNELS: [ChannelId; 2] = [ChannelId(Uuid::from_u128(1)), ChannelId(Uuid::from_u128(2))];
const NODES: usize = 3;
const STEPS: usize = 150;

fn raw(json: &Value) -> Box<RawValue> {
    RawValue::from_string(json.to_string()).unwrap()
}

/// What a hub shows in a channel, if it is open there.
fn shown(hub: &Hub, channel: ChannelId) -> Option<BTreeMap<String, Value>> {
    let channel = hub.open_channel(channel)?;
    let shown = channel.state.lock().totals.shown().clone();
    let value = |json: &RawValue| serde_json::from_str(json.get()).unwrap();
    Some(shown.iter().map(|(name, json)| (name.clone(), value(json))).collect())
}

/// What the member was told of the channel, of all that still waits to be read.
fn told(member: &Member, channel: ChannelId) -> BTreeMap<String, Value> {
    let mut told = BTreeMap::new();
    for frame in member.outbox.take().0 {
        for line in std::str::from_utf8(frame.payload()).unwrap().lines() {
            let push: Value = serde_json::from_str(line).unwrap();
            if push["push"] == "totals" && push["channel"] == channel.to_string() {
                for (name, value) in push["data"]["totals"].as_object().unwrap() {
                    told.insert(name.clone(), value.clone());
                }
            }
        }
    }
    told.retain(|_, value| !value.is_null());
    told
}

struct TotalsPlan {
    random: StdRng,
    nodes: Nodes,
    /// What each running node counts.
    counts: HashMap<(usize, ChannelId), u64>,
    version: u64,
    /// What was set after the faults had ended, where somebody is there to see it.
    last: Option<Value>,
}

impl TotalsPlan {
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

    fn set_newest(&mut self, slot: usize, channel: ChannelId) -> Value {
        self.version += 1;
        let value = if self.random.random_bool(0.1) { Value::Null } else { json!(self.version) };
        self.nodes.hub(slot).set_newest(channel, POLL, self.version, raw(&value)).unwrap();
        value
    }

    fn running(&mut self) -> Option<usize> {
        let slot = self.random.random_range(0..NODES);
        self.nodes.hubs[slot].is_some().then_some(slot)
    }
}

impl Plan for TotalsPlan {
    fn new(seed: u64) -> Self {
        let (random, nodes) = (StdRng::seed_from_u64(seed), Nodes::new(NODES));
        Self { random, nodes, counts: HashMap::new(), version: 0, last: None }
    }

    async fn step(&mut self) {
        let channel = CHANNELS[self.random.random_range(0..CHANNELS.len())];
        let count = self.random.random_range(0..100);
        let index = (!self.nodes.members.is_empty())
            .then(|| self.random.random_range(0..self.nodes.members.len()));
        let running = self.running();
        match (self.random.random_range(0..100), running, index) {
            (0..15, Some(slot), _) => {
                let member = self.nodes.connect(slot, self.random.random_range(0..6));
                self.nodes.hub(slot).join(channel, &member, None).await.unwrap();
            }
            (15..25, _, Some(index)) => self.nodes.disconnect(index),
            (25..40, Some(slot), _) => {
                self.nodes.hub(slot).set_sum(channel, VIEWERS, count).unwrap();
                self.counts.insert((slot, channel), count);
            }
            (40..45, Some(slot), _) => {
                self.nodes.hub(slot).clear_sum(channel, VIEWERS);
                self.counts.remove(&(slot, channel));
            }
            (45..55, Some(slot), _) => drop(self.set_newest(slot, channel)),
            (55..70, ..) => self.nodes.tick(),
            (70..87, ..) => self.deliver(),
            (87..91, ..) => self.nodes.beat(),
            (91, Some(slot), _) => {
                self.nodes.kill(slot);
                self.counts.retain(|(on, _), _| *on != slot);
            }
            (92..95, ..) => {
                if let Some(slot) = self.nodes.hubs.iter().position(Option::is_none) {
                    self.nodes.start(slot);
                }
            }
            (95..97, ..) => self.nodes.notice_killed(),
            (97, ..) => self.nodes.running().for_each(|(_, hub)| hub.invalidate_presence()),
            _ => self.nodes.running().for_each(|(_, hub)| hub.ask_about_opened()),
        }
    }

    async fn settle(&mut self) {
        self.nodes.notice_killed();
        if let (Some(slot), true) = (self.running(), self.random.random_bool(0.5)) {
            self.last = Some(self.set_newest(slot, CHANNELS[0]));
        }
        for _ in 0..25 {
            self.nodes.second();
        }
    }

    fn check(&self, seed: u64) {
        for channel in CHANNELS {
            let counts = self.counts.iter().filter(|((_, of), _)| *of == channel);
            let counts: Vec<u64> = counts.map(|(_, count)| *count).collect();
            let sum = (!counts.is_empty()).then(|| json!(counts.iter().sum::<u64>()));
            let hubs = self.nodes.running().map(|(_, hub)| shown(hub, channel));
            let all: Vec<_> = hubs.flatten().collect();
            for shown in &all {
                assert_eq!(shown.get("viewers"), sum.as_ref(), "seed {seed}: {channel}");
                assert_eq!(shown.get("poll"), all[0].get("poll"), "seed {seed}: {channel}");
                if let (Some(last), true) = (&self.last, channel == CHANNELS[0]) {
                    let last = Some(last).filter(|last| !last.is_null());
                    assert_eq!(shown.get("poll"), last, "seed {seed}: {channel}");
                }
            }
            for (slot, member) in self.nodes.members.iter().filter(|(_, one)| one.is_in(channel)) {
                let shown = shown(self.nodes.hub(*slot), channel).unwrap();
                assert_eq!(told(member, channel), shown, "seed {seed}: on node {slot}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn all_nodes_show_one_total_when_the_faults_end(seed in any::<u64>()) {
        play_plan::<TotalsPlan>(seed, STEPS);
    }
}

async fn join(nodes: &mut Nodes, slot: usize, person: u128) -> Arc<Member> {
    let member = nodes.connect(slot, person);
    nodes.hub(slot).join(CHANNELS[0], &member, None).await.unwrap();
    member
}

#[test]
fn all_kinds_that_change_come_in_one_frame_with_the_tick_and_who_joins_is_told_all() {
    play(async {
        let mut nodes = Nodes::new(1);
        let ada = join(&mut nodes, 0, 1).await;
        let hub = Arc::clone(nodes.hub(0));
        nodes.second();
        ada.outbox.take();
        let votes = BTreeMap::from([("yes".to_owned(), 2), ("no".to_owned(), 1)]);
        hub.set_sum(CHANNELS[0], VIEWERS, votes).unwrap();
        hub.set_newest(CHANNELS[0], POLL, 1, raw(&json!({ "open": true }))).unwrap();
        hub.set_newest(CHANNELS[0], POLL, 0, raw(&json!("an old one"))).unwrap();
        let ben = join(&mut nodes, 0, 2).await;
        nodes.second();
        let (frames, _) = ada.outbox.take();
        let [frame] = &frames[..] else { panic!("{frames:?}") };
        let lines: Vec<Value> = std::str::from_utf8(frame.payload())
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!((&lines[0]["push"], &lines[0]["data"]["people"]), (&json!("tick"), &json!(2)));
        let all = json!({ "viewers": { "yes": 2, "no": 1 }, "poll": { "open": true } });
        assert_eq!((&lines[1]["push"], &lines[1]["data"]["totals"]), (&json!("totals"), &all));
        assert_eq!(json!(told(&ben, CHANNELS[0])), all);
        let cleo = join(&mut nodes, 0, 3).await;
        assert_eq!(json!(told(&cleo, CHANNELS[0])), all, "at once");

        hub.set_newest(CHANNELS[0], POLL, 2, raw(&Value::Null)).unwrap();
        hub.clear_sum(CHANNELS[0], VIEWERS);
        nodes.second();
        let (frames, _) = ada.outbox.take();
        let text = String::from_utf8(frames[0].payload().to_vec()).unwrap();
        assert!(text.contains(r#""totals":{"poll":null,"viewers":null}"#), "{text}");
        nodes.second();
        assert!(ada.outbox.take().0.is_empty(), "nothing has changed");
    });
}

#[test]
fn a_node_that_is_gone_takes_its_part_of_a_sum_with_it_and_leaves_the_newest() {
    play(async {
        let mut nodes = Nodes::new(3);
        for slot in 0..2 {
            join(&mut nodes, slot, slot as u128).await;
        }
        // The third counts, although nobody of its own is in the channel.
        for (slot, count) in [(0, 1), (1, 20), (2, 300)] {
            nodes.hub(slot).set_sum(CHANNELS[0], VIEWERS, count).unwrap();
        }
        nodes.hub(2).set_newest(CHANNELS[0], POLL, 7, raw(&json!(7))).unwrap();
        nodes.second();
        nodes.second();
        let both = |nodes: &Nodes| [0, 1].map(|slot| shown(nodes.hub(slot), CHANNELS[0]).unwrap());
        let expected = |viewers: u64| {
            BTreeMap::from([("viewers".to_owned(), json!(viewers)), ("poll".to_owned(), json!(7))])
        };
        assert_eq!(both(&nodes), [expected(321), expected(321)]);
        nodes.kill(2);
        nodes.notice_killed();
        nodes.second();
        assert_eq!(both(&nodes), [expected(21), expected(21)]);
        nodes.kill(1);
        nodes.notice_killed();
        nodes.start(1);
        join(&mut nodes, 1, 9).await;
        nodes.second();
        nodes.second();
        assert_eq!(both(&nodes), [expected(1), expected(1)], "who opens the channel asks");
    });
}

#[test]
fn a_newest_value_that_one_of_the_nodes_missed_is_had_from_those_who_know_it() {
    play(async {
        let mut nodes = Nodes::new(3);
        for slot in 0..2 {
            join(&mut nodes, slot, slot as u128).await;
        }
        nodes.second();
        nodes.hub(2).set_newest(CHANNELS[0], POLL, 7, raw(&json!(7))).unwrap();
        nodes.tick();
        let letters = std::mem::take(&mut *nodes.post.letters.lock());
        letters.iter().for_each(|letter| nodes.deliver_only(0, letter));
        // The one that has set it has nobody in the channel, and keeps it for a while only.
        for _ in 0..20 {
            nodes.tick();
            nodes.deliver_all();
        }
        assert!(nodes.hub(2).totals.own.lock().is_empty());
        let poll = |slot| shown(nodes.hub(slot), CHANNELS[0]).unwrap().get("poll").cloned();
        assert_eq!([0, 1].map(poll), [Some(json!(7)), None]);
        // The lease tells, the next tick asks, and the one after that shows.
        for _ in 0..3 {
            nodes.second();
        }
        assert_eq!([0, 1].map(poll), [Some(json!(7)), Some(json!(7))]);
    });
}

#[test]
fn what_is_too_much_or_not_registered_is_refused_and_what_is_over_is_forgotten() {
    play(async {
        let nodes = Nodes::new(1);
        let hub = nodes.hub(0);
        let viewers = TotalKind::newest("viewers");
        assert_eq!(hub.register_total(viewers), Err(TotalError::Kinds), "the name is taken");
        let refused = hub.set_newest(CHANNELS[0], viewers, 1, raw(&json!(1)));
        assert_eq!(refused, Err(TotalError::Unknown));
        let many: BTreeMap<String, u64> = (0..65).map(|n| (n.to_string(), n)).collect();
        assert_eq!(hub.set_sum(CHANNELS[0], VIEWERS, many), Err(TotalError::Size));
        let long = raw(&json!("x".repeat(5_000)));
        assert_eq!(hub.set_newest(CHANNELS[0], POLL, 1, long), Err(TotalError::Size));

        for number in 0..16_384 {
            hub.set_sum(ChannelId(Uuid::from_u128(number)), VIEWERS, 1).unwrap();
        }
        let more = ChannelId(Uuid::from_u128(16_384));
        assert_eq!(hub.set_sum(more, VIEWERS, 1), Err(TotalError::Channels));
        for number in 0..16_384 {
            hub.clear_sum(ChannelId(Uuid::from_u128(number)), VIEWERS);
        }
        hub.set_newest(CHANNELS[0], POLL, 1, raw(&json!(1))).unwrap();
        for _ in 0..20 {
            nodes.second();
        }
        assert!(hub.totals.own.lock().is_empty());
    });
}
