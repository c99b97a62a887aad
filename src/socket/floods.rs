//! Who was disconnected for sending too much, and may not come back before the told delay is over.

use std::collections::HashMap;
use std::time::Duration;

use parking_lot::Mutex;

use crate::clock::Uptime;
use crate::id::PersonId;
use crate::protocol::CloseReason;

/// How many people are remembered; with more, those who come back early are let in.
const MAX_PEOPLE: usize = 10_000;

/// The people, by the moment from which on they may come back.
#[derive(Debug, Default)]
pub(super) struct Floods(Mutex<HashMap<PersonId, Uptime>>);

impl Floods {
    /// Notes that somebody was disconnected now.
    pub(super) fn note(&self, person: PersonId, now: Uptime) {
        let mut people = self.0.lock();
        if people.len() >= MAX_PEOPLE {
            people.retain(|_, until| *until > now);
        }
        if people.len() < MAX_PEOPLE {
            let delay = CloseReason::Flood.retry_after().unwrap_or_default();
            people.insert(person, now.after(delay));
        }
    }

    /// How long somebody still has to wait.
    pub(super) fn wait(&self, person: PersonId, now: Uptime) -> Option<Duration> {
        let mut people = self.0.lock();
        let until = *people.get(&person)?;
        if until <= now {
            people.remove(&person);
            return None;
        }
        Some(until.since(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_ends() {
        let floods = Floods::default();
        let (ada, ben) = (PersonId(uuid::Uuid::from_u128(1)), PersonId(uuid::Uuid::from_u128(2)));
        let at = |seconds| Uptime(Duration::from_secs(seconds));
        floods.note(ada, at(10));
        assert_eq!(floods.wait(ada, at(20)), Some(Duration::from_secs(50)));
        assert_eq!(floods.wait(ben, at(20)), None);
        assert_eq!(floods.wait(ada, at(70)), None);
        assert!(floods.0.lock().is_empty());
    }

    #[test]
    fn many_are_bounded() {
        let floods = Floods::default();
        for number in 0..2 * MAX_PEOPLE as u128 {
            floods.note(PersonId(uuid::Uuid::from_u128(number)), Uptime::default());
        }
        assert_eq!(floods.0.lock().len(), MAX_PEOPLE);
    }
}
