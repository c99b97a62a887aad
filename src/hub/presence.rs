//! Who is in a channel: a person is there from their first connection to a short grace after the
//! last, so that a reload, a change of network or of the node is not seen by others.
//!
//! Each node tells the others its own comings and goings as they are, and each lets the grace run
//! by itself where it knows of no connection any more, here or elsewhere.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Bound;
use std::sync::Arc;
use std::time::Duration;

use super::elsewhere::{Elsewhere, Step};
use super::member::Face;
use super::words::{Edges, TOGETHER, There, Whole};
use crate::clock::Timestamp;
use crate::id::{ChannelId, NodeId, PersonId};

/// How long a person stays after their last connection has gone.
pub(super) const GRACE: Duration = Duration::from_secs(10);
/// Up to how many people a channel's comings and goings are told by name.
const NAMED: usize = 50;
/// How many of its own comings and goings a node tells others in a tick; the rest with the next.
const TOLD: usize = 8 * TOGETHER;

/// A person in a list of those present.
#[derive(Clone, Debug)]
pub struct PresentPerson {
    /// Who.
    pub person: PersonId,
    /// How they appear.
    pub face: Arc<Face>,
}

#[derive(Debug)]
struct Present {
    face: Arc<Face>,
    /// Here.
    connections: u32,
    /// On how many other nodes they are.
    elsewhere: u16,
    gone_at: Option<Timestamp>,
}

impl Present {
    fn is_nowhere(&self) -> bool {
        self.connections == 0 && self.elsewhere == 0
    }
}

/// What has changed since the last tick.
#[derive(Debug, Default)]
pub(super) struct Changes {
    pub(super) joined: Vec<Arc<Face>>,
    pub(super) left: Vec<PersonId>,
}

/// What this node tells others of its own people.
#[derive(Debug)]
struct Own {
    /// Who came, went or appears differently, and was not told yet.
    untold: HashSet<PersonId>,
    /// The number of what was told last.
    number: u64,
    /// Whether something was told since the channel was opened.
    has_told: bool,
}

/// What another node is answered.
#[derive(Debug)]
pub(super) enum OwnPeople {
    /// It knows all.
    Same,
    /// These; nobody perhaps.
    These(Vec<There>),
}

#[derive(Debug, Default)]
pub(super) struct Presence {
    people: HashMap<PersonId, Present>,
    /// By name, so that lists can be paged; the id tells people of one name apart.
    by_name: BTreeMap<(String, PersonId), Arc<Face>>,
    joined: Vec<PersonId>,
    left: Vec<PersonId>,
    leaving: usize,
    told: usize,
    /// When somebody's last connection here went.
    left_at: Option<Timestamp>,
    elsewhere: Elsewhere,
    /// Nothing where there are no other nodes.
    own: Option<Own>,
}

impl Presence {
    /// Of a channel that other nodes may have, too: a number above all that were told before.
    pub(super) fn shared(number: u64) -> Self {
        let own = Own { untold: HashSet::new(), number, has_told: false };
        Self { own: Some(own), ..Self::default() }
    }

    pub(super) fn total(&self) -> usize {
        self.people.len()
    }

    pub(super) fn join(&mut self, person: PersonId, face: &Arc<Face>) {
        let present = self.enter(person, face);
        present.connections += 1;
        if present.connections == 1 {
            // What this node knows of them is newer than what others told.
            self.appear(person, face);
            self.tell_others(person);
        }
    }

    /// Somebody who is connected here appears differently.
    pub(super) fn set_face(&mut self, person: PersonId, face: &Arc<Face>) {
        self.appear(person, face);
        self.tell_others(person);
    }

    pub(super) fn leave(&mut self, person: PersonId, now: Timestamp) {
        let Some(present) = self.people.get_mut(&person) else { return };
        present.connections = present.connections.saturating_sub(1);
        if present.connections == 0 {
            self.left_at = Some(now);
            self.tell_others(person);
        }
        self.begin_grace(person, now);
    }

    /// Another node's people have come and gone.
    pub(super) fn hear_edges(&mut self, node: NodeId, edges: Edges, now: Timestamp) {
        let steps = self.elsewhere.hear_edges(node, edges);
        self.apply(steps, now);
    }

    /// All people of another node, or a part of them.
    pub(super) fn hear_whole(&mut self, node: NodeId, whole: Whole, now: Timestamp) {
        let steps = self.elsewhere.hear_whole(node, whole);
        self.apply(steps, now);
    }

    /// Nobody of another node is there.
    pub(super) fn hear_nobody(&mut self, node: NodeId, number: u64, now: Timestamp) {
        let steps = self.elsewhere.hear_nobody(node, number);
        self.apply(steps, now);
    }

