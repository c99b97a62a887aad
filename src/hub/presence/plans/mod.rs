//! Random plans for presence across nodes: people connect to several hubs, join, leave and move;
//! what the hubs say to each other is lost, doubled and reordered; hubs are killed and started
//! anew. When the faults end, each hub knows exactly who is there, and has forgotten the channels
//! that nobody of its own is in.

pub(in crate::hub) mod nodes;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use rand::rngs::StdRng;
use rand::seq::{IndexedRandom as _, SliceRandom as _};
use rand::{Rng as _, SeedableRng as _};
use serde_json::Value;
use serde_json::value::RawValue;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use self::nodes::Nodes;
use super::GRACE;
use crate::hub::plans::{Plan, play, play_plan};
use crate::hub::{Appearance, Hub, Member};
use crate::id::ChannelId;

const CHANNELS: [ChannelId; 2] = [ChannelId(Uuid::from_u128(1)), ChannelId(Uuid::from_u128(2))];
const NODES: usize = 3;
const PEOPLE: u128 = 6;
const STEPS: usize = 150;

fn people(hub: &Hub, channel: ChannelId) -> Option<BTreeSet<String>> {
    let channel = hub.open_channel(channel)?;
    let (people, _, total) = channel.people(None, "", usize::MAX);
    assert_eq!(people.len(), total, "who is counted is listed");
    Some(people.iter().map(|present| present.appearance.name.clone()).collect())
}

struct Presences {
    random: StdRng,
    nodes: Nodes,
}

impl Presences {
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
}

impl Plan for Presences {
    fn new(seed: u64) -> Self {
        Self { random: StdRng::seed_from_u64(seed), nodes: Nodes::new(NODES) }
    }

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
            (98, _) => self.nodes.running().for_each(|(_, hub)| hub.invalidate_presence()),
            _ => self.nodes.running().for_each(|(_, hub)| hub.ask_about_opened()),
        }
    }

    async fn settle(&mut self) {
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn each_hub_knows_who_is_there_when_the_faults_end(seed in any::<u64>()) {
        play_plan::<Presences>(seed, STEPS);
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
    play(async {
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
    play(async {
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
    play(async {
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
        let appearance = Appearance { name: "Ada Lovelace".to_owned(), card, listed: true };
        nodes.hub(0).set_appearance(&ada, appearance);
        nodes.second();
        assert!(people(&hub, CHANNELS[0]).unwrap().contains("Ada Lovelace"));
    });
}
