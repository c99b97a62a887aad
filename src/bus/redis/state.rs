//! The combined state of the connections to all servers.

use metrics::gauge;
use parking_lot::Mutex;

use crate::bus::counted::CONNECTED;
use crate::bus::inbox::Inbox;

/// Which servers are connected, and who is notified of it.
#[derive(Debug)]
pub(super) struct States {
    open: Mutex<Vec<bool>>,
    pub(super) inbox: Inbox,
}

impl States {
    pub(super) fn new(servers: usize, inbox: Inbox) -> Self {
        gauge!(CONNECTED).set(0.0);
        Self { open: Mutex::new(vec![false; servers]), inbox }
    }

    /// This one is connected from now on.
    pub(super) fn opened(&self, index: usize) {
        let mut open = self.open.lock();
        set(&mut open, index, true);
        if open.iter().all(|open| *open) {
            self.inbox.opened();
        } else {
            self.inbox.gap();
        }
    }

    /// This one is no longer connected.
    pub(super) fn lost(&self, index: usize) {
        set(&mut self.open.lock(), index, false);
        self.inbox.lost();
    }
}

#[expect(clippy::cast_precision_loss, reason = "a few servers")]
fn set(open: &mut [bool], index: usize, is_open: bool) {
    open[index] = is_open;
    gauge!(CONNECTED).set(open.iter().filter(|open| **open).count() as f64);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bus::LinkState;

    #[test]
    fn the_way_is_open_only_when_all_servers_are_heard() {
        let (inbox, _intake) = Inbox::new(1);
        let states = States::new(2, inbox.clone());
        let gaps = inbox.gaps();
        states.opened(1);
        assert!(matches!(inbox.link_state(), LinkState::Lost(_)));
        states.opened(0);
        assert_eq!(inbox.link_state(), LinkState::Open);
        assert_eq!(*gaps.borrow(), 2, "each return is a gap");
        states.lost(1);
        assert!(matches!(inbox.link_state(), LinkState::Lost(_)));
    }
}
