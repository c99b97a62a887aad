//! A client that keeps to the protocol's rule, beside a hub.

use std::collections::BTreeMap;
use std::sync::Arc;

use rand::Rng as _;
use rand::rngs::StdRng;
use serde_json::Value;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::log::Log;
use super::{CHANNEL, EVENT};
use crate::hub::{Appearance, CatchUp, Hub, Member, Outbox, OutboxLimits, Owner};
use crate::id::{ConnectionId, PersonId, SignInId};

/// What it has, and its connection while it has one.
pub(crate) struct Client {
    person: PersonId,
    pub(crate) member: Option<Arc<Member>>,
    pub(crate) applied: Option<u64>,
    /// The oldest message of its window: what is older it reads from the history when needed.
    first: u64,
    view: BTreeMap<u64, (u64, Value)>,
}

impl Client {
    pub(crate) fn new(number: usize) -> Self {
        let person = PersonId(Uuid::from_u128(100 + number as u128));
        Self { person, member: None, applied: None, first: 0, view: BTreeMap::new() }
    }

    pub(crate) async fn come(&mut self, hub: &Arc<Hub>, random: &mut StdRng) {
        // Room for a few frames only, so that slow readers fall behind.
        let limits = OutboxLimits { bytes: 1_500 };
        let member = member(self.person, ConnectionId(Uuid::from_u128(random.random())), limits);
        hub.connect(&member).unwrap();
        if let Ok(joined) = hub.join(CHANNEL, &member, self.applied).await {
            self.take(&joined.changes);
            self.member = Some(member);
        } else {
            hub.disconnect(&member);
        }
    }

    pub(crate) fn go(&mut self, hub: &Hub) {
        if let Some(member) = self.member.take() {
            hub.disconnect(&member);
        }
    }

    fn take(&mut self, changes: &CatchUp) {
        if self.applied.is_none() {
            let first = changes.items.first().map_or(changes.seq + 1, |item| item.seq);
            self.first = if changes.more { first } else { 0 };
        } else {
            assert!(!changes.reset, "there is nothing too far away to be caught up with");
            assert_eq!(Some(changes.after), self.applied, "an answer to another question");
        }
        for item in changes.items.iter() {
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
    pub(crate) async fn read(&mut self, hub: &Arc<Hub>) {
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
        assert_ne!(data["reason"], "channel.gap", "the hub can fill every gap of these plans");
        let (after, seq) = (data["after"].as_u64(), data["seq"].as_u64());
        match push["push"].as_str() {
            Some("messages") if seq <= Some(own) => {}
            Some("messages") if after <= Some(own) => {
                for message in data["messages"].as_array().unwrap() {
                    self.put(message);
                }
                self.applied = seq;
            }
            // A gap, or frames that were dropped: ask.
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

    /// Whether it has what is in the log.
    pub(crate) fn check(&self, log: &Log, seed: u64) {
        assert_eq!(self.applied, Some(log.head), "seed {seed}: a client is behind");
        for (seq, (_, message)) in &self.view {
            let fresh: Value = serde_json::from_str(log.items[seq].json.get()).unwrap();
            assert_eq!(*message, fresh, "seed {seed}: an old state of {seq}");
        }
        // A client that had to start again has the newest messages; from there on, all.
        let expected: Vec<u64> = log.items.range(self.first..).map(|(seq, _)| *seq).collect();
        let seen: Vec<u64> = self.view.keys().copied().collect();
        assert_eq!(seen, expected, "seed {seed}: a message is missing");
    }
}

/// A connection of this person.
pub(crate) fn member(
    person: PersonId,
    connection: ConnectionId,
    limits: OutboxLimits,
) -> Arc<Member> {
    let card = RawValue::from_string("{}".to_owned()).unwrap();
    let owner = Owner { event: EVENT, person, sign_in: SignInId(Uuid::nil()), guest: false };
    let appearance = Appearance { name: "One".to_owned(), card, listed: true };
    Member::new(connection, owner, appearance, Outbox::new(limits, None))
}
