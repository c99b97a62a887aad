//! What a person is in an event, for the permission function: out of memory, so that it costs no
//! statement.

use std::collections::HashSet;

use crate::core::Core;
use crate::db::DbError;
use crate::events::EventSnapshot;
use crate::id::PersonId;
use crate::permission::Actor;

use super::sign_in::SignIn;

/// The actor that this sign-in is in this event; a stranger without one.
///
/// # Errors
/// When the database does not answer.
pub async fn in_event(
    core: &Core,
    event: &EventSnapshot,
    sign_in: Option<SignIn>,
) -> Result<Actor, DbError> {
    let Some(sign_in) = sign_in else { return Ok(Actor::default()) };
    let people = &core.events.people;
    // Guests have no account to register with.
    let registered = !sign_in.guest && people.registered.has(event, sign_in.person).await?;
    Ok(Actor {
        person: Some(sign_in.person),
        guest: sign_in.guest && event.guests_allowed,
        registered,
        administrator: people.organizers.has_administrator(sign_in.person).await?,
        grants: event.grants_of(sign_in.person),
        restrictions: event.restrictions_of(sign_in.person),
    })
}

/// The actor that this sign-in is outside of any event.
///
/// # Errors
/// When the database does not answer.
pub async fn outside(core: &Core, sign_in: Option<SignIn>) -> Result<Actor, DbError> {
    let Some(sign_in) = sign_in else { return Ok(Actor::default()) };
    let administrator = core.events.people.organizers.has_administrator(sign_in.person).await?;
    Ok(Actor { person: Some(sign_in.person), administrator, ..Actor::default() })
}

/// Everybody who holds an installation-wide organizer grant.
///
/// # Errors
/// When the database does not answer.
pub async fn administrators(core: &Core) -> Result<HashSet<PersonId>, DbError> {
    core.events.people.organizers.administrators().await
}
