//! The people present, for lists: by name, in pages.

use std::ops::Bound;
use std::sync::Arc;

use super::Presence;
use crate::hub::Appearance;
use crate::id::PersonId;

/// A person in a list of those present.
#[derive(Clone, Debug)]
pub struct PresentPerson {
    /// Who.
    pub person: PersonId,
    /// How they appear.
    pub appearance: Arc<Appearance>,
}

impl Presence {
    /// The people present by name, at most `limit` after `cursor`, and the cursor of the next page.
    pub(in crate::hub) fn page(
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
        let people = page.iter().map(|((_, person), appearance)| PresentPerson {
            person: *person,
            appearance: Arc::clone(appearance),
        });
        (people.collect(), next)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{appearance, person};
    use super::*;

    #[test]
    fn people_are_listed_by_name_in_pages() {
        let mut presence = Presence::default();
        for (number, name) in [(1, "Zoë"), (2, "ada"), (3, "Ben")] {
            presence.join(person(number), &appearance(name));
        }
        let (first, next) = presence.page(None, "", 2);
        let names = |page: &[PresentPerson]| -> Vec<String> {
            page.iter().map(|present| present.appearance.name.clone()).collect()
        };
        assert_eq!(names(&first), ["ada", "Ben"]);
        let (second, end) = presence.page(next, "", 2);
        assert_eq!(names(&second), ["Zoë"]);
        assert!(end.is_none());
        assert_eq!(names(&presence.page(None, "EN", 9).0), ["Ben"]);
    }
}
