//! Who is typing in a channel, for the ticks.

use std::time::Duration;

use super::pushes::TypingPeople;
use crate::clock::Timestamp;
use crate::id::PersonId;

/// How long a sign of typing lasts.
const LASTS: Duration = Duration::from_secs(6);
/// How many people are remembered; with more, "and others" is said anyway.
const REMEMBERED: usize = 32;
/// How many are told by name.
const NAMED: usize = 3;

#[derive(Debug, Default)]
pub(super) struct Typing {
    people: Vec<(PersonId, String, Timestamp)>,
    changed: bool,
}

impl Typing {
    pub(super) fn start(&mut self, person: PersonId, name: &str, now: Timestamp) {
        let until = now.after(LASTS);
        if let Some(known) = self.people.iter_mut().find(|(id, _, _)| *id == person) {
            known.2 = until;
        } else if self.people.len() < REMEMBERED {
            self.people.push((person, name.to_owned(), until));
            self.changed = true;
        }
    }

    pub(super) fn stop(&mut self, person: PersonId) {
        let before = self.people.len();
        self.people.retain(|(id, _, _)| *id != person);
        self.changed |= self.people.len() < before;
    }

    /// Lets go who has stopped; true when that or something else has changed since the last tick.
    pub(super) fn tick(&mut self, now: Timestamp) -> bool {
        let before = self.people.len();
        self.people.retain(|(_, _, until)| *until > now);
        self.changed |= self.people.len() < before;
        std::mem::take(&mut self.changed)
    }

    /// Who is typing.
    pub(super) fn people(&self) -> TypingPeople {
        TypingPeople {
            names: self.people.iter().take(NAMED).map(|(_, name, _)| name.clone()).collect(),
            more: self.people.len().saturating_sub(NAMED),
        }
    }

    pub(super) fn is_waiting(&self) -> bool {
        !self.people.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_is_told_when_it_begins_and_when_it_ends() {
        let mut typing = Typing::default();
        let (ada, now) = (PersonId(uuid::Uuid::from_u128(1)), Timestamp(0));
        typing.start(ada, "Ada", now);
        assert!(typing.tick(now));
        assert_eq!(typing.people().names, ["Ada"]);
        typing.start(ada, "Ada", now.after(LASTS / 2));
        assert!(!typing.tick(now.after(LASTS)));
        assert!(typing.tick(now.after(LASTS * 2)));
        assert!(typing.people().names.is_empty());
        assert!(!typing.is_waiting());
    }
}
