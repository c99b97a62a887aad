//! The directory: who takes part in an event and lets others find them.
//!
//! In it are people with a confirmed registration who did not opt out, and those who have a role
//! and no registration. Guests never are. It is answered from memory ([`Directories`]); the largest
//! ones from the database ([`store`]), by the same rules.

mod cache;
mod due;
mod kept;
mod store;

use std::sync::Arc;

use dashmap::DashMap;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::Clock;
use crate::db::{Db, DbError, from_json};
use crate::events::{EventSnapshot, Observer, Part};
use crate::http::conditional::Document;
use crate::http::page::Page;
use crate::id::{EventId, PersonId};
use crate::identity;
use crate::permission::Grant;
use crate::protocol::{Badge, Card, Refusal};
use crate::text;

use crate::identity::person::picture_path;
use cache::DirectoryCache;
pub use store::list as list_in_database;
pub(super) use store::push_search;

/// How many words a search may have; further ones are ignored.
const MAX_WORDS: usize = 5;

/// A person in the directory.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DirectoryPerson {
    /// Who they are.
    #[serde(flatten)]
    pub card: Card,
    /// What they say about themselves.
    pub about: String,
    /// The languages they speak.
    pub languages: Vec<String>,
    /// Their roles in the event.
    pub roles: Vec<Grant>,
    /// Where the list goes on after them.
    #[serde(skip)]
    pub position: Position,
}

/// A position in a list of people: by search key, then by id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position(pub String, pub PersonId);

/// A cached person of a directory: everything that does not come from the event. Two hundred bytes
/// and a few texts.
#[derive(Debug, PartialEq, Eq)]
struct Entry {
    /// Their key for searching and sorting.
    key: Box<str>,
    id: PersonId,
    name: Box<str>,
    affiliation: Box<str>,
    /// The picture's file.
    picture: Option<Box<str>>,
    about: Box<str>,
    /// As JSON: most have none.
    languages: Box<str>,
}

impl Entry {
    /// The person with what they are in this event.
    fn person(&self, event: &EventSnapshot) -> Result<DirectoryPerson, DbError> {
        let roles = event.grants_of(self.id);
        let card = Card {
            id: self.id,
            name: self.name.to_string(),
            reading: text::reading(&self.name),
            picture: self.picture.as_deref().map(picture_path),
            affiliation: Some(self.affiliation.to_string()).filter(|text| !text.is_empty()),
            badge: Badge::of(&roles),
        };
        Ok(DirectoryPerson {
            card,
            about: self.about.to_string(),
            languages: from_json(&self.languages)?,
            roles,
            position: Position(self.key.to_string(), self.id),
        })
    }
}

/// Which page of the directory.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Words of the name or the affiliation, ready to be looked for.
    words: Vec<String>,
    after: Option<Position>,
    size: u32,
}

impl Wanted {
    /// `size` people whose name or affiliation holds every word of `search`, by name, after that
    /// position.
    pub fn new(search: Option<&str>, after: Option<Position>, size: u32) -> Self {
        Self { words: words(search), after, size }
    }

    fn page(&self, found: Vec<DirectoryPerson>) -> Page<DirectoryPerson> {
        Page::cut(found, self.size, |last| last.position.clone())
    }

    /// One more than the page holds tells whether there is another page.
    fn most(&self) -> usize {
        self.size as usize + 1
    }
}

fn words(search: Option<&str>) -> Vec<String> {
    let key = text::search_key(search.unwrap_or_default());
    let words = key.split(' ').filter(|word| !word.is_empty());
    words.take(MAX_WORDS).map(str::to_owned).collect()
}

/// The cached directories, by event.
#[derive(Debug)]
pub struct Directories {
    db: Db,
    clock: Clock,
    caches: DashMap<EventId, Arc<DirectoryCache>>,
}

impl Directories {
    pub(super) fn new(db: &Db, clock: &Clock) -> Self {
        Self { db: db.clone(), clock: clock.clone(), caches: DashMap::new() }
    }

    /// Marks these people, or all if empty, to be read again before they are shown.
    fn doubt(&self, event: EventId, people: &[PersonId]) {
        let cache = self.caches.get(&event).map(|cache| Arc::clone(&cache));
        if let Some(cache) = cache {
            cache.doubt(people);
        }
    }

    /// Invalidates everyone, because announcements may have been missed.
    pub(super) fn invalidate_all(&self) {
        for cache in &self.caches {
            cache.doubt(&[]);
        }
    }

    /// The event's directory as it is now.
    async fn fresh(&self, event: &EventSnapshot) -> Result<Arc<DirectoryCache>, DbError> {
        let cache = self.cache(event.id);
        cache.refresh(&self.db, &self.clock, event).await?;
        Ok(cache)
    }

    /// A page of the event's directory.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn page(
        &self,
        event: &EventSnapshot,
        wanted: &Wanted,
    ) -> Result<Arc<Document>, Refusal> {
        let cache = self.fresh(event).await?;
        if let Some(document) = cache.page(event, wanted)? {
            return Ok(document);
        }
        let found = store::list(&self.db, event, wanted).await?;
        Ok(Arc::new(Document::new(&wanted.page(found))?))
    }

    /// The person of that id, if they are in the event's directory.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn find(
        &self,
        event: &EventSnapshot,
        person: PersonId,
    ) -> Result<Option<DirectoryPerson>, DbError> {
        let cache = self.fresh(event).await?;
        match cache.find(event, person)? {
            Some(found) => Ok(Some(found)),
            // They may have been added through another hub a moment ago.
            None => store::find(&self.db, event, person).await,
        }
    }

    /// Only events that exist have one.
    fn cache(&self, event: EventId) -> Arc<DirectoryCache> {
        if let Some(cache) = self.caches.get(&event) {
            return Arc::clone(&cache);
        }
        Arc::clone(&self.caches.entry(event).or_default())
    }
}

impl Observer for Directories {
    fn changed(&self, event: EventId, part: Part, people: &[PersonId]) {
        if part.is(identity::REGISTRATIONS) || part.is(identity::ROLES) {
            self.doubt(event, people);
        }
    }

    fn joined(&self, event: EventId, person: PersonId) {
        self.doubt(event, &[person]);
    }

    fn imported(&self, event: EventId) {
        self.doubt(event, &[]);
    }
}

impl identity::Observer for Directories {
    fn appears_differently(&self, person: PersonId) {
        for cache in &self.caches {
            cache.doubt(&[person]);
        }
    }
}
