//! Identity: accounts, sign-ins, roles, and the actor a person is in an event.
//!
//! - [`person`] is an account, the same in every event; [`card`] and [`appearance`] are how others
//!   see it.
//! - [`sign_in`], [`password`], [`token`], [`code`], [`link`] and [`ticket`] authenticate people;
//!   [`redeem`] takes back what was mailed; [`email_change`] and [`reset`] change credentials, and
//!   [`reauthentication`] asks first.
//! - [`actor`] derives a person's actor in one event for the permission function; [`Caller`] is the
//!   actor of a request; [`roles`] are what people may do beyond taking part.
//! - [`memory`] caches what requests read of all this.

pub mod actor;
pub mod administrators;
mod announcements;
mod appearance;
mod appearance_store;
mod arrival;
mod arrival_store;
mod caller;
pub mod card;
pub mod code;
mod code_store;
pub mod email_change;
pub mod link;
pub mod memory;
pub mod password;
pub mod person;
pub mod reauthentication;
mod recheck;
pub mod redeem;
pub mod reset;
pub mod roles;
pub mod sign_in;
pub mod ticket;
mod ticket_store;
pub mod token;
mod token_store;
mod watch;

use std::sync::Arc;
use std::time::Duration;

use parking_lot::RwLock;

use crate::bus::Bus;
use crate::clock::Clock;
use crate::cpu_pool::CpuPool;
use crate::db::{Db, DbError};
use crate::events::{Access, Changes, EventSnapshot, Events, Part, differing};
use crate::hub::Hub;
use crate::id::PersonId;
use crate::mail::Mail;
use crate::random::Random;
use crate::tasks::Tasks;

pub use announcements::announcements;
pub use appearance::{appearance, refresh as refresh_appearance};
pub use appearance_store::{IN_DIRECTORY, in_directory, in_event};
pub use arrival::{Arrivals, ChangeStamp, Who, arrive};
pub use caller::Caller;
use memory::Memory;
pub use recheck::{BATCH_SIZE, invalidate_arriving, read_again, recheck_everybody};
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
    /// The events.
    pub events: Arc<Events>,
    /// Publishes changes to events.
    pub changes: Changes,
    /// The hub, which knows who is connected.
    pub hub: Arc<Hub>,
    /// The bus to the other nodes.
    pub bus: Bus,
    /// Outgoing mail, for links.
    pub mail: Arc<Mail>,
    /// The site's address, with which links begin.
    pub public_url: String,
    /// Cached sign-ins, and the stream of those that end.
    pub sign_ins: sign_in::SignIns,
    /// Looks up those who open a socket.
    pub arrivals: Arrivals,
    /// Hashes and verifies passwords.
    pub passwords: password::Passwords,
    /// The cache of who takes part in which event and who runs what.
    pub memory: Arc<Memory>,
    observers: RwLock<Vec<Arc<dyn Observer>>>,
}

/// Something that caches data about people and must learn of changes.
pub trait Observer: std::fmt::Debug + Send + Sync {
    /// Somebody's appearance or their visibility in the directory changed.
    fn appears_differently(&self, person: PersonId);
}

/// What an [`Identity`] is made from.
#[derive(Debug)]
pub struct Base<'a> {
    /// The database.
    pub db: &'a Db,
    /// The time.
    pub clock: &'a Clock,
    /// Randomness.
    pub random: &'a Random,
    /// Where passwords are hashed.
    pub cpu_pool: &'a CpuPool,
    /// The events.
    pub events: &'a Arc<Events>,
    /// Publishes changes to events.
    pub changes: &'a Changes,
    /// The hub.
    pub hub: &'a Arc<Hub>,
    /// The bus to the other nodes.
    pub bus: &'a Bus,
    /// Outgoing mail.
    pub mail: &'a Arc<Mail>,
    /// The site's address.
    pub public_url: &'a str,
    /// How long a sign-in lasts at most.
    pub longest_sign_in: Duration,
}

impl Identity {
    /// An identity with empty caches.
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
            sign_ins: sign_in::SignIns::new(base.db, base.longest_sign_in, tasks),
            arrivals: Arrivals::new(base.db, tasks),
            passwords: password::Passwords::new(base.cpu_pool.clone(), base.random.clone()),
            memory,
            observers: RwLock::default(),
        })
    }

    /// Notifies this observer of changes from now on.
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
    sign_in::sweep(identity).await?;
    ticket::sweep(db, now).await?;
    token::sweep(db, now).await?;
    code::sweep(db, now).await?;
    person::sweep(db, now).await
}
