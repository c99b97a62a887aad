//! What a change of an event says of itself, to this node and to others.

use super::Part;
use crate::bus::{self, Control};
use crate::id::{EventId, PersonId};

/// How many people a message to other nodes names; beyond that they find out by themselves.
const MOST_NAMED: usize = 256;

/// From which version of an event to which a change leads, both included in what it did: what no
/// change that was heard of leads to was done where nobody told it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Versions {
    /// The version before.
    pub after: u64,
    /// The version since.
    pub version: u64,
}

impl Versions {
    /// The change that raised the version once, to this one.
    pub fn one(version: u64) -> Self {
        Self { after: version.saturating_sub(1), version }
    }
}

/// What has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// What.
    pub part: Part,
    /// Whom it concerns; everybody when nobody is named.
    pub people: Vec<PersonId>,
}

/// The message to other nodes.
pub(super) fn message(event: EventId, versions: Versions, news: &[News]) -> Control {
    let named: usize = news.iter().map(|one| one.people.len()).sum();
    let told = |one: &News| bus::EventNews { part: one.part.into(), people: one.people.clone() };
    Control::Event {
        event,
        after: versions.after,
        version: versions.version,
        news: (named <= MOST_NAMED).then(|| news.iter().map(told).collect()),
    }
}

impl From<bus::EventNews> for News {
    fn from(news: bus::EventNews) -> Self {
        Self { part: news.part.into(), people: news.people }
    }
}

impl From<Part> for bus::EventPart {
    fn from(part: Part) -> Self {
        match part {
            Part::Event => Self::Event,
            Part::Rooms => Self::Rooms,
            Part::Switches(room) => Self::Switches(room),
            Part::Agenda => Self::Agenda,
            Part::Roles => Self::Roles,
            Part::Sanctions => Self::Sanctions,
            Part::Registrations => Self::Registrations,
        }
    }
}

impl From<bus::EventPart> for Part {
    fn from(part: bus::EventPart) -> Self {
        match part {
            bus::EventPart::Event => Self::Event,
            bus::EventPart::Rooms => Self::Rooms,
            bus::EventPart::Switches(room) => Self::Switches(room),
            bus::EventPart::Agenda => Self::Agenda,
            bus::EventPart::Roles => Self::Roles,
            bus::EventPart::Sanctions => Self::Sanctions,
            bus::EventPart::Registrations => Self::Registrations,
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::id::RoomId;

    fn person(number: u128) -> PersonId {
        PersonId(Uuid::from_u128(number))
    }

    fn heard(message: Control) -> Option<Vec<News>> {
        let Control::Event { news, .. } = message else { panic!("{message:?}") };
        news.map(|news| news.into_iter().map(News::from).collect())
    }

    #[test]
    fn what_is_told_is_what_is_heard() {
        let room = RoomId(Uuid::from_u128(7));
        let parts = [
            Part::Event,
            Part::Rooms,
            Part::Switches(room),
            Part::Agenda,
            Part::Roles,
            Part::Sanctions,
            Part::Registrations,
        ];
        let news = parts.map(|part| News { part, people: vec![person(1)] });
        let told = message(EventId(Uuid::nil()), Versions::one(9), &news);
        assert_eq!(heard(told), Some(news.to_vec()));
    }

    #[test]
    fn a_crowd_is_not_named() {
        let crowd = |most: usize| {
            let people = (0..most).map(|number| person(number as u128)).collect();
            let news = [News { part: Part::Roles, people }];
            heard(message(EventId(Uuid::nil()), Versions::one(9), &news))
        };
        assert!(crowd(MOST_NAMED).is_some());
        assert_eq!(crowd(MOST_NAMED + 1), None);
    }
}
