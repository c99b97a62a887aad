//! An event's roles, for its organizers.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::core::Core;
use crate::http::extract::{Body, IdInPath, InEvent};
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::id::{GrantId, PersonId, RoomId};
use crate::identity::person;
use crate::identity::roles::{self, GrantView, NewGrant, NotRevoked, Scope};
use crate::people::invitation;
use crate::permission::{Operation, Role, Target};
use crate::text::EmailAddress;

/// Who has which role.
#[utoipa::path(
    get, path = "/events/{slug}/roles",
    operation_id = "list_roles", tag = "people", params(("slug" = String, Path)),
    responses((status = 200, body = Page<GrantView>), (status = 403, body = Problem))
)]
pub(super) async fn list(
    State(core): State<Core>,
    in_event: InEvent,
) -> Result<Json<Page<GrantView>>, Problem> {
    in_event.may(Operation::RolesRead, Target::EVENT)?;
    Ok(Json(Page::whole(roles::list(&core.db, &in_event.event, None).await?)))
}

/// Whom to give which role.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GrantRequest {
    /// Somebody by their address; they need no account yet.
    email: Option<EmailAddress>,
    /// Somebody by their id, instead of the address.
    person: Option<PersonId>,
    role: Role,
    /// The only room in which the role holds.
    room: Option<RoomId>,
}

/// Gives somebody a role. Whoever has no account yet is invited by mail.
#[utoipa::path(
    post, path = "/events/{slug}/roles",
    operation_id = "grant_role", tag = "people", params(("slug" = String, Path)),
    request_body = GrantRequest,
    responses((status = 200, body = GrantView), (status = 201, body = GrantView))
)]
pub(super) async fn grant(
    State(core): State<Core>,
    in_event: InEvent,
    Body(request): Body<GrantRequest>,
) -> Result<(StatusCode, Json<GrantView>), Problem> {
    in_event.may(Operation::RolesChange, Target::EVENT)?;
    let event = &in_event.event;
    if request.room.is_some_and(|room| !event.rooms.contains_key(&room)) {
        return Err(Problem::invalid("room", "There is no such room in this event."));
    }
    let person = whom(&core, &in_event, &request).await?;
    let scope = Scope { event: Some(event.id), room: request.room };
    let new = NewGrant { person, role: request.role, scope };
    let (id, made) = roles::grant(&core.identity, new, Some(in_event.person()?)).await?;
    let event = core.events.by_id(event.id).await?.ok_or_else(Problem::internal)?;
    let grants = roles::list(&core.db, &event, Some(id)).await?;
    let grant = grants.into_iter().next().ok_or_else(Problem::internal)?;
    Ok((if made { StatusCode::CREATED } else { StatusCode::OK }, Json(grant)))
}

async fn whom(
    core: &Core,
    in_event: &InEvent,
    request: &GrantRequest,
) -> Result<PersonId, Problem> {
    match (&request.email, request.person) {
        (Some(email), None) => Ok(invitation::ensure(core, &in_event.event, email).await?),
        (None, Some(id)) => {
            let person = person::find(&core.db, id).await?.filter(|person| !person.guest);
            let unknown = || Problem::invalid("person", "There is no such person.");
            Ok(person.ok_or_else(unknown)?.id)
        }
        _ => Err(Problem::invalid("email", "Name somebody by their address or by their id.")),
    }
}

/// Takes a role from somebody. The last organizer of an event stays.
#[utoipa::path(
    delete, path = "/events/{slug}/roles/{id}", operation_id = "revoke_role", tag = "people",
    params(("slug" = String, Path), ("id" = String, Path)),
    responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem))
)]
pub(super) async fn revoke(
    State(core): State<Core>,
    in_event: InEvent,
    IdInPath(id): IdInPath<GrantId>,
) -> Result<StatusCode, Problem> {
    in_event.may(Operation::RolesChange, Target::EVENT)?;
    match roles::revoke_by_id(&core.identity, &in_event.event, id, in_event.person()?).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(NotRevoked::Unknown) => Err(Problem::not_found("role")),
        Err(NotRevoked::LastOrganizer) => Err(Problem::new(
            "roles.last_organizer",
            "This is the event's last organizer. Make somebody else an organizer first.",
        )),
        Err(NotRevoked::Database(error)) => Err(error.into()),
    }
}
