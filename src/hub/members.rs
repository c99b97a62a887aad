//! The members of a channel: a list that a fan-out holds while people come and go.

use std::collections::HashMap;
use std::sync::Arc;

use super::member::Member;
use crate::id::ConnectionId;

/// The members at one moment.
pub(crate) type MemberList = Arc<Vec<Arc<Member>>>;

/// Members in no order. Changing it copies the list only while a fan-out holds it.
#[derive(Debug, Default)]
pub(super) struct Members {
    list: MemberList,
    places: HashMap<ConnectionId, usize>,
}

impl Members {
    /// The present members, as a snapshot.
    pub(super) fn list(&self) -> MemberList {
        Arc::clone(&self.list)
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// True if it is new.
    pub(super) fn insert(&mut self, member: &Arc<Member>) -> bool {
        let list = Arc::make_mut(&mut self.list);
        match self.places.insert(member.connection, list.len()) {
            None => {
                list.push(Arc::clone(member));
                true
            }
            Some(place) => {
                self.places.insert(member.connection, place);
                false
            }
        }
    }

    /// True if it was a member.
    pub(super) fn remove(&mut self, connection: ConnectionId) -> bool {
        let Some(place) = self.places.remove(&connection) else { return false };
        let list = Arc::make_mut(&mut self.list);
        list.swap_remove(place);
        if let Some(moved) = list.get(place) {
            self.places.insert(moved.connection, place);
        }
        true
    }
}
