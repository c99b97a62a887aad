//! An event's roles, for its organizers.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::core::Core;
use crate::http::extract::{Body, IdInPath, InEvent};
use crate::http::limits::Limits;
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::id::{EventId, GrantId, PersonId, RoomId};
use crate::identity;
use crate::identity::roles::invitation::{self, Invitation, NotInvited};
use crate::identity::roles::{self, GrantView, NewGrant, NotRevoked, Scope};
use crate::permission::{Grant, Operation, Role, Target};
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
    /// Somebody by their address. Without an account for it they are invited.
    email: Option<EmailAddress>,
    /// One of the event's people by their id, instead of the address.
    person: Option<PersonId>,
    role: Role,
    /// The only room in which the role holds.
    room: Option<RoomId>,
}

/// Gives somebody a role. An address without an account is invited by mail instead, and nobody has
/// the role until the invitation is accepted.
#[utoipa::path(
    post, path = "/events/{slug}/roles",
    operation_id = "grant_role", tag = "people", params(("slug" = String, Path)),
    request_body = GrantRequest,
    responses(
        (status = 200, body = GrantView), (status = 201, body = GrantView),
        (status = 202, body = Invitation), (status = 409, body = Problem)
    )
)]
pub(super) async fn grant(
    State(core): State<Core>,
    State(limits): State<Arc<Limits>>,
    in_event: InEvent,
    Body(request): Body<GrantRequest>,
) -> Result<Response, Problem> {
    in_event.may(Operation::RolesChange, Target::EVENT)?;
    let event = &in_event.event;
    if request.room.is_some_and(|room| !event.rooms.contains_key(&room)) {
        return Err(Problem::invalid("room", "There is no such room in this event."));
    }
    let person = match whom(&core, &in_event, &request).await? {
        Whom::Person(person) => person,
        Whom::Stranger(email) => {
            limits.mail(email)?;
            let grant = Grant { role: request.role, room: request.room };
            return invite(&core, &in_event, email, grant).await;
        }
    };
    let scope = Scope { event: Some(event.id), room: request.room };
    let new = NewGrant { person, role: request.role, scope };
    let (id, made) = roles::grant(&core.identity, new, Some(in_event.person()?)).await?;
    let event = core.events.by_id(event.id).await?.ok_or_else(Problem::internal)?;
    let grants = roles::list(&core.db, &event, Some(id)).await?;
    let grant = grants.into_iter().next().ok_or_else(Problem::internal)?;
    let status = if made { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(grant)).into_response())
}

/// To whom a role is to be given.
enum Whom<'a> {
    Person(PersonId),
    /// An address of which nobody has proved yet that it is theirs.
    Stranger(&'a EmailAddress),
}

async fn whom<'a>(
    core: &Core,
    in_event: &InEvent,
    request: &'a GrantRequest,
) -> Result<Whom<'a>, Problem> {
    let event = in_event.event.id;
    match (&request.email, request.person) {
        (Some(email), None) => {
            let owner = invitation::owner(&core.identity, event, email).await?;
            Ok(owner.map_or(Whom::Stranger(email), Whom::Person))
        }
        // Whoever has no part in the event must not be found out by guessing.
        (None, Some(id)) if in_event_by_id(core, event, id).await? => Ok(Whom::Person(id)),
        (None, Some(_)) => {
            let detail = "There is no such person in this event. Name others by their address.";
            Err(Problem::invalid("person", detail))
        }
        _ => Err(Problem::invalid("email", "Name somebody by their address or by their id.")),
    }
}

async fn in_event_by_id(core: &Core, event: EventId, id: PersonId) -> Result<bool, Problem> {
    Ok(identity::in_event(&core.db, event, &BTreeSet::from([id])).await?.contains(&id))
}

async fn invite(
    core: &Core,
    in_event: &InEvent,
    email: &EmailAddress,
    grant: Grant,
) -> Result<Response, Problem> {
    let by = in_event.person()?;
    match invitation::invite(&core.identity, &in_event.event, email, grant, by).await {
        Ok(invitation) => Ok((StatusCode::ACCEPTED, Json(invitation)).into_response()),
        Err(NotInvited::TooMany) => Err(Problem::new(
            "roles.too_many_invitations",
            "Too many invitations of this event were not accepted yet. Withdraw some of them first.",
        )),
        Err(NotInvited::Database(error)) => Err(error.into()),
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
