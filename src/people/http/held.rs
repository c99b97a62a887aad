//! Registrations that wait for the moderators.

use axum::Json;
use axum::extract::State;
use http::StatusCode;

use crate::core::Core;
use crate::http::extract::{IdInPath, InEvent};
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::id::RegistrationId;
use crate::people::registration::{self, HeldRegistration, NotReinstated};
use crate::permission::{Operation, Target};

/// The registrations that wait because their address leads to the mailbox of somebody who is banned,
/// the oldest first, at most 200.
#[utoipa::path(
    get, path = "/events/{slug}/registrations/held",
    operation_id = "list_held_registrations", tag = "moderation",
    params(("slug" = String, Path)),
    responses((status = 200, body = Page<HeldRegistration>), (status = 403, body = Problem))
)]
pub(super) async fn list(
    State(core): State<Core>,
    in_event: InEvent,
) -> Result<Json<Page<HeldRegistration>>, Problem> {
    in_event.may(Operation::HeldRead, Target::EVENT)?;
    Ok(Json(Page::whole(registration::held(&core.db, &in_event.event).await?)))
}

/// Lets somebody in whose registration waits for the moderators.
#[utoipa::path(
    post, path = "/events/{slug}/registrations/{id}/admit",
    operation_id = "admit_registration", tag = "moderation",
    params(("slug" = String, Path), ("id" = String, Path)),
    responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem))
)]
pub(super) async fn admit(
    State(core): State<Core>,
    in_event: InEvent,
    IdInPath(id): IdInPath<RegistrationId>,
) -> Result<StatusCode, Problem> {
    in_event.may(Operation::HeldDecide, Target::EVENT)?;
    decided(registration::admit(&core, &in_event.event, id, in_event.person()?).await)
}

/// Turns somebody away whose registration waits for the moderators. Organizers can reinstate it.
#[utoipa::path(
    post, path = "/events/{slug}/registrations/{id}/turn-away",
    operation_id = "turn_away_registration", tag = "moderation",
    params(("slug" = String, Path), ("id" = String, Path)),
    responses((status = 204), (status = 404, body = Problem))
)]
pub(super) async fn turn_away(
    State(core): State<Core>,
    in_event: InEvent,
    IdInPath(id): IdInPath<RegistrationId>,
) -> Result<StatusCode, Problem> {
    in_event.may(Operation::HeldDecide, Target::EVENT)?;
    decided(registration::turn_away(&core, &in_event.event, id, in_event.person()?).await)
}

fn decided(outcome: Result<(), NotReinstated>) -> Result<StatusCode, Problem> {
    match outcome {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(NotReinstated::NotCancelled) => Err(Problem::not_found("held registration")),
        Err(NotReinstated::SoldOut) => Err(super::registrations::sold_out()),
        Err(NotReinstated::Database(error)) => Err(error.into()),
    }
}
