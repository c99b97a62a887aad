//! An event's registrations, for its organizers.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::core::Core;
use crate::http::extract::{IdInPath, InEvent, Parameters};
use crate::http::page::{self, Page};
use crate::http::problem::Problem;
use crate::id::RegistrationId;
use crate::identity::roles::RolesAfterwards;
use crate::people::registration::{self, ListQuery, Listed, NotReinstated, Status};
use crate::permission::{Operation, Target};

/// Which registrations.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    /// Words of the name, the affiliation or the address.
    search: Option<String>,
    /// Only those that stand there.
    status: Option<Status>,
    /// The `next` of the page before.
    cursor: Option<String>,
    /// How many at most, 1 to 200.
    limit: Option<u32>,
}

/// The registrations, by the people's names.
#[utoipa::path(
    get, path = "/events/{slug}/registrations",
    operation_id = "list_registrations", tag = "registration",
    params(("slug" = String, Path), Query),
    responses((status = 200, body = Page<Listed>), (status = 403, body = Problem))
)]
pub(super) async fn list(
    State(core): State<Core>,
    in_event: InEvent,
    Parameters(query): Parameters<Query>,
) -> Result<Json<Page<Listed>>, Problem> {
    in_event.may(Operation::RegistrationsRead, Target::EVENT)?;
    let size = page::size(query.limit)?;
    let after = page::position(query.cursor.as_deref())?;
    let query = ListQuery { search: query.search, status: query.status, after };
    let found = registration::list(&core.db, &in_event.event, &query, size + 1).await?;
    Ok(Json(Page::cut(found, size, |last| last.position.clone())))
}

/// Cancels somebody's registration, and with it the roles that do no more than let in. Access ends,
/// and open sockets close, at once, unless a role that is kept still lets them in.
#[utoipa::path(
    post, path = "/events/{slug}/registrations/{id}/cancel",
    operation_id = "cancel_registration", tag = "registration",
    params(("slug" = String, Path), ("id" = String, Path)),
    responses(
        (status = 200, body = RolesAfterwards),
        (status = 404, body = Problem),
        (status = 409, body = Problem)
    )
)]
pub(super) async fn cancel(
    State(core): State<Core>,
    in_event: InEvent,
    IdInPath(id): IdInPath<RegistrationId>,
) -> Result<Json<RolesAfterwards>, Problem> {
    in_event.may(Operation::RegistrationChange, Target::EVENT.owned(false))?;
    exists(&core, &in_event, id).await?;
    let roles = registration::cancel(&core, &in_event.event, id, in_event.person()?).await?;
    let detail = "This registration is already cancelled.";
    Ok(Json(roles.ok_or_else(|| Problem::new("registration.cancelled", detail))?))
}

/// Takes a cancellation back. Roles that ended with the registration have to be granted again.
#[utoipa::path(
    post, path = "/events/{slug}/registrations/{id}/reinstate",
    operation_id = "reinstate_registration", tag = "registration",
    params(("slug" = String, Path), ("id" = String, Path)),
    responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem))
)]
pub(super) async fn reinstate(
    State(core): State<Core>,
    in_event: InEvent,
    IdInPath(id): IdInPath<RegistrationId>,
) -> Result<StatusCode, Problem> {
    in_event.may(Operation::RegistrationChange, Target::EVENT.owned(false))?;
    exists(&core, &in_event, id).await?;
    match registration::reinstate(&core, &in_event.event, id, in_event.person()?).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(NotReinstated::Database(error)) => Err(error.into()),
        Err(NotReinstated::NotCancelled) => {
            let detail = "This registration is not cancelled.";
            Err(Problem::new("registration.exists", detail))
        }
        Err(NotReinstated::SoldOut) => Err(sold_out()),
    }
}

/// Nobody else can be let in with the ticket.
pub(super) fn sold_out() -> Problem {
    let detail = "All tickets of this kind are taken. Raise the quota of the ticket first.";
    Problem::new("ticket.sold_out", detail)
}

async fn exists(core: &Core, in_event: &InEvent, id: RegistrationId) -> Result<(), Problem> {
    let found = registration::find(&core.db, in_event.event.id, id).await?;
    found.map(drop).ok_or_else(|| Problem::not_found("registration"))
}
