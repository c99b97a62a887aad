//! Who is in a channel: a person is there from their first connection to a short grace after the
//! last, so that a reload or a change of network is not seen by others.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;
use std::sync::Arc;
use std::time::Duration;

use super::member::Face;
use crate::clock::Timestamp;
use crate::id::PersonId;

/// How long a person stays after their last connection has gone.
pub(super) const GRACE: Duration = Duration::from_secs(10);
/// Up to how many people a channel's comings and goings are told by name.
const NAMED: usize = 50;

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
    connections: u32,
    gone_at: Option<Timestamp>,
}

/// What has changed since the last tick.
#[derive(Debug, Default)]
pub(super) struct Changes {
    pub(super) joined: Vec<Arc<Face>>,
    pub(super) left: Vec<PersonId>,
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
}

impl Presence {
    pub(super) fn total(&self) -> usize {
        self.people.len()
    }

    pub(super) fn join(&mut self, person: PersonId, face: &Arc<Face>) {
        if let Some(present) = self.people.get_mut(&person) {
            present.connections += 1;
            if present.gone_at.take().is_some() {
                self.leaving -= 1;
            }
            return;
        }
        let present = Present { face: Arc::clone(face), connections: 1, gone_at: None };
        self.people.insert(person, present);
        if face.listed {
            self.by_name.insert((face.name.to_lowercase(), person), Arc::clone(face));
        }
        // The list is only told in small channels, so that it need not grow in large ones.
        if self.joined.len() <= NAMED {
            self.joined.push(person);
        }
    }

    /// Somebody who is there appears differently.
    pub(super) fn set_face(&mut self, person: PersonId, face: &Arc<Face>) {
        let Some(present) = self.people.get_mut(&person) else { return };
        let before = std::mem::replace(&mut present.face, Arc::clone(face));
        self.by_name.remove(&(before.name.to_lowercase(), person));
        if face.listed {
            self.by_name.insert((face.name.to_lowercase(), person), Arc::clone(face));
        }
    }

    pub(super) fn leave(&mut self, person: PersonId, now: Timestamp) {
        let Some(present) = self.people.get_mut(&person) else { return };
        present.connections = present.connections.saturating_sub(1);
        if present.connections == 0 && present.gone_at.is_none() {
            present.gone_at = Some(now);
            self.leaving += 1;
        }
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

    /// Whether somebody's grace is running.
    pub(super) fn is_waiting(&self) -> bool {
        self.leaving > 0
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