    /// Another node's people are gone, since then.
    pub(super) fn lose(&mut self, node: NodeId, gone_at: Timestamp) {
        let steps = self.elsewhere.lose(node);
        self.apply(steps, gone_at);
    }

    /// What is known of other nodes' people, and what is missing.
    pub(super) fn elsewhere(&mut self) -> &mut Elsewhere {
        &mut self.elsewhere
    }

    /// What is to be told to other nodes of this node's comings and goings, each with a number.
    pub(super) fn edges(&mut self, id: ChannelId, number: impl Fn() -> u64) -> Vec<Edges> {
        let Some(own) = &mut self.own else { return Vec::new() };
        let told: Vec<PersonId> = own.untold.iter().take(TOLD).copied().collect();
        let mut edges = Vec::new();
        for some in told.chunks(TOGETHER) {
            let after = if own.has_told { own.number } else { 0 };
            own.has_told = true;
            own.number = number();
            let (mut came, mut left) = (Vec::new(), Vec::new());
            for person in some {
                own.untold.remove(person);
                match self.people.get(person).filter(|present| present.connections > 0) {
                    Some(present) => came.push((*person, Arc::clone(&present.face))),
                    None => left.push(*person),
                }
            }
            edges.push(Edges { channel: id, after, number: own.number, came, left });
        }
        edges
    }

    /// This node's people, for another one that knows them up to a number.
    pub(super) fn own_people(&self, known: u64) -> OwnPeople {
        if self.own.as_ref().is_some_and(|own| own.number <= known) {
            return OwnPeople::Same;
        }
        let here = self.people.iter().filter(|(_, present)| present.connections > 0);
        let there = here.map(|(person, present)| (*person, Arc::clone(&present.face)));
        OwnPeople::These(there.collect())
    }

    /// Who is there now is no news.
    pub(super) fn settle(&mut self) {
        self.joined.clear();
        self.left.clear();
        self.told = self.total();
    }

    /// Lets those go whose grace is over, and tells what has changed.
    pub(super) fn tick(&mut self, now: Timestamp) -> Option<Changes> {
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
        let faces = joined.iter().filter_map(|person| self.people.get(person));
        let joined = faces.filter(|one| one.face.listed).map(|one| Arc::clone(&one.face)).collect();
        Some(Changes { joined, left })
    }

    /// Whether somebody's grace is running, or something is to be told to other nodes.
    pub(super) fn is_waiting(&self) -> bool {
        self.leaving > 0 || self.has_untold()
    }

    /// Whether this node has nothing more to do with it, when nobody is connected here.
    pub(super) fn is_over(&self, now: Timestamp) -> bool {
        !self.has_untold() && self.left_at.is_none_or(|left_at| left_at <= now.before(GRACE))
    }

    /// The people present by name, at most `limit` after `cursor`, and the cursor of the next page.
    pub(super) fn page(
        &self,
        cursor: Option<(String, PersonId)>,
        search: &str,
        limit: usize,
    ) -> (Vec<PresentPerson>, Option<(String, PersonId)>) {
        let search = search.to_lowercase();
        let from = cursor.map_or(Bound::Unbounded, Bound::Excluded);
        let mut found = self
            .by_name
            .range((from, Bound::Unbounded))
            .filter(|((name, _), _)| search.is_empty() || name.contains(&search));
        let page: Vec<_> = found.by_ref().take(limit).collect();
        let next = found.next().and(page.last().map(|(key, _)| (*key).clone()));
        let people = page
            .iter()
            .map(|((_, person), face)| PresentPerson { person: *person, face: Arc::clone(face) });
        (people.collect(), next)
    }

    fn has_untold(&self) -> bool {
        self.own.as_ref().is_some_and(|own| !own.untold.is_empty())
    }

    fn tell_others(&mut self, person: PersonId) {
        if let Some(own) = &mut self.own {
            own.untold.insert(person);
        }
    }

    /// The person is there, from now on if they were not.
    fn enter(&mut self, person: PersonId, face: &Arc<Face>) -> &mut Present {
        match self.people.entry(person) {
            Entry::Occupied(known) => {
                let present = known.into_mut();
                if present.gone_at.take().is_some() {
                    self.leaving -= 1;
                }
                present
            }
            Entry::Vacant(place) => {
                if face.listed {
                    self.by_name.insert((face.name.to_lowercase(), person), Arc::clone(face));
                }
                // The list is only told in small channels, so that it need not grow in large ones.
                if self.joined.len() <= NAMED {
                    self.joined.push(person);
                }
                let face = Arc::clone(face);
                place.insert(Present { face, connections: 0, elsewhere: 0, gone_at: None })
            }
        }
    }

