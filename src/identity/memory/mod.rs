//! What is kept in memory of what people are in events, so that a crowd that opens the lobby costs a
//! handful of statements: who takes part ([`Registered`]) and who runs what ([`Organizers`]).
//!
//! It is kept right in three ways. A change that is made or heard of here is told to [`Memory`] after
//! its commit, and is seen at once. What raised the event's version elsewhere is seen with the
//! version. The rest is read again every few seconds while somebody asks. When the database is away, what is known goes on being answered.

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

/// What is kept in memory of the people of events.
#[derive(Debug)]
pub struct Memory {
    /// Who takes part.
    pub registered: Registered,
    /// Who runs the installation or one of its events.
    pub organizers: Organizers,
}

impl Memory {
    /// Nothing is known yet; it is read from this database by need.
    pub fn new(db: &Db, tasks: &Tasks) -> Self {
        Self { registered: Registered::new(db, tasks), organizers: Organizers::new(db) }
    }

    /// News may have been missed: everything is read again before it is believed.
    pub fn doubt_everything(&self) {
        self.registered.doubt_everything();
        self.organizers.doubt();
    }
}

impl Observer for Memory {
    fn changed(&self, event: EventId, part: Part, people: &[PersonId]) {
        if part.is(REGISTRATIONS) {
            self.registered.doubt(event, people);
        }
        // A new event has an organizer.
        if part.is(ROLES) || part.is(Part::EVENT) {
            self.organizers.doubt();
        }
    }

    // Who is not known to take part is asked for.
    fn joined(&self, _: EventId, _: PersonId) {}

    fn imported(&self, event: EventId) {
        self.registered.doubt(event, &[]);
        self.organizers.doubt();
    }
}
