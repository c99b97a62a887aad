//! What some scenarios wait for, beside messages: that somebody is told of a change, or of a sum.

use super::{Crowd, People};
use crate::clock::Nanos;
use crate::engine::Slot;

/// What was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum News {
    /// The event has changed, and is to be read again within this time.
    Changed { within: Nanos },
    /// All nodes together count so many.
    Counted(u64),
}

/// Who was told something, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Heard {
    pub(crate) slot: Slot,
    pub(crate) at: Nanos,
    pub(crate) news: News,
}

impl Crowd {
    /// From now on, what is told is kept for [`take_heard`](Self::take_heard).
    pub(crate) fn listen(&mut self) {
        self.people.heard.get_or_insert_default();
    }

    /// What was told since this was asked last.
    pub(crate) fn take_heard(&mut self) -> Vec<Heard> {
        self.people.heard.as_mut().map(std::mem::take).unwrap_or_default()
    }
}

impl People {
    pub(super) fn hear(&mut self, slot: Slot, at: Nanos, news: News) {
        self.account.others += 1;
        if let Some(heard) = &mut self.heard {
            heard.push(Heard { slot, at, news });
        }
    }
}
