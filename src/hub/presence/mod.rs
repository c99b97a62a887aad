//! Presence in a channel: a person is there from their first connection to a short grace after the
//! last, so that a reload or a change of network or node is not visible to others.
//!
//! Each node sends the others its own arrivals and departures at once, and each runs the grace
//! itself for people without a known connection on any node.
//!
//! - Each tick, a node sends its arrivals and departures to those that have the channel in memory,
//!   as the present state, so that duplicates and late ones are harmless. Each has a number and the
//!   previous number.
//! - What is missing (an update before one that arrived, or everything from a new node or for a new
//!   channel) is asked for, again with every tick until it is answered. The first join on a node
//!   waits up to 100 ms for the answers. Leases repeat recent numbers, so that a lost last update is
//!   noticed, and after a gap of the bus everything is asked for.
//! - The people of a lost node leave ten seconds after its last lease, unless they have come back
//!   elsewhere, which is invisible to others. People who move away from a stopping node never
//!   leave.
//!
//! Totals are sent with the tick; in channels of up to 50 people also who came and left. Lists are
//! read on request, by pages, in the order of names. People who opted out of the directory are
//! counted, not listed. A channel stays in memory as long as it has members on this node. Without
//! other nodes none of the exchange happens.

mod elsewhere;
mod list;
mod node;
mod own;
#[cfg(test)]
pub(super) mod plans;
mod remote;

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use elsewhere::Elsewhere;
pub use list::PresentPerson;
use own::Own;
pub(super) use own::OwnPeople;

use super::member::Appearance;
use crate::clock::Uptime;
use crate::id::PersonId;

/// How long a person stays after their last connection has ended.
pub(super) const GRACE: Duration = Duration::from_secs(10);
/// Up to how many people a channel's arrivals and departures are sent by name.
const NAMED: usize = 50;

#[derive(Debug)]
struct Present {
    appearance: Arc<Appearance>,
    /// Here.
    connections: u32,
    /// On how many other nodes they are.
    elsewhere: u16,
    gone_at: Option<Uptime>,
}

impl Present {
    fn is_nowhere(&self) -> bool {
        self.connections == 0 && self.elsewhere == 0
    }
}

/// What has changed since the last tick.
#[derive(Debug, Default)]
pub(super) struct Changes {
    pub(super) joined: Vec<Arc<Appearance>>,
    pub(super) left: Vec<PersonId>,
}

#[derive(Debug, Default)]
pub(super) struct Presence {
    people: HashMap<PersonId, Present>,
    /// By name, so that lists can be paged; the id distinguishes people with the same name.
    by_name: BTreeMap<(String, PersonId), Arc<Appearance>>,
    joined: Vec<PersonId>,
    left: Vec<PersonId>,
    leaving: usize,
    told: usize,
    /// When somebody's last connection here ended.
    left_at: Option<Uptime>,
    elsewhere: Elsewhere,
    /// `None` where there are no other nodes.
    own: Option<Own>,
}

impl Presence {
    /// For a channel that other nodes may have, too: a number above all that were sent before.
    pub(super) fn shared(number: u64) -> Self {
        Self { own: Some(Own::new(number)), ..Self::default() }
    }

    pub(super) fn total(&self) -> usize {
        self.people.len()
    }

    pub(super) fn join(&mut self, person: PersonId, appearance: &Arc<Appearance>) {
        let present = self.enter(person, appearance);
        present.connections += 1;
        if present.connections == 1 {
            // This node's own knowledge is newer than that of others.
            self.appear(person, appearance);
            self.tell_others(person);
        }
    }

    /// Somebody who is connected here appears differently.
    pub(super) fn set_appearance(&mut self, person: PersonId, appearance: &Arc<Appearance>) {
        self.appear(person, appearance);
        self.tell_others(person);
    }

    pub(super) fn leave(&mut self, person: PersonId, now: Uptime) {
        let Some(present) = self.people.get_mut(&person) else { return };
        present.connections = present.connections.saturating_sub(1);
        if present.connections == 0 {
            self.left_at = Some(now);
            self.tell_others(person);
        }
        self.begin_grace(person, now);
    }

    /// Marks the present people as already sent.
    pub(super) fn settle(&mut self) {
        self.joined.clear();
        self.left.clear();
        self.told = self.total();
    }

    /// Removes those whose grace is over, and returns what has changed.
    pub(super) fn tick(&mut self, now: Uptime) -> Option<Changes> {
        self.release(now);
        let joined = std::mem::take(&mut self.joined);
        let left = std::mem::take(&mut self.left);
        let total = self.total();
        if total == self.told && joined.is_empty() && left.is_empty() {
            return None;
        }
        self.told = total;
        if total > NAMED {
            return Some(Changes::default());
        }
        let appearances = joined.iter().filter_map(|person| self.people.get(person));
        let joined = appearances
            .filter(|one| one.appearance.listed)
            .map(|one| Arc::clone(&one.appearance))
            .collect();
        Some(Changes { joined, left })
    }

