//! The caller of an operation, over whichever transport.

use std::sync::Arc;

use crate::clock::Timestamp;
use crate::events::EventSnapshot;
use crate::id::PersonId;
use crate::permission::{Actor, Denied, Operation, Target};
use crate::protocol::Refusal;

/// The caller of an operation in an event, over REST or the socket.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The event.
    pub event: Arc<EventSnapshot>,
    /// The person in it, or a stranger.
    pub actor: Arc<Actor>,
    /// The time.
    pub now: Timestamp,
}

impl Caller {
    /// Lets the operation through, or says why not; see [`EventSnapshot::may`].
    ///
    /// # Errors
    /// The permission function's answer.
    pub fn may(&self, operation: Operation, target: Target) -> Result<(), Refusal> {
        self.event.may(&self.actor, operation, target, self.now)
    }

    /// The person signed in.
    ///
    /// # Errors
    /// When nobody is.
    pub fn person(&self) -> Result<PersonId, Refusal> {
        Ok(self.actor.person.ok_or(Denied::SignIn)?)
    }
}
