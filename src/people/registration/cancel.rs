//! Cancelling and reinstating a registration. Access ends, and open sockets close, at once.

use serde_json::json;

use crate::audit::Entry;
use crate::core::Core;
use crate::db::DbError;
use crate::events::{EventChange, EventSnapshot};
use crate::id::{PersonId, RegistrationId};
use crate::identity::REGISTRATIONS;
use crate::identity::roles::{self, RolesAfterwards};
use crate::permission::Operation;

use super::Status;
use super::seats::{release_seat, take_seat};
use super::store::{self, Stored, set_status};

/// Cancels a registration, on behalf of its owner or an organizer, and with it the roles that grant
/// no more than entry. Returns what happened to the person's roles; `None` if it was already
/// cancelled.
///
/// # Errors
/// When the database refuses.
pub async fn cancel(
    core: &Core,
    event: &EventSnapshot,
    id: RegistrationId,
    by: PersonId,
) -> Result<Option<RolesAfterwards>, DbError> {
    let Some(stored) = store::find(&core.db, event.id, id).await? else { return Ok(None) };
    let mut change = EventChange::begin(&core.changes, event.id, Some(by)).await?;
    let turn = (stored.registration.status, Status::Cancelled);
    if turn.0 == turn.1
        || !set_status(&core.db, &mut change.transaction, id, turn, Some(by), change.now).await?
    {
        return Ok(None);
    }
    let whose = (event.id, stored.person);
    let roles =
        roles::end_with_registration(&core.identity, &mut change.transaction, whose, Some(by))
            .await?;
    release_seat(&core.db, &mut change.transaction, stored.registration.ticket_type).await?;
    note(&mut change, &stored, "cancelled").await?;
    finish(change, stored.person).await?;
    Ok(Some(roles))
}

/// Why a registration was not reinstated.
#[derive(Debug, thiserror::Error)]
pub enum NotReinstated {
    /// It is not cancelled, or there is none.
    #[error("the registration is not cancelled")]
    NotCancelled,
    /// Its ticket type is sold out.
    #[error("no ticket is left")]
    SoldOut,
    /// The database refused.
    #[error(transparent)]
    Database(#[from] DbError),
}

/// Reinstates a registration. Roles that ended with it have to be granted again.
///
/// # Errors
/// See [`NotReinstated`].
pub async fn reinstate(
    core: &Core,
    event: &EventSnapshot,
    id: RegistrationId,
    by: PersonId,
) -> Result<(), NotReinstated> {
    let stored = store::find(&core.db, event.id, id).await?.ok_or(NotReinstated::NotCancelled)?;
    let mut change = EventChange::begin(&core.changes, event.id, Some(by)).await?;
    let turn = (Status::Cancelled, Status::Confirmed);
    if !set_status(&core.db, &mut change.transaction, id, turn, None, change.now).await? {
        return Err(NotReinstated::NotCancelled);
    }
    let ticket = stored.registration.ticket_type;
    if !take_seat(&core.db, &mut change.transaction, event.id, ticket).await? {
        return Err(NotReinstated::SoldOut);
    }
    note(&mut change, &stored, "reinstated").await?;
    finish(change, stored.person).await?;
    Ok(())
}

/// Lets somebody in whose registration waits for the moderators.
///
/// # Errors
/// See [`NotReinstated`].
pub async fn admit(
    core: &Core,
    event: &EventSnapshot,
    id: RegistrationId,
    by: PersonId,
) -> Result<(), NotReinstated> {
    check_held(core, event, id).await?;
    reinstate(core, event, id, by).await
}

/// Turns somebody away whose registration waits for the moderators.
///
/// # Errors
/// See [`NotReinstated`].
pub async fn turn_away(
    core: &Core,
    event: &EventSnapshot,
    id: RegistrationId,
    by: PersonId,
) -> Result<(), NotReinstated> {
    let stored = check_held(core, event, id).await?;
    let mut change = EventChange::begin(&core.changes, event.id, Some(by)).await?;
    let turn = (Status::Cancelled, Status::Cancelled);
    if !set_status(&core.db, &mut change.transaction, id, turn, Some(by), change.now).await? {
        return Err(NotReinstated::NotCancelled);
    }
    note(&mut change, &stored, "cancelled").await?;
    finish(change, stored.person).await?;
    Ok(())
}

async fn check_held(
    core: &Core,
    event: &EventSnapshot,
    id: RegistrationId,
) -> Result<Stored, NotReinstated> {
    let stored = store::find(&core.db, event.id, id).await?;
    stored.filter(|stored| stored.registration.held).ok_or(NotReinstated::NotCancelled)
}

async fn note(
    change: &mut EventChange<'_>,
    stored: &Stored,
    what: &'static str,
) -> Result<(), DbError> {
    let entry = change.entry(Operation::RegistrationChange.rule().name);
    let details = json!({ "what": what });
    change.record(Entry { person: Some(stored.person), details, ..entry }).await
}

async fn finish(change: EventChange<'_>, person: PersonId) -> Result<(), DbError> {
    change.commit_concerning(&[person], &[REGISTRATIONS]).await
}