    /// Whether somebody's grace is running, or something is to be sent to other nodes.
    pub(super) fn is_waiting(&self) -> bool {
        self.leaving > 0 || self.has_untold()
    }

    /// Whether nothing is pending on this node, if nobody is connected here.
    pub(super) fn is_over(&self, now: Uptime) -> bool {
        !self.has_untold() && self.left_at.is_none_or(|left_at| now.since(left_at) >= GRACE)
    }

    /// The person is there, from now on if they were not.
    fn enter(&mut self, person: PersonId, appearance: &Arc<Appearance>) -> &mut Present {
        match self.people.entry(person) {
            Entry::Occupied(known) => {
                let present = known.into_mut();
                if present.gone_at.take().is_some() {
                    self.leaving -= 1;
                }
                present
            }
            Entry::Vacant(place) => {
                if appearance.listed {
                    self.by_name
                        .insert((appearance.name.to_lowercase(), person), Arc::clone(appearance));
                }
                // The list is only sent in small channels, so it need not grow in large ones.
                if self.joined.len() <= NAMED {
                    self.joined.push(person);
                }
                let appearance = Arc::clone(appearance);
                place.insert(Present { appearance, connections: 0, elsewhere: 0, gone_at: None })
            }
        }
    }

    fn appear(&mut self, person: PersonId, appearance: &Arc<Appearance>) {
        let Some(present) = self.people.get_mut(&person) else { return };
        if Arc::ptr_eq(&present.appearance, appearance) {
            return;
        }
        let before = std::mem::replace(&mut present.appearance, Arc::clone(appearance));
        self.by_name.remove(&(before.name.to_lowercase(), person));
        if appearance.listed {
            self.by_name.insert((appearance.name.to_lowercase(), person), Arc::clone(appearance));
        }
    }

    /// Somebody without any connection may come back for a while.
    fn begin_grace(&mut self, person: PersonId, gone_at: Uptime) {
        let Some(present) = self.people.get_mut(&person) else { return };
        if present.is_nowhere() && present.gone_at.is_none() {
            present.gone_at = Some(gone_at);
            self.leaving += 1;
        }
    }

    fn release(&mut self, now: Uptime) {
        if self.leaving == 0 {
            return;
        }
        let gone: Vec<PersonId> = self
            .people
            .iter()
            .filter(|(_, present)| present.gone_at.is_some_and(|at| now.since(at) >= GRACE))
            .map(|(person, _)| *person)
            .collect();
        for person in gone {
            let Some(present) = self.people.remove(&person) else { continue };
            self.leaving -= 1;
            self.by_name.remove(&(present.appearance.name.to_lowercase(), person));
            if self.left.len() <= NAMED {
                self.left.push(person);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::value::RawValue;
    use uuid::Uuid;

    use super::*;

    pub(super) fn person(number: u128) -> PersonId {
        PersonId(Uuid::from_u128(number))
    }

    pub(super) fn appearance(name: &str) -> Arc<Appearance> {
        let card = RawValue::from_string("{}".to_owned()).unwrap();
        Arc::new(Appearance { name: name.to_owned(), card, listed: true })
    }

    const START: Uptime = Uptime(Duration::from_secs(1_000));

    #[test]
    fn a_second_connection_and_a_quick_return_are_not_seen() {
        let mut presence = Presence::default();
        presence.join(person(1), &appearance("Ada"));
        presence.join(person(1), &appearance("Ada"));
        assert!(presence.tick(START).is_some());
        assert_eq!(presence.total(), 1);
        presence.leave(person(1), START);
        presence.leave(person(1), START);
        presence.join(person(1), &appearance("Ada"));
        assert!(presence.tick(START.after(GRACE)).is_none());
        assert!(!presence.is_waiting());
    }

    #[test]
    fn a_person_leaves_when_the_grace_is_over() {
        let mut presence = Presence::default();
        presence.join(person(1), &appearance("Ada"));
        presence.tick(START);
        presence.leave(person(1), START);
        assert!(presence.tick(START.after(GRACE / 2)).is_none());
        let changes = presence.tick(START.after(GRACE)).unwrap();
        assert_eq!((presence.total(), changes.left), (0, vec![person(1)]));
    }

    #[test]
    fn a_crowd_is_told_as_a_total_only() {
        let mut presence = Presence::default();
        for number in 0..60 {
            presence.join(person(number), &appearance("One"));
        }
        let changes = presence.tick(START).unwrap();
        assert_eq!(presence.total(), 60);
        assert!(changes.joined.is_empty());
    }
}
