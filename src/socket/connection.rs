//! A connection as the handlers know it.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;

use super::rate::Bucket;
use crate::app::App;
use crate::chat::Following;
use crate::clock::Timestamp;
use crate::events::EventSnapshot;
use crate::hub::Member;
use crate::id::PersonId;
use crate::people::sign_in::SignIn;
use crate::permission::{Actor, Operation, Target};
use crate::protocol::{Card, Refusal};

/// How many other requests a connection may make at once, and how many per second after that.
const REQUESTS: (u32, u32) = (200, 50);

/// How long what was found on arrival is believed: no longer than [`crate::chat`] knows which read
/// pointers have moved since.
const FOUND_FOR: Duration = Duration::from_millis(500);

/// What can change of a person while the connection is open.
#[derive(Clone, Debug)]
struct Standing {
    version: u64,
    actor: Arc<Actor>,
}

/// One connection after its hello.
#[derive(Debug)]
pub struct Connection {
    /// The hub's parts.
    pub app: Arc<App>,
    /// The hub's view of it.
    pub member: Arc<Member>,
    sign_in: SignIn,
    event: Mutex<Arc<EventSnapshot>>,
    standing: Mutex<Standing>,
    requests: Mutex<Bucket>,
    /// What was found on arrival, and when: good for the requests that come with the hello.
    found: Mutex<Option<Box<(Following, Timestamp)>>>,
}

impl Connection {
    /// A connection of this actor in this event.
    pub(super) fn new(
        app: Arc<App>,
        member: Arc<Member>,
        sign_in: SignIn,
        event: Arc<EventSnapshot>,
        actor: Actor,
    ) -> Arc<Self> {
        let now = app.clock.uptime();
        member.set_registered(actor.registered);
        member.set_administrator(actor.administrator);
        Arc::new(Self {
            member,
            sign_in,
            standing: Mutex::new(Standing { version: event.version, actor: Arc::new(actor) }),
            event: Mutex::new(event),
            requests: Mutex::new(Bucket::new(REQUESTS.0, REQUESTS.1, now)),
            found: Mutex::new(None),
            app,
        })
    }

    /// Keeps what was found on arrival until the first requests are answered.
    pub(crate) fn keep_found(&self, following: Following) {
        *self.found.lock() = Some(Box::new((following, self.now())));
    }

    /// Looks into what was found on arrival, if that is a moment ago.
    pub(crate) fn found<T>(&self, look: impl FnOnce(&Following) -> Option<T>) -> Option<T> {
        let now = self.now();
        let found = self.found.lock();
        let (following, at) = found.as_deref()?;
        if now.since(*at) < FOUND_FOR { look(following) } else { None }
    }

    /// The first requests are answered: what was found then is getting old.
    pub(super) fn forget_found(&self) {
        *self.found.lock() = None;
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        self.app.clock.now()
    }

    /// Whose connection it is.
    pub fn person(&self) -> PersonId {
        self.member.person
    }

    /// The sign-in that opened it.
    pub fn sign_in(&self) -> SignIn {
        self.sign_in
    }

    /// The event, at its newest version.
    pub fn event(&self) -> Arc<EventSnapshot> {
        let mut kept = self.event.lock();
        if let Some(newest) = self.app.events.known(kept.id) {
            *kept = newest;
        }
        Arc::clone(&kept)
    }

    /// The person in the event, by its newest version.
    pub fn actor(&self) -> Arc<Actor> {
        let event = self.event();
        let mut standing = self.standing.lock();
        let (registered, administrator) =
            (self.member.is_registered(), self.member.is_administrator());
        let known = &standing.actor;
        if standing.version != event.version
            || (known.registered, known.administrator) != (registered, administrator)
        {
            standing.actor = Arc::new(Actor {
                person: Some(self.person()),
                guest: self.sign_in.guest && event.guests_allowed,
                registered,
                administrator,
                grants: event.grants_of(self.person()),
                restrictions: event.restrictions_of(self.person()),
            });
            standing.version = event.version;
        }
        Arc::clone(&standing.actor)
    }

    /// Lets the operation through, or says why not; see [`EventSnapshot::may`].
    ///
    /// # Errors
    /// The permission function's answer.
    pub fn may(&self, operation: Operation, target: Target) -> Result<(), Refusal> {
        self.event().may(&self.actor(), operation, target, self.now())
    }

    /// The person as others see them.
    ///
    /// # Errors
    /// When their card cannot be read, which is a fault of the program.
    pub fn card(&self) -> Result<Card, Refusal> {
        serde_json::from_str(self.member.appearance().card.get()).map_err(|error| {
            tracing::error!(%error, "a card cannot be read");
            Refusal::new("server.failed", "Something went wrong on our side.")
        })
    }

    /// Counts a request.
    pub(super) fn take_request(&self) -> Result<(), Refusal> {
        let taken = self.requests.lock().take(self.app.clock.uptime());
        taken.map_err(|wait| {
            Refusal::new("rate.limited", "Too many requests. Please slow down.").retry_after(wait)
        })
    }

    /// Counts a message of the person, over all their connections.
    ///
    /// # Errors
    /// When they send faster than people can read.
    pub fn take_message(&self) -> Result<(), Refusal> {
        let taken = self.app.message_rates.take(self.person(), self.app.clock.uptime());
        taken.map_err(|wait| {
            let message = "You are sending very fast. Please wait a moment.";
            Refusal::new("rate.limited", message).retry_after(wait)
        })
    }
}
