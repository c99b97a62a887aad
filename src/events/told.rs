//! Tracks up to which version listeners have been notified of an event.
//!
//! Changes are announced by their author: this node, another one, whose message may be late or
//! lost, or a command line, which does not announce. So a newer version does not prove that the
//! previous one was announced; only an unbroken sequence of changes does.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{EventSnapshot, Versions};

/// How many changes may wait for an earlier one; beyond that, everything is announced again.
const AHEAD: usize = 1_024;

#[derive(Debug)]
pub(super) struct Told {
    /// Everything up to this version was announced.
    upto: u64,
    /// Later changes that were announced already: where they begin and end.
    ahead: BTreeMap<u64, u64>,
    /// The event at that version, or at an older one.
    event: Arc<EventSnapshot>,
}

impl Told {
    /// An event that is read for the first time has no listeners yet: nothing is missing.
    pub(super) fn new(event: &Arc<EventSnapshot>) -> Self {
        Self { upto: event.version, ahead: BTreeMap::new(), event: Arc::clone(event) }
    }

    /// A change was announced; `now` is the event since.
    pub(super) fn add(&mut self, change: Versions, now: &Arc<EventSnapshot>) {
        if self.ahead.len() < AHEAD {
            let end = self.ahead.entry(change.after).or_default();
            *end = change.version.max(*end);
        }
        self.advance(self.upto, now);
    }

    /// Everything was announced, up to this.
    pub(super) fn add_all(&mut self, now: &Arc<EventSnapshot>) {
        self.advance(self.upto.max(now.version), now);
    }

    fn advance(&mut self, upto: u64, now: &Arc<EventSnapshot>) {
        self.upto = upto;
        while let Some(first) = self.ahead.first_entry().filter(|first| *first.key() <= self.upto) {
            self.upto = self.upto.max(first.remove());
        }
        if now.version == self.upto {
            self.event = Arc::clone(now);
        }
    }

    /// Whether something up to this version was not announced.
    pub(super) fn is_behind(&self, version: u64) -> bool {
        self.upto < version
    }

    /// The event as it was when everything was announced, or before.
    pub(super) fn event(&self) -> Arc<EventSnapshot> {
        Arc::clone(&self.event)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::snapshot::at_version;

    fn told(version: u64) -> Told {
        Told::new(&Arc::new(at_version(version)))
    }

    fn add(told: &mut Told, after: u64, version: u64, now: u64) {
        told.add(Versions { after, version }, &Arc::new(at_version(now)));
    }

    #[test]
    fn one_after_the_other_is_complete() {
        let mut told = told(4);
        add(&mut told, 4, 5, 5);
        add(&mut told, 5, 8, 8);
        assert!(!told.is_behind(8));
        assert_eq!(told.event().version, 8);
    }

    #[test]
    fn a_change_that_nobody_told_is_missing_although_the_next_was_told() {
        let mut told = told(4);
        add(&mut told, 5, 6, 6);
        assert!(told.is_behind(6));
        assert_eq!(told.event().version, 4, "what differs since is still to be found");
        add(&mut told, 4, 5, 6);
        assert!(!told.is_behind(6), "it was late");
        assert_eq!(told.event().version, 6);
    }

    #[test]
    fn who_was_told_everything_is_told_on_from_there() {
        let mut told = told(4);
        add(&mut told, 6, 7, 7);
        told.add_all(&Arc::new(at_version(7)));
        assert!(!told.is_behind(7));
        add(&mut told, 2, 3, 7);
        add(&mut told, 7, 8, 8);
        assert!(!told.is_behind(8));
    }

    #[test]
    fn what_waits_is_bounded() {
        let mut told = told(0);
        for version in 0..2_000 {
            add(&mut told, version + 1, version + 2, version + 2);
        }
        assert_eq!(told.ahead.len(), AHEAD);
        told.add_all(&Arc::new(at_version(2_001)));
        assert!(!told.is_behind(2_001));
        assert!(told.ahead.is_empty());
    }
}
