//! Whether a cached directory is still valid, and what has to be read before it is.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use super::kept::Kept;
use crate::clock::Timestamp;
use crate::id::PersonId;

/// Up to this many people are read again individually; for more, all are.
pub(super) const MAX_STALE: usize = 1_000;
/// The minimum interval between full readings, which take a tenth of a second for 12,000 people.
const WHOLE_EVERY: Duration = Duration::from_secs(2);
/// The minimum interval between full readings because of the event's version. Announced changes of
/// the directory do not wait for that; it is for unannounced ones.
const VERSION_EVERY: Duration = Duration::from_secs(10);
/// The interval of polling for changes outside this hub that raise no version.
const LOOK_EVERY: Duration = Duration::from_secs(3);
/// How long a directory that was too large counts as such.
const LARGE_FOR: Duration = Duration::from_secs(600);

/// The people, as far as they are in memory.
#[derive(Debug, Default)]
pub(super) enum People {
    #[default]
    Unread,
    Read(Kept),
    TooMany,
}

/// The people, and the known changes since they were read.
#[derive(Debug)]
pub(super) struct State {
    pub(super) people: People,
    /// Counts invalidations.
    pub(super) doubts: u64,
    /// Those who may have changed since they were read, with the number of the invalidation.
    pub(super) doubted: HashMap<PersonId, u64>,
    /// The number of the invalidation of everyone.
    pub(super) all_doubted: Option<u64>,
    /// At which version of the event, or a later one, all were read.
    pub(super) version: u64,
    pub(super) read_at: Instant,
    pub(super) looked_at: Instant,
    /// Changes before this time, by this hub's clock, are known.
    pub(super) known_until: Timestamp,
    /// Raised when somebody is added, removed or changed.
    pub(super) revision: u64,
}

/// What has to be read before the directory is valid.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Due {
    Nothing,
    All,
    Some,
    Look,
}

impl State {
    /// Nobody was read yet.
    pub(super) fn unread() -> Self {
        let now = Instant::now();
        Self {
            people: People::Unread,
            doubts: 0,
            doubted: HashMap::new(),
            all_doubted: None,
            version: 0,
            read_at: now,
            looked_at: now,
            known_until: Timestamp(0),
            revision: 0,
        }
    }

    /// What has to be read for a request at this version of the event.
    pub(super) fn due(&self, version: u64) -> Due {
        let read = self.read_at.elapsed();
        match self.people {
            People::Unread => return Due::All,
            People::TooMany if read < LARGE_FOR => return Due::Nothing,
            People::TooMany => return Due::All,
            People::Read(_) => {}
        }
        if self.all_doubted.is_some() && read >= WHOLE_EVERY
            || self.version < version && read >= VERSION_EVERY
        {
            Due::All
        } else if !self.doubted.is_empty() {
            Due::Some
        } else if self.looked_at.elapsed() >= LOOK_EVERY {
            Due::Look
        } else {
            Due::Nothing
        }
    }

    /// An empty list means everyone.
    pub(super) fn doubt(&mut self, people: &[PersonId]) {
        self.doubts += 1;
        if people.is_empty() || self.doubted.len() + people.len() > MAX_STALE {
            self.all_doubted = Some(self.doubts);
            self.doubted.clear();
        } else if !matches!(self.people, People::TooMany) {
            self.doubted.extend(people.iter().map(|person| (*person, self.doubts)));
        }
    }

    /// Marks those invalidated individually before the reading began as read. Only afterwards,
    /// because a reading may be cancelled.
    pub(super) fn settle(&mut self, began: u64) {
        self.doubted.retain(|_, doubt| *doubt > began);
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;
    use uuid::Uuid;

    use super::*;

    fn person(number: usize) -> PersonId {
        PersonId(Uuid::from_u128(number as u128))
    }

    fn read_at(version: u64) -> State {
        State { people: People::Read(Kept::default()), version, ..State::unread() }
    }

    #[tokio::test(start_paused = true)]
    async fn some_are_read_again_at_once_and_all_after_a_while() {
        let mut state = read_at(7);
        assert_eq!(state.due(7), Due::Nothing);
        state.doubt(&[person(1)]);
        assert_eq!(state.due(7), Due::Some);
        state.doubt(&[]);
        assert_eq!(state.due(7), Due::Nothing, "all were read a moment ago");
        state.doubt(&[person(2)]);
        assert_eq!(state.due(7), Due::Some, "what is done here is seen here at once");
        advance(WHOLE_EVERY).await;
        assert_eq!(state.due(7), Due::All);
    }

    #[tokio::test(start_paused = true)]
    async fn a_crowd_of_doubts_is_one_reading() {
        let mut state = read_at(7);
        for number in 0..=MAX_STALE {
            state.doubt(&[person(number)]);
        }
        assert!(state.doubted.is_empty());
        advance(WHOLE_EVERY).await;
        assert_eq!(state.due(7), Due::All);
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_told_to_nobody_is_looked_for() {
        let state = read_at(7);
        assert_eq!(state.due(8), Due::Nothing);
        advance(LOOK_EVERY).await;
        assert_eq!(state.due(8), Due::Look);
        advance(VERSION_EVERY).await;
        assert_eq!((state.due(7), state.due(8)), (Due::Look, Due::All));
    }

    #[tokio::test]
    async fn a_doubt_that_came_during_a_reading_stays() {
        let mut state = read_at(7);
        state.doubt(&[person(1)]);
        let began = state.doubts;
        state.doubt(&[person(2)]);
        state.settle(began);
        assert_eq!(state.doubted.keys().collect::<Vec<_>>(), [&person(2)]);
    }
}
