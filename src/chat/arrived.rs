//! What was found about those who have just come: good for the requests that come with their hello,
//! so that the database is not asked twice.

use std::collections::VecDeque;
use std::time::Duration;

use dashmap::DashMap;
use parking_lot::Mutex;

use super::following::Following;
use crate::clock::Uptime;
use crate::id::ConnectionId;

/// How long it is believed: no longer than is known which read pointers have moved since.
const FOUND_FOR: Duration = Duration::from_millis(500);

/// What was found, by connection.
#[derive(Debug, Default)]
pub(super) struct Arrived {
    found: DashMap<ConnectionId, (Uptime, Following)>,
    /// In the order of their coming, to be forgotten.
    order: Mutex<VecDeque<(Uptime, ConnectionId)>>,
}

impl Arrived {
    /// Keeps what was found for a moment.
    pub(super) fn keep(&self, connection: ConnectionId, following: Following, now: Uptime) {
        self.forget_old(now);
        self.found.insert(connection, (now, following));
        self.order.lock().push_back((now, connection));
    }

    /// Looks into what was found, if that is a moment ago.
    pub(super) fn look<T>(
        &self,
        connection: ConnectionId,
        now: Uptime,
        look: impl FnOnce(&Following) -> Option<T>,
    ) -> Option<T> {
        let found = self.found.get(&connection)?;
        let (at, following) = &*found;
        if now.since(*at) < FOUND_FOR { look(following) } else { None }
    }

    /// Forgets what is too old to be believed.
    pub(super) fn forget_old(&self, now: Uptime) {
        let mut order = self.order.lock();
        while let Some((at, connection)) = order.front().copied()
            && now.since(at) >= FOUND_FOR
        {
            order.pop_front();
            self.found.remove(&connection);
        }
    }
}
