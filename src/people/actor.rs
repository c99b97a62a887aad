//! What a person is in an event, for the permission function.

use std::collections::HashSet;

use crate::app::App;
use crate::db::{Columns as _, DbError};
use crate::events::EventSnapshot;
use crate::id::PersonId;
use crate::permission::Actor;

use super::sign_in::SignIn;

/// The actor that this sign-in is in this event; a stranger without one.
///
/// # Errors
/// When the database does not answer.
pub async fn in_event(
    app: &App,
    event: &EventSnapshot,
    sign_in: Option<SignIn>,
) -> Result<Actor, DbError> {
    let Some(sign_in) = sign_in else { return Ok(Actor::default()) };
    let registration = app
        .db
        .query("SELECT 1 AS found FROM registrations WHERE event_id = ? AND person_id = ? AND status = 'confirmed'")
        .bind(event.id.bytes())
        .bind(sign_in.person.bytes());
    Ok(Actor {
        person: Some(sign_in.person),
        guest: sign_in.guest && event.guests_allowed,
        registered: app.db.one(registration).await?.is_some(),
        founder: is_founder(app, sign_in).await?,
        grants: event.grants_of(sign_in.person),
        restrictions: event.restrictions_of(sign_in.person),
    })
}

/// The actor that this sign-in is outside of any event.
///
/// # Errors
/// When the database does not answer.
pub async fn outside(app: &App, sign_in: Option<SignIn>) -> Result<Actor, DbError> {
    let Some(sign_in) = sign_in else { return Ok(Actor::default()) };
    let founder = is_founder(app, sign_in).await?;
    Ok(Actor { person: Some(sign_in.person), founder, ..Actor::default() })
}

/// Everybody who holds an installation-wide organizer grant.
///
/// # Errors
/// When the database does not answer.
pub async fn founders(app: &App) -> Result<HashSet<PersonId>, DbError> {
    let grants = app
        .db
        .query("SELECT person_id FROM role_grants WHERE event_id IS NULL AND role = 'organizer'");
    let rows = app.db.all(grants).await?;
    rows.iter().map(|row| Ok(PersonId(row.uuid("person_id")?))).collect()
}

async fn is_founder(app: &App, sign_in: SignIn) -> Result<bool, DbError> {
    let grant = app
        .db
        .query("SELECT 1 AS found FROM role_grants WHERE person_id = ? AND event_id IS NULL AND role = 'organizer'")
        .bind(sign_in.person.bytes());
    Ok(app.db.one(grant).await?.is_some())
}
