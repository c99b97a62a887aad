//! What a node sends to others about its own people in a channel: whose first connection joined and
//! whose last one left, as the present state.

use std::collections::HashSet;
use std::sync::Arc;

use super::Presence;
use crate::hub::peers::{BATCH_SIZE, PersonAppearance, PresenceChanges};
use crate::id::{ChannelId, PersonId};

/// How many of its own arrivals and departures a node sends in a tick; the rest with the next.
const TOLD: usize = 8 * BATCH_SIZE;

/// What this node sends to others about its own people.
#[derive(Debug)]
pub(super) struct Own {
    /// Who came, left or appears differently, and was not sent yet.
    untold: HashSet<PersonId>,
    /// The number of the last update.
    number: u64,
    /// Whether anything was sent since the channel was opened.
    has_told: bool,
}

/// The answer to another node.
#[derive(Debug)]
pub(in crate::hub) enum OwnPeople {
    /// It knows all.
    Same,
    /// These; possibly nobody.
    These(Vec<PersonAppearance>),
}

impl Own {
    /// Nobody is there, and nothing was sent since `number`.
    pub(super) fn new(number: u64) -> Self {
        Self { untold: HashSet::new(), number, has_told: false }
    }
}

impl Presence {
    /// The pending arrivals and departures for other nodes, each with a number.
    pub(in crate::hub) fn edges(
        &mut self,
        id: ChannelId,
        number: impl Fn() -> u64,
    ) -> Vec<PresenceChanges> {
        let Some(own) = &mut self.own else { return Vec::new() };
        let told: Vec<PersonId> = own.untold.iter().take(TOLD).copied().collect();
        let mut edges = Vec::new();
        for some in told.chunks(BATCH_SIZE) {
            let after = if own.has_told { own.number } else { 0 };
            own.has_told = true;
            own.number = number();
            let (mut came, mut left) = (Vec::new(), Vec::new());
            for person in some {
                own.untold.remove(person);
                match self.people.get(person).filter(|present| present.connections > 0) {
                    Some(present) => came.push((*person, Arc::clone(&present.appearance))),
                    None => left.push(*person),
                }
            }
            edges.push(PresenceChanges { channel: id, after, number: own.number, came, left });
        }
        edges
    }

    /// The answer about this node's people, for a node that knows them up to a number.
    pub(in crate::hub) fn own_people(&self, known: u64) -> OwnPeople {
        if self.own.as_ref().is_some_and(|own| own.number <= known) {
            return OwnPeople::Same;
        }
        let here = self.people.iter().filter(|(_, present)| present.connections > 0);
        let there = here.map(|(person, present)| (*person, Arc::clone(&present.appearance)));
        OwnPeople::These(there.collect())
    }

    /// Whether anything is pending.
    pub(super) fn has_untold(&self) -> bool {
        self.own.as_ref().is_some_and(|own| !own.untold.is_empty())
    }

    /// The person has come, gone or changed here.
    pub(super) fn tell_others(&mut self, person: PersonId) {
        if let Some(own) = &mut self.own {
            own.untold.insert(person);
        }
    }
}
