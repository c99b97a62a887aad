//! The announcements between nodes about events. Missed ones are found by comparing versions, also
//! after a gap ([`watch`](super::watch())).
//!
//! A change is announced after its commit and before this node reads the event again itself: both
//! take the same few milliseconds side by side. All parts of a change are one message; one that
//! would name more than 256 people says only that everything must be read again. A node that does
//! not know a part of it takes it the same way.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Events, News, Part, Registered, Versions};
use crate::bus::{Announcement, Announcements};
use crate::db::DbError;
use crate::id::{EventId, PersonId};

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

/// A [`Part`] between nodes: its name, or its name and the object that has changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
enum ToldPart {
    Any(String),
    Of(BTreeMap<String, Uuid>),
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
    let EventChanged { event, after, version, ref news } = changed;
    let known = news.as_ref().and_then(|news| known(news, &events.registered()));
    let Some(news) = known else { return events.tell_all(event).await };
    if events.known(event).is_none() {
        // It is not cached here; it is read from the database on demand.
        return Ok(());
    }
    events.hear(event, Versions { after, version }, news).await
}

/// The news, if all the parts are known here. A newer node may have others, and how they relate to
/// those known here cannot be told.
fn known(news: &[ToldNews], registered: &Registered) -> Option<Vec<News>> {
    let news = news.iter().map(|one| {
        let part = match &one.part {
            ToldPart::Any(name) => registered.part_named(name)?,
            ToldPart::Of(object) => {
                let (name, object) = object.first_key_value()?;
                registered.part_named(name)?.of(*object)
            }
        };
        Some(News { part, people: one.people.clone() })
    });
    news.collect()
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

impl From<Part> for ToldPart {
    fn from(part: Part) -> Self {
        let name = part.name().to_owned();
        match part.object() {
            Some(object) => Self::Of(BTreeMap::from([(name, object)])),
            None => Self::Any(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOOTHS: Part = Part::new("booths").public();

    fn person(number: u128) -> PersonId {
        PersonId(Uuid::from_u128(number))
    }

    fn heard(changed: &EventChanged, more: &[Part]) -> Option<Vec<News>> {
        let mut registered = Registered::default();
        more.iter().for_each(|part| registered.part(*part));
        known(changed.news.as_ref()?, &registered)
    }

    /// Nodes of other versions must still understand these.
    #[test]
    fn it_looks_like_this() {
        let id = Uuid::from_u128(1);
        let news = [Part::SWITCHES.of(id), Part::EVENT].map(|part| News { part, people: vec![] });
        let changed = EventChanged::new(EventId(id), Versions::one(4), &news);
        let text = r#"{"event":"ID","after":3,"version":4,"news":[{"part":{"switches":"ID"},"people":[]},{"part":"event","people":[]}]}"#;
        let text = text.replace("ID", &id.to_string());
        assert_eq!(serde_json::to_string(&changed).unwrap(), text);
        assert_eq!(serde_json::from_str::<EventChanged>(&text).unwrap(), changed);
    }

    #[test]
    fn what_is_told_is_what_is_heard() {
        let object = Uuid::from_u128(7);
        let parts =
            [Part::EVENT, Part::ROOMS, Part::SWITCHES.of(object), BOOTHS, BOOTHS.of(object)];
        let news = parts.map(|part| News { part, people: vec![person(1)] });
        let told = EventChanged::new(EventId(Uuid::nil()), Versions::one(9), &news);
        let heard = heard(&told, &[BOOTHS]).unwrap();
        assert_eq!(heard, news);
        assert!(heard[3].part.is_public(), "what is registered decides, not what travels");
    }

    #[test]
    fn a_part_of_a_newer_node_may_be_anything() {
        let news = [Part::ROOMS, BOOTHS].map(|part| News { part, people: vec![] });
        let told = EventChanged::new(EventId(Uuid::nil()), Versions::one(9), &news);
        assert_eq!(heard(&told, &[]), None);
        assert!(heard(&told, &[BOOTHS]).is_some());
    }

    #[test]
    fn a_crowd_is_not_named() {
        let crowd = |most: usize| {
            let people = (0..most).map(|number| person(number as u128)).collect();
            let news = [News { part: BOOTHS, people }];
            EventChanged::new(EventId(Uuid::nil()), Versions::one(9), &news).news
        };
        assert!(crowd(MAX_NAMED).is_some());
        assert_eq!(crowd(MAX_NAMED + 1), None);
    }
}
