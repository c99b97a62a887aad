//! A connection as handlers see it.

use std::sync::Arc;

use parking_lot::Mutex;

use super::rate::Bucket;
use super::sockets::Sockets;
use crate::clock::Timestamp;
use crate::core::Core;
use crate::events::EventSnapshot;
use crate::hub::Member;
use crate::id::PersonId;
use crate::identity::sign_in::SignIn;
use crate::identity::{Caller, actor};
use crate::permission::{Actor, Operation, Target};
use crate::protocol::{Card, CloseReason, Refusal};

/// The burst of other requests a connection may make, and the rate per second after that.
const REQUESTS: (u32, u32) = (200, 50);

/// The part of a person that can change while the connection is open.
#[derive(Clone, Debug)]
struct Standing {
    version: u64,
    actor: Arc<Actor>,
}

/// One connection after its hello.
#[derive(Debug)]
pub struct Connection {
    /// The core.
    pub core: Core,
    pub(super) sockets: Arc<Sockets>,
    /// The hub's view of it.
    pub member: Arc<Member>,
    sign_in: SignIn,
    event: Mutex<Arc<EventSnapshot>>,
    standing: Mutex<Standing>,
    requests: Mutex<Bucket>,
}

impl Connection {
    /// A connection of this actor in this event.
    pub(super) fn new(
        sockets: Arc<Sockets>,
        member: Arc<Member>,
        sign_in: SignIn,
        event: Arc<EventSnapshot>,
        actor: Actor,
    ) -> Arc<Self> {
        let core = sockets.core.clone();
        let now = core.clock.uptime();
        member.set_registered(actor.registered);
        member.set_administrator(actor.administrator);
        Arc::new(Self {
            member,
            sign_in,
            standing: Mutex::new(Standing { version: event.version, actor: Arc::new(actor) }),
            event: Mutex::new(event),
            requests: Mutex::new(Bucket::new(REQUESTS.0, REQUESTS.1, now)),
            core,
            sockets,
        })
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        self.core.clock.now()
    }

    /// The connected person.
    pub fn person(&self) -> PersonId {
        self.member.person
    }

    /// The sign-in that opened it.
    pub fn sign_in(&self) -> SignIn {
        self.sign_in
    }

    /// The event at its newest version.
    pub fn event(&self) -> Arc<EventSnapshot> {
        let mut kept = self.event.lock();
        if let Some(newest) = self.core.events.known(kept.id) {
            *kept = newest;
        }
        Arc::clone(&kept)
    }

    /// The person's actor in the newest version of the event.
    pub fn actor(&self) -> Arc<Actor> {
        let event = self.event();
        let mut standing = self.standing.lock();
        let (registered, administrator) =
            (self.member.is_registered(), self.member.is_administrator());
        let known = &standing.actor;
        if standing.version != event.version
            || (known.registered, known.administrator) != (registered, administrator)
        {
            let (person, guest) = (self.person(), self.sign_in.guest);
            let standing_now = actor::Standing { registered, administrator };
            standing.actor = Arc::new(actor::assemble(&event, person, guest, standing_now));
            standing.version = event.version;
        }
        Arc::clone(&standing.actor)
    }

    /// The caller of a request made now.
    pub fn caller(&self) -> Caller {
        Caller { event: self.event(), actor: self.actor(), now: self.now() }
    }

    /// Lets the operation through, or says why not; see [`EventSnapshot::may`].
    ///
    /// # Errors
    /// The permission function's answer.
    pub fn may(&self, operation: Operation, target: Target) -> Result<(), Refusal> {
        self.caller().may(operation, target)
    }

    /// The person as others see them.
    ///
    /// # Errors
    /// When their card cannot be read, which is a bug.
    pub fn card(&self) -> Result<Card, Refusal> {
        serde_json::from_str(self.member.appearance().card.get()).map_err(|error| {
            tracing::error!(%error, "a card cannot be read");
            Refusal::new("server.failed", "Something went wrong on our side.")
        })
    }

    /// Ends the connection because of how much it sends, and lets its person back only after the told
    /// delay.
    pub(super) fn flooded(&self) {
        self.sockets.floods.note(self.person(), self.core.clock.uptime());
        self.member.outbox.close(CloseReason::Flood.into());
    }

    /// Counts a request.
    pub(super) fn take_request(&self) -> Result<(), Refusal> {
        let taken = self.requests.lock().take(self.core.clock.uptime());
        taken.map_err(|wait| {
            Refusal::new("rate.limited", "Too many requests. Please slow down.").retry_after(wait)
        })
    }
}
