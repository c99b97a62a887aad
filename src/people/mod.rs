//! People: accounts, sign-ins, registrations, roles, profiles.
//!
//! - [`person`] is an account, the same in every event; [`card`] how others see it; [`actor`] what
//!   it is in one event, for the permission function.
//! - [`sign_in`], [`password`], [`token`] and [`link`] are how somebody proves who they are.
//! - [`registration`] is how somebody comes to take part in an event; [`roles`] what they may do
//!   there beyond that; [`transfer`] brings in and out whole tables of people.
//! - [`memory`] is what of all this is kept for those who only read; [`directory`] is the largest of it.

pub mod actor;
pub mod administrators;
mod again;
mod announcements;
mod appearance;
mod arrival;
pub mod card;
pub mod directory;
pub mod email_change;
pub mod http;
pub mod invitation;
pub mod link;
pub mod me;
pub mod memory;
pub mod password;
pub mod person;
pub mod picture;
pub mod registration;
pub mod reset;
pub mod roles;
pub mod sign_in;
pub mod text;
pub mod ticket;
pub mod token;
pub mod transfer;
mod upkeep;
mod watch;

use tokio::sync::Semaphore;

use crate::clock::Clock;
use crate::config::Settings;
use crate::core::Core;
use crate::db::Db;
use crate::http::limits::Limits;
use crate::random::Random;
use crate::registry::Registry;
use crate::tasks::Tasks;

pub use again::{BATCH_SIZE, check_again, doubt_arriving, read_again};
pub use appearance::{appearance, in_event, refresh as refresh_appearance, show_anew};
pub use arrival::{Arrivals, ChangeStamp, Who, arrive};

/// Adds people to the hub.
pub fn register(hub: &mut Registry, core: &Core) {
    hub.routes(http::router(), core.clone());
    hub.pages(http::pictures(), core.clone());
    announcements::announcements(hub.announcements());
    let own = core.clone();
    hub.task("people.watch", async move |_| watch::watch(own).await);
    let own = core.clone();
    hub.task("people.upkeep", async move |_| {
        picture::forget_copies(&own).await;
        upkeep::run(&own).await;
    });
    let own = core.clone();
    hub.sweep(move || {
        let core = own.clone();
        async move { upkeep::sweep(&core).await }
    });
}

/// What is kept in memory about people who sign in.
#[derive(Debug)]
pub struct People {
    /// The sign-ins looked up a moment ago, and the news of those that end.
    pub sign_ins: sign_in::SignIns,
    /// Looks up those who open a socket.
    pub arrivals: Arrivals,
    /// Hashes and verifies passwords.
    pub passwords: password::Passwords,
    /// What is shown of people's pictures.
    pub pictures: picture::Pictures,
    /// How often somebody may try.
    pub limits: Limits,
    /// Held by the import that is under way: a large table takes memory many times its size.
    pub import_turn: Semaphore,
}

impl People {
    /// Nobody is known yet.
    pub fn new(
        settings: &Settings,
        db: &Db,
        clock: &Clock,
        random: &Random,
        tasks: &Tasks,
    ) -> Self {
        Self {
            sign_ins: sign_in::SignIns::new(db, tasks),
            arrivals: Arrivals::new(db, tasks),
            passwords: password::Passwords::new(random.clone()),
            pictures: picture::Pictures::default(),
            limits: Limits::new(clock, settings.requests_per_minute),
            import_turn: Semaphore::new(1),
        }
    }
}
