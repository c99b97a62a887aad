//! A person's role in an event, for the permission function. Answered from memory, so that it costs
//! no statement.

use std::collections::HashSet;

use super::Identity;
use super::sign_in::SignIn;
use crate::db::DbError;
use crate::events::EventSnapshot;
use crate::id::PersonId;
use crate::permission::Actor;

/// What the event's snapshot does not contain about a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Whether they have a confirmed registration.
    pub registered: bool,
    /// Whether they organize the whole installation.
    pub administrator: bool,
}

/// The actor for this person in this event; `guest` if they came in without an account.
pub fn assemble(
    event: &EventSnapshot,
    person: PersonId,
    guest: bool,
    Standing { registered, administrator }: Standing,
) -> Actor {
    let mut actor = Actor {
        person: Some(person),
        guest: guest && event.guests_allowed,
        registered,
        administrator,
        grants: event.grants_of(person),
        ..Actor::default()
    };
    event.complete(person, &mut actor);
    actor
}

/// The actor for this sign-in in this event; a stranger without one.
///
/// # Errors
/// When the database does not answer.
pub async fn in_event(
    identity: &Identity,
    event: &EventSnapshot,
    sign_in: Option<SignIn>,
) -> Result<Actor, DbError> {
    let Some(SignIn { person, guest, .. }) = sign_in else { return Ok(Actor::default()) };
    let memory = &identity.memory;
    let standing = Standing {
        // Guests have no account to register with.
        registered: !guest && memory.registered.has(event, person).await?,
        administrator: memory.organizers.has_administrator(person).await?,
    };
    Ok(assemble(event, person, guest, standing))
}

/// The actor for this sign-in outside of any event.
///
/// # Errors
/// When the database does not answer.
pub async fn outside(identity: &Identity, sign_in: Option<SignIn>) -> Result<Actor, DbError> {
    let Some(sign_in) = sign_in else { return Ok(Actor::default()) };
    let administrator = identity.memory.organizers.has_administrator(sign_in.person).await?;
    Ok(Actor { person: Some(sign_in.person), administrator, ..Actor::default() })
}

/// Everyone with an installation-wide organizer grant.
///
/// # Errors
/// When the database does not answer.
pub async fn administrators(identity: &Identity) -> Result<HashSet<PersonId>, DbError> {
    identity.memory.organizers.administrators().await
}
