//! Who somebody is: accounts, sign-ins, roles, and what a person is in an event.
//!
//! - [`person`] is an account, the same in every event; [`card`] and [`appearance`] are how others
//!   see it.
//! - [`sign_in`], [`password`], [`token`], [`link`] and [`ticket`] are how somebody proves who they
//!   are; [`email_change`] and [`reset`] change what they prove it with.
//! - [`actor`] is what somebody is in one event, for the permission function; [`Caller`] an actor who
//!   asks for something; [`roles`] is what they may do beyond taking part.
//! - [`memory`] is what of all this is kept for those who only read.

pub mod actor;
pub mod administrators;
mod again;
mod announcements;
mod appearance;
mod appearance_store;
mod arrival;
mod arrival_store;
mod caller;
pub mod card;
pub mod email_change;
pub mod link;
pub mod memory;
pub mod password;
pub mod person;
pub mod reset;
pub mod roles;
pub mod sign_in;
pub mod ticket;
mod ticket_store;
pub mod token;
mod token_store;
mod watch;

use std::sync::Arc;

use parking_lot::RwLock;

use crate::bus::Bus;
use crate::clock::Clock;
use crate::db::{Db, DbError};
use crate::events::{Access, Changes, EventSnapshot, Events, Part, differing};
use crate::hub::Hub;
use crate::id::PersonId;
use crate::mail::Mail;
use crate::random::Random;
use crate::tasks::Tasks;

pub use again::{BATCH_SIZE, doubt_arriving, read_again, recheck_everybody};
pub use announcements::announcements;
pub use appearance::{appearance, refresh as refresh_appearance};
pub use appearance_store::in_event;
pub use arrival::{Arrivals, ChangeStamp, Who, arrive};
pub use caller::Caller;
use memory::Memory;
pub use watch::watch;

/// Somebody's roles have changed.
pub const ROLES: Part = Part::new("roles").access(Access::ToBeRead).to_those(differently_granted);
/// Somebody's registration has changed.
pub const REGISTRATIONS: Part = Part::new("registrations").access(Access::ToBeRead);

fn differently_granted(before: &EventSnapshot, now: &EventSnapshot) -> Vec<PersonId> {
    differing(&before.grants, &now.grants)
}

/// What is needed to know who somebody is, and what is kept in memory of it.
#[derive(Debug)]
pub struct Identity {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// Randomness.
    pub random: Random,
    /// The events in which people are somebody.
    pub events: Arc<Events>,
    /// What it takes to change one.
    pub changes: Changes,
    /// Where those who are connected are found.
    pub hub: Arc<Hub>,
    /// The way to the other nodes.
    pub bus: Bus,
    /// The way out for links.
    pub mail: Arc<Mail>,
    /// The site's address, which links begin with.
    pub public_url: String,
    /// The sign-ins looked up a moment ago, and the news of those that end.
    pub sign_ins: sign_in::SignIns,
    /// Looks up those who open a socket.
    pub arrivals: Arrivals,
    /// Hashes and verifies passwords.
    pub passwords: password::Passwords,
    /// Who takes part in which event, and who runs what.
    pub memory: Arc<Memory>,
    observers: RwLock<Vec<Arc<dyn Observer>>>,
}

/// Who keeps something of people that a change of them makes wrong.
pub trait Observer: std::fmt::Debug + Send + Sync {
    /// Somebody appears differently, or lets themselves be found or not any more.
    fn appears_differently(&self, person: PersonId);
}

/// What identities are made with.
#[derive(Debug)]
pub struct Base<'a> {
    /// The database.
    pub db: &'a Db,
    /// The time.
    pub clock: &'a Clock,
    /// Randomness.
    pub random: &'a Random,
    /// The events.
    pub events: &'a Arc<Events>,
    /// What it takes to change one.
    pub changes: &'a Changes,
    /// The hub.
    pub hub: &'a Arc<Hub>,
    /// The way to the other nodes.
    pub bus: &'a Bus,
    /// The way out for mail.
    pub mail: &'a Arc<Mail>,
    /// The site's address.
    pub public_url: &'a str,
}

impl Identity {
    /// Nobody is known yet.
    pub fn new(base: &Base<'_>, tasks: &Tasks) -> Arc<Self> {
        let memory = Arc::new(Memory::new(base.db, tasks));
        base.events.observe(Arc::<Memory>::clone(&memory));
        Arc::new(Self {
            db: base.db.clone(),
            clock: base.clock.clone(),
            random: base.random.clone(),
            events: Arc::clone(base.events),
            changes: base.changes.clone(),
            hub: Arc::clone(base.hub),
            bus: base.bus.clone(),
            mail: Arc::clone(base.mail),
            public_url: base.public_url.to_owned(),
            sign_ins: sign_in::SignIns::new(base.db, tasks),
            arrivals: Arrivals::new(base.db, tasks),
            passwords: password::Passwords::new(base.random.clone()),
            memory,
            observers: RwLock::default(),
        })
    }

    /// Tells this observer what changes from now on.
    pub fn observe(&self, observer: Arc<dyn Observer>) {
        self.observers.write().push(observer);
    }

    fn tell_appears_differently(&self, person: PersonId) {
        for observer in self.observers.read().iter() {
            observer.appears_differently(person);
        }
    }
}

/// Removes what has expired, once.
///
/// # Errors
/// When the database refuses.
pub async fn sweep(identity: &Identity) -> Result<(), DbError> {
    let (db, now) = (&identity.db, identity.clock.now());
    sign_in::sweep(db, now).await?;
    ticket::sweep(db, now).await?;
    token::sweep(db, now).await?;
    person::sweep(db, now).await
}
