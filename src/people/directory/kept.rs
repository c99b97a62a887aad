//! The cached people of a directory, in order.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Entry, Position, Wanted};
use crate::id::PersonId;

/// The people of a directory, compactly: two pointers and an [`Entry`] each.
#[derive(Debug, Default)]
pub(super) struct Kept {
    in_order: Vec<Arc<Entry>>,
    by_id: HashMap<PersonId, Arc<Entry>>,
}

impl Kept {
    pub(super) fn new(mut people: Vec<Arc<Entry>>) -> Self {
        people.sort_unstable_by(|one, other| place(one).cmp(&place(other)));
        people.shrink_to_fit();
        let by_id = people.iter().map(|entry| (entry.id, Arc::clone(entry))).collect();
        Self { in_order: people, by_id }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.in_order.len()
    }

    pub(super) fn find(&self, person: PersonId) -> Option<&Entry> {
        self.by_id.get(&person).map(Arc::as_ref)
    }

    /// Those of the requested page, and one more if there are more.
    pub(super) fn page(&self, wanted: &Wanted) -> impl Iterator<Item = &Entry> {
        let begin = wanted.after.as_ref().map_or(0, |Position(key, person)| {
            self.in_order.partition_point(|entry| place(entry) <= (key, *person))
        });
        let rest = self.in_order[begin..].iter().map(Arc::as_ref);
        rest.filter(|entry| wanted.words.iter().all(|word| entry.key.contains(word)))
            .take(wanted.most())
    }

    /// Replaces `people` by those that were found when they were read again. Returns whether that
    /// changed anything.
    pub(super) fn replace(&mut self, people: &[PersonId], found: Vec<Arc<Entry>>) -> bool {
        let mut found: HashMap<PersonId, Arc<Entry>> =
            found.into_iter().map(|entry| (entry.id, entry)).collect();
        let mut changed = false;
        for person in people {
            let (old, new) = (self.by_id.get(person), found.remove(person));
            if old == new.as_ref() {
                continue;
            }
            changed = true;
            if let Some(old) = self.by_id.remove(person)
                && let Ok(index) = self.index(&old)
            {
                self.in_order.remove(index);
            }
            if let Some(new) = new
                && let Err(index) = self.index(&new)
            {
                self.in_order.insert(index, Arc::clone(&new));
                self.by_id.insert(*person, new);
            }
        }
        changed
    }

    fn index(&self, entry: &Entry) -> Result<usize, usize> {
        self.in_order.binary_search_by(|other| place(other).cmp(&place(entry)))
    }
}

fn place(entry: &Entry) -> (&str, PersonId) {
    (&entry.key, entry.id)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::identity::person::search_key;

    fn person(id: u128) -> PersonId {
        PersonId(Uuid::from_u128(id))
    }

    fn entry(id: u128, name: &str, affiliation: &str) -> Arc<Entry> {
        Arc::new(Entry {
            key: search_key(name, affiliation).into(),
            id: person(id),
            name: name.into(),
            affiliation: affiliation.into(),
            picture: None,
            about: "".into(),
            languages: "[]".into(),
        })
    }

    fn names<'a>(kept: &'a Kept, wanted: &Wanted) -> Vec<&'a str> {
        kept.page(wanted).map(|entry| &*entry.name).collect()
    }

    fn all() -> Wanted {
        Wanted::new(None, None, 200)
    }

    #[test]
    fn pages_go_on_after_a_position_even_if_who_stood_there_is_gone() {
        let people =
            [entry(3, "Cy", ""), entry(1, "Ada", ""), entry(4, "Bo", ""), entry(2, "Bo", "")];
        let mut kept = Kept::new(people.to_vec());
        assert_eq!(names(&kept, &Wanted::new(None, None, 1)), ["Ada", "Bo"], "and one more");
        let after = Some(Position("bo".to_owned(), person(2)));
        let next = Wanted::new(None, after, 5);
        let ids = |kept: &Kept| kept.page(&next).map(|entry| entry.id).collect::<Vec<_>>();
        assert_eq!(ids(&kept), [person(4), person(3)], "those of one name go by their ids");
        assert!(kept.replace(&[person(2)], vec![]));
        assert_eq!(ids(&kept), [person(4), person(3)]);
    }

    #[test]
    fn a_search_wants_every_word() {
        let kept = Kept::new(vec![entry(1, "Zoë Ångström", "Café Müller"), entry(2, "Zoe", "")]);
        let search = |words| names(&kept, &Wanted::new(Some(words), None, 9));
        assert_eq!(search("muller  ANGSTROM"), ["Zoë Ångström"]);
        assert_eq!(search("zo"), ["Zoe", "Zoë Ångström"]);
        assert!(search("zoe%").is_empty());
    }

    #[test]
    fn who_is_read_again_moves_comes_or_goes() {
        let mut kept = Kept::new(vec![entry(1, "Ada", ""), entry(2, "Bo", "")]);
        assert!(kept.replace(&[person(1)], vec![entry(1, "Zoe", "")]));
        assert_eq!(names(&kept, &all()), ["Bo", "Zoe"]);
        assert!(kept.replace(&[person(3), person(2)], vec![entry(3, "Al", "")]));
        assert_eq!(names(&kept, &all()), ["Al", "Zoe"]);
        assert!(kept.find(person(2)).is_none());
        assert!(!kept.replace(&[person(9)], vec![]), "a stranger changes nothing");
        assert!(!kept.replace(&[person(3)], vec![entry(3, "Al", "")]), "nor who is the same");
        assert_eq!(kept.len(), 2);
    }

    #[test]
    fn a_person_takes_few_bytes() {
        assert!(size_of::<Entry>() <= 112, "{} bytes", size_of::<Entry>());
    }
}
