//! The open connections of each person.

use std::sync::Arc;

use dashmap::DashMap;

use super::member::Member;
use crate::id::PersonId;

/// The person has reached the limit of open connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many connections of one person")]
pub struct PersonLimit;

#[derive(Debug, Default)]
pub(super) struct People {
    by_person: DashMap<PersonId, Vec<Arc<Member>>>,
}

impl People {
    pub(super) fn add(&self, member: &Arc<Member>, limit: usize) -> Result<(), PersonLimit> {
        let mut connections = self.by_person.entry(member.person).or_default();
        if connections.len() >= limit {
            return Err(PersonLimit);
        }
        connections.push(Arc::clone(member));
        Ok(())
    }

    pub(super) fn remove(&self, member: &Arc<Member>) -> bool {
        let mut removed = false;
        if let Some(mut connections) = self.by_person.get_mut(&member.person) {
            let before = connections.len();
            connections.retain(|other| other.connection != member.connection);
            removed = connections.len() < before;
        }
        self.by_person.remove_if(&member.person, |_, connections| connections.is_empty());
        removed
    }

    pub(super) fn connections(&self, person: PersonId) -> Vec<Arc<Member>> {
        self.by_person.get(&person).map(|connections| connections.clone()).unwrap_or_default()
    }

    pub(super) fn all_where(&self, wanted: impl Fn(&Member) -> bool) -> Vec<Arc<Member>> {
        let mut found = Vec::new();
        for entry in &self.by_person {
            found.extend(entry.value().iter().filter(|member| wanted(member)).cloned());
        }
        found
    }
}