    fn appear(&mut self, person: PersonId, face: &Arc<Face>) {
        let Some(present) = self.people.get_mut(&person) else { return };
        if Arc::ptr_eq(&present.face, face) {
            return;
        }
        let before = std::mem::replace(&mut present.face, Arc::clone(face));
        self.by_name.remove(&(before.name.to_lowercase(), person));
        if face.listed {
            self.by_name.insert((face.name.to_lowercase(), person), Arc::clone(face));
        }
    }

    /// Who is connected nowhere any more may come back for a while.
    fn begin_grace(&mut self, person: PersonId, gone_at: Timestamp) {
        let Some(present) = self.people.get_mut(&person) else { return };
        if present.is_nowhere() && present.gone_at.is_none() {
            present.gone_at = Some(gone_at);
            self.leaving += 1;
        }
    }

    fn apply(&mut self, steps: Vec<Step>, now: Timestamp) {
        for step in steps {
            match step {
                Step::Came(person, face) => {
                    let present = self.enter(person, &face);
                    present.elsewhere += 1;
                    self.appear_elsewhere(person, &face);
                }
                Step::Appears(person, face) => self.appear_elsewhere(person, &face),
                Step::Left(person) => {
                    if let Some(present) = self.people.get_mut(&person) {
                        present.elsewhere = present.elsewhere.saturating_sub(1);
                    }
                    self.begin_grace(person, now);
                }
            }
        }
    }

    fn appear_elsewhere(&mut self, person: PersonId, face: &Arc<Face>) {
        if self.people.get(&person).is_some_and(|present| present.connections == 0) {
            self.appear(person, face);
        }
    }

    fn release(&mut self, now: Timestamp) {
        if self.leaving == 0 {
            return;
        }
        let over = now.before(GRACE);
        let gone: Vec<PersonId> = self
            .people
            .iter()
            .filter(|(_, present)| present.gone_at.is_some_and(|gone_at| gone_at <= over))
            .map(|(person, _)| *person)
            .collect();
        for person in gone {
            let Some(present) = self.people.remove(&person) else { continue };
            self.leaving -= 1;
            self.by_name.remove(&(present.face.name.to_lowercase(), person));
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

    fn person(number: u128) -> PersonId {
        PersonId(Uuid::from_u128(number))
    }

    fn face(name: &str) -> Arc<Face> {
        let card = RawValue::from_string("{}".to_owned()).unwrap();
        Arc::new(Face { name: name.to_owned(), card, listed: true })
    }

    const START: Timestamp = Timestamp(1_000_000);

    #[test]
    fn a_second_connection_and_a_quick_return_are_not_seen() {
        let mut presence = Presence::default();
        presence.join(person(1), &face("Ada"));
        presence.join(person(1), &face("Ada"));
        assert!(presence.tick(START).is_some());
        assert_eq!(presence.total(), 1);
        presence.leave(person(1), START);
        presence.leave(person(1), START);
        presence.join(person(1), &face("Ada"));
        assert!(presence.tick(START.after(GRACE)).is_none());
        assert!(!presence.is_waiting());
    }

    #[test]
    fn a_person_leaves_when_the_grace_is_over() {
        let mut presence = Presence::default();
        presence.join(person(1), &face("Ada"));
        presence.tick(START);
        presence.leave(person(1), START);
        assert!(presence.tick(START.after(GRACE / 2)).is_none());
        let changes = presence.tick(START.after(GRACE)).unwrap();
        assert_eq!((presence.total(), changes.left), (0, vec![person(1)]));
    }

    #[test]
    fn people_are_listed_by_name_in_pages() {
        let mut presence = Presence::default();
        for (number, name) in [(1, "Zoë"), (2, "ada"), (3, "Ben")] {
            presence.join(person(number), &face(name));
        }
        let (first, next) = presence.page(None, "", 2);
        let names = |page: &[PresentPerson]| -> Vec<String> {
            page.iter().map(|present| present.face.name.clone()).collect()
        };
        assert_eq!(names(&first), ["ada", "Ben"]);
        let (second, end) = presence.page(next, "", 2);
        assert_eq!(names(&second), ["Zoë"]);
        assert!(end.is_none());
        assert_eq!(names(&presence.page(None, "EN", 9).0), ["Ben"]);
    }

    #[test]
    fn a_crowd_is_told_as_a_total_only() {
        let mut presence = Presence::default();
        for number in 0..60 {
            presence.join(person(number), &face("One"));
        }
        let changes = presence.tick(START).unwrap();
        assert_eq!(presence.total(), 60);
        assert!(changes.joined.is_empty());
    }
}
