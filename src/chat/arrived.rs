//! What was read about people who have just connected, reused by the requests that follow their
//! hello, so that the database is not read twice.

use std::collections::VecDeque;
use std::time::Duration;

use dashmap::DashMap;
use parking_lot::Mutex;

use super::following::Following;
use crate::clock::Uptime;
use crate::id::ConnectionId;

/// How long it is valid: no longer than moved read pointers are remembered.
const FOUND_FOR: Duration = Duration::from_millis(500);

/// What was read, by connection.
#[derive(Debug, Default)]
pub(super) struct Arrived {
    found: DashMap<ConnectionId, (Uptime, Following)>,
    /// In the order of arrival, for expiry.
    order: Mutex<VecDeque<(Uptime, ConnectionId)>>,
}

impl Arrived {
    /// Keeps what was read for a moment.
    pub(super) fn keep(&self, connection: ConnectionId, following: Following, now: Uptime) {
        self.forget_old(now);
        self.found.insert(connection, (now, following));
        self.order.lock().push_back((now, connection));
    }

    /// Returns a part of what was read, if that was a moment ago.
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

    /// Drops what is too old.
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
