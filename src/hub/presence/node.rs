//! The people of one other node in a channel, as sent by that node: edges in the order of their
//! numbers, and everything again if one is missing.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use crate::hub::Appearance;
use crate::hub::peers::{PersonAppearance, PresenceChanges, PresenceSnapshot};
use crate::id::{NodeId, PersonId};

/// How many people of one node are known in a channel.
const PEOPLE: usize = 100_000;
/// How many parts a full answer may have.
const PARTS: usize = 200;
/// How many edges wait for a missing one; beyond that they are asked for.
pub(super) const LATER: usize = 64;

/// What changes for a person, in order.
#[derive(Debug)]
pub(super) enum Step {
    /// They are on one more node.
    Came(PersonId, Arc<Appearance>),
    /// They are there, possibly with another appearance.
    Appears(PersonId, Arc<Appearance>),
    /// They are on one node fewer.
    Left(PersonId),
}

#[derive(Debug)]
pub(super) struct Node {
    pub(super) id: NodeId,
    /// `people` includes all edges up to this number; later ones it may include will be repeated.
    /// `None` before the node has answered.
    pub(super) known: Option<u64>,
    /// The highest known number.
    pub(super) announced: u64,
    /// Something may have been missed.
    pub(super) stale: bool,
    pub(super) people: HashSet<PersonId>,
    pending: Option<Box<Pending>>,
}

/// What cannot be used yet.
#[derive(Debug, Default)]
struct Pending {
    /// Edges after a missing one.
    later: BTreeMap<u64, PresenceChanges>,
    gathering: Option<Gathering>,
}

/// The received parts of a full answer.
#[derive(Debug)]
struct Gathering {
    number: u64,
    parts: Vec<Option<Vec<PersonAppearance>>>,
    has_grown: bool,
}

impl Node {
    pub(super) fn new(id: NodeId) -> Self {
        let (known, people, pending) = (None, HashSet::new(), None);
        Self { id, known, announced: 0, stale: false, people, pending }
    }

    pub(super) fn is_behind(&self) -> bool {
        let waits = self.pending.as_ref().is_some_and(|pending| !pending.later.is_empty());
        self.stale || waits || self.known.is_none_or(|known| known < self.announced)
    }

    pub(super) fn was_answering(&mut self) -> bool {
        let gathering = self.pending.as_mut().and_then(|pending| pending.gathering.as_mut());
        gathering.is_some_and(|gathering| std::mem::take(&mut gathering.has_grown))
    }

    fn follows(&self, edges: &PresenceChanges) -> bool {
        edges.after == 0 || self.known.is_some_and(|known| edges.after <= known)
    }

    pub(super) fn receive_changes(&mut self, edges: PresenceChanges) -> Vec<Step> {
        let mut steps = Vec::new();
        if self.known.is_some_and(|known| edges.number <= known) {
            return steps;
        }
        self.announced = self.announced.max(edges.number);
        if self.follows(&edges) {
            self.apply(edges, &mut steps);
            self.go_on(&mut steps);
        } else {
            let later = &mut self.pending.get_or_insert_default().later;
            if later.len() < LATER {
                later.insert(edges.number, edges);
            }
        }
        steps
    }

    pub(super) fn receive_snapshot(&mut self, whole: PresenceSnapshot) -> Vec<Step> {
        let PresenceSnapshot { number, part, parts, people, .. } = whole;
        if self.known.is_some_and(|known| number <= known) || part >= parts || parts > PARTS {
            return Vec::new();
        }
        let gathering = &mut self.pending.get_or_insert_default().gathering;
        if gathering.as_ref().is_none_or(|gathering| gathering.number < number) {
            *gathering = Some(Gathering { number, parts: vec![None; parts], has_grown: false });
        }
        match gathering {
            Some(gathering) if gathering.number == number && part < gathering.parts.len() => {
                gathering.parts[part] = Some(people);
                gathering.has_grown = true;
                if gathering.parts.iter().any(Option::is_none) {
                    return Vec::new();
                }
                let people = gathering.parts.drain(..).flatten().flatten().collect();
                self.receive_all(number, people)
            }
            _ => Vec::new(),
        }
    }

    /// Up to this number, these are all.
    pub(super) fn receive_all(&mut self, number: u64, people: Vec<PersonAppearance>) -> Vec<Step> {
        let mut steps = Vec::new();
        if self.known.is_some_and(|known| number <= known) {
            return steps;
        }
        self.known = Some(number);
        self.stale = false;
        self.replace(people, &mut steps);
        self.go_on(&mut steps);
        steps
    }

    /// Applies what has waited for what is known now.
    fn go_on(&mut self, steps: &mut Vec<Step>) {
        let Some(mut pending) = self.pending.take() else { return };
        while let Some(first) = pending.later.first_entry() {
            if self.known.is_some_and(|known| *first.key() <= known) {
                first.remove();
            } else if self.follows(first.get()) {
                let edges = first.remove();
                self.apply(edges, steps);
            } else {
                break;
            }
        }
        pending.gathering.take_if(|one| self.known.is_some_and(|known| one.number <= known));
        if pending.gathering.is_some() || !pending.later.is_empty() {
            self.pending = Some(pending);
        }
    }

    fn apply(&mut self, edges: PresenceChanges, steps: &mut Vec<Step>) {
        self.known = Some(edges.number);
        if edges.after == 0 {
            self.replace(edges.came, steps);
        } else {
            for (person, appearance) in edges.came {
                if self.people.contains(&person) {
                    steps.push(Step::Appears(person, appearance));
                } else if self.people.len() < PEOPLE {
                    self.people.insert(person);
                    steps.push(Step::Came(person, appearance));
                }
            }
        }
        let gone = edges.left.into_iter().filter(|person| self.people.remove(person));
        steps.extend(gone.map(Step::Left));
    }

    fn replace(&mut self, people: Vec<PersonAppearance>, steps: &mut Vec<Step>) {
        let before = std::mem::take(&mut self.people);
        for (person, appearance) in people {
            if self.people.len() < PEOPLE && self.people.insert(person) {
                let step = if before.contains(&person) { Step::Appears } else { Step::Came };
                steps.push(step(person, appearance));
            }
        }
        steps.extend(before.difference(&self.people).copied().map(Step::Left));
    }
}
