//! The announcements between nodes about events. Missed ones are found by comparing versions, also
//! after a gap ([`watch`](super::watch())).
//!
//! A change is announced after its commit and before this node reads the event again, so that both
//! take the same few milliseconds in parallel. All parts of a change are one message; one that
//! would name more than 256 people only says that everything must be read again.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Events, News, Part, Versions};
use crate::bus::{Announcement, Announcements};
use crate::db::DbError;
use crate::id::{EventId, PersonId, RoomId};

/// How many people an announcement names; beyond that everything is read again.
const MAX_NAMED: usize = 256;

/// An event has changed: its rooms, roles, sanctions, registrations, itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct EventChanged {
    event: EventId,
    /// The version before.
    after: u64,
    /// The version since.
    version: u64,
    /// What has changed; `None` if it is too much, so that everything may have.
    news: Option<Vec<ToldNews>>,
}

impl Announcement for EventChanged {
    const NAME: &'static str = "event";
}

/// [`News`] as announced to other nodes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct ToldNews {
    part: ToldPart,
    people: Vec<PersonId>,
}

/// A [`Part`] as announced to other nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ToldPart {
    Event,
    Rooms,
    Switches(RoomId),
    Agenda,
    Roles,
    Sanctions,
    Registrations,
}

/// Registers the handlers of other nodes' announcements.
pub fn announcements<C>(announcements: &mut Announcements<C>, events: &Arc<Events>)
where
    C: Clone + Send + Sync + 'static,
{
    let events = Arc::clone(events);
    announcements.handle(move |_, changed| handle_change(Arc::clone(&events), changed));
}

async fn handle_change(events: Arc<Events>, changed: EventChanged) -> Result<(), DbError> {
    let EventChanged { event, after, version, news } = changed;
    let Some(news) = news else { return events.tell_all(event).await };
    if events.known(event).is_none() {
        // It is not cached here; it is read from the database on demand.
        return Ok(());
    }
    let news = news.into_iter().map(News::from).collect();
    events.hear(event, Versions { after, version }, news).await
}

impl EventChanged {
    pub(super) fn new(event: EventId, versions: Versions, news: &[News]) -> Self {
        let named: usize = news.iter().map(|one| one.people.len()).sum();
        let told = |one: &News| ToldNews { part: one.part.into(), people: one.people.clone() };
        Self {
            event,
            after: versions.after,
            version: versions.version,
            news: (named <= MAX_NAMED).then(|| news.iter().map(told).collect()),
        }
    }
}

impl From<ToldNews> for News {
    fn from(news: ToldNews) -> Self {
        Self { part: news.part.into(), people: news.people }
    }
}

impl From<Part> for ToldPart {
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

impl From<ToldPart> for Part {
    fn from(part: ToldPart) -> Self {
        match part {
            ToldPart::Event => Self::Event,
            ToldPart::Rooms => Self::Rooms,
            ToldPart::Switches(room) => Self::Switches(room),
            ToldPart::Agenda => Self::Agenda,
            ToldPart::Roles => Self::Roles,
            ToldPart::Sanctions => Self::Sanctions,
            ToldPart::Registrations => Self::Registrations,
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn person(number: u128) -> PersonId {
        PersonId(Uuid::from_u128(number))
    }

    fn heard(changed: EventChanged) -> Option<Vec<News>> {
        changed.news.map(|news| news.into_iter().map(News::from).collect())
    }

    /// Nodes of other versions must still understand these.
    #[test]
    fn it_looks_like_this() {
        let id = Uuid::from_u128(1);
        let news = [News { part: Part::Switches(RoomId(id)), people: vec![] }];
        let changed = EventChanged::new(EventId(id), Versions::one(4), &news);
        let text = r#"{"event":"ID","after":3,"version":4,"news":[{"part":{"switches":"ID"},"people":[]}]}"#;
        let text = text.replace("ID", &id.to_string());
        assert_eq!(serde_json::to_string(&changed).unwrap(), text);
        assert_eq!(serde_json::from_str::<EventChanged>(&text).unwrap(), changed);
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
        let told = EventChanged::new(EventId(Uuid::nil()), Versions::one(9), &news);
        assert_eq!(heard(told), Some(news.to_vec()));
    }

    #[test]
    fn a_crowd_is_not_named() {
        let crowd = |most: usize| {
            let people = (0..most).map(|number| person(number as u128)).collect();
            let news = [News { part: Part::Roles, people }];
            heard(EventChanged::new(EventId(Uuid::nil()), Versions::one(9), &news))
        };
        assert!(crowd(MAX_NAMED).is_some());
        assert_eq!(crowd(MAX_NAMED + 1), None);
    }
}
