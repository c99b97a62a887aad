//! Caches people's standing in events, so that a crowd opening the lobby costs a handful of
//! statements: who takes part ([`Registered`]) and who runs what ([`Organizers`]).
//!
//! The cache is kept correct in three ways. A change made or announced here is passed to [`Memory`]
//! after its commit and takes effect at once. A change elsewhere that raised the event's version is
//! noticed with the version. Everything else is read again every few seconds while it is in use.
//! While the database is unavailable, cached answers remain in use.

mod organizers;
mod registered;
mod store;

use crate::db::Db;
use crate::events::{Observer, Part};
use crate::id::{EventId, PersonId};
use crate::identity::{REGISTRATIONS, ROLES};
use crate::tasks::Tasks;

pub use organizers::Organizers;
pub use registered::Registered;
pub use store::all_registered;

/// The cached standing of people in events.
#[derive(Debug)]
pub struct Memory {
    /// Who takes part.
    pub registered: Registered,
    /// Who runs the installation or one of its events.
    pub organizers: Organizers,
}

impl Memory {
    /// An empty cache, filled from this database on demand.
    pub fn new(db: &Db, tasks: &Tasks) -> Self {
        Self { registered: Registered::new(db, tasks), organizers: Organizers::new(db) }
    }

    /// Invalidates everything, because announcements may have been missed.
    pub fn invalidate_all(&self) {
        self.registered.invalidate_all();
        self.organizers.invalidate();
    }
}

impl Observer for Memory {
    fn changed(&self, event: EventId, part: Part, people: &[PersonId]) {
        if part.is(REGISTRATIONS) {
            self.registered.invalidate(event, people);
        }
        // A new event has an organizer.
        if part.is(ROLES) || part.is(Part::EVENT) {
            self.organizers.invalidate();
        }
    }

    // Somebody who is not cached is looked up anyway.
    fn joined(&self, _: EventId, _: PersonId) {}

    fn imported(&self, event: EventId) {
        self.registered.invalidate(event, &[]);
        self.organizers.invalidate();
    }
}
