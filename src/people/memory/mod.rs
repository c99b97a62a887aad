//! What is kept in memory of the people of events, so that a crowd that opens the lobby costs a
//! handful of statements: who takes part ([`Registered`]), who runs what ([`Organizers`]) and the
//! directory ([`Directories`]).
//!
//! It is kept right in three ways. A change that is made or heard of here is told to [`Memory`] after
//! its commit, and is seen at once. What raised the event's version elsewhere is seen with the
//! version. The rest (profiles, new registrations) is looked for every few seconds while somebody
//! asks. When the database is away, what is known goes on being answered.
//!
//! | what | how it is kept right |
//! | --- | --- |
//! | who takes part | ids only, and only that somebody *does*; a cancellation forgets its person at once |
//! | who organizes | grants are announced; read again every five seconds while somebody asks |
//! | the directory | changed people are read again by themselves before the next answer; everybody after an import, at most every two seconds |
//!
//! What was read while a change came in between is not believed. When the database is away,
//! somebody who has just changed is not shown: perhaps they do not want to be found any more. What
//! is a person's own (their account, stars, registration) is read each time. A directory of 12,000
//! people with pictures takes 6.3 MB, who takes part half a megabyte.

mod organizers;
mod registered;

use crate::clock::Clock;
use crate::db::Db;
use crate::events::Part;
use crate::id::{EventId, PersonId};
use crate::tasks::Tasks;

pub use super::directory::Directories;
pub use organizers::Organizers;
pub use registered::Registered;

/// What is kept in memory of the people of events.
#[derive(Debug)]
pub struct Memory {
    /// Who takes part.
    pub registered: Registered,
    /// Who runs the installation or one of its events.
    pub organizers: Organizers,
    /// Who takes part and lets others find them.
    pub directories: Directories,
}

impl Memory {
    /// Nothing is known yet; it is read from this database by need.
    pub fn new(db: &Db, clock: &Clock, tasks: &Tasks) -> Self {
        Self {
            registered: Registered::new(db, tasks),
            organizers: Organizers::new(db),
            directories: Directories::new(db, clock),
        }
    }

    /// A part of an event has changed, for these people; for anybody when nobody is named. To be
    /// called after the commit, wherever it was made.
    pub fn changed(&self, event: EventId, part: Part, people: &[PersonId]) {
        match part {
            Part::Registrations => {
                self.registered.doubt(event, people);
                self.directories.doubt(event, people);
            }
            Part::Roles => {
                self.organizers.doubt();
                self.directories.doubt(event, people);
            }
            // A new event has an organizer.
            Part::Event => self.organizers.doubt(),
            Part::Rooms | Part::Switches(_) | Part::Agenda | Part::Sanctions => {}
        }
    }

    /// Somebody has come to take part in an event. It raises no version.
    pub fn joined(&self, event: EventId, person: PersonId) {
        // Who is not known to take part is asked for: only the directory has to learn of it.
        self.directories.doubt(event, &[person]);
    }

    /// Somebody appears differently, or lets themselves be found or not any more.
    pub fn appears_differently(&self, person: PersonId) {
        self.directories.doubt_everywhere(person);
    }

    /// A whole table of people was brought into an event.
    pub fn imported(&self, event: EventId) {
        self.registered.doubt(event, &[]);
        self.organizers.doubt();
        self.directories.doubt(event, &[]);
    }

    /// News may have been missed: everything is read again before it is believed.
    pub fn doubt_everything(&self) {
        self.registered.doubt_everything();
        self.organizers.doubt();
        self.directories.doubt_everything();
    }
}
