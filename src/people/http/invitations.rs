//! Invitations to roles: an event's, for its organizers, and one's own.

use axum::Json;
use axum::extract::State;
use http::StatusCode;

use crate::core::Core;
use crate::http::extract::{IdInPath, InEvent, SignedIn};
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::id::InvitationId;
use crate::identity::roles::invitation::{self, Decision, Invitation, OwnInvitation};
use crate::identity::sign_in::SignIn;
use crate::permission::{Operation, Target};

/// The invitations to roles that were not accepted yet, the latest first.
#[utoipa::path(
    get, path = "/events/{slug}/invitations",
    operation_id = "list_invitations", tag = "people", params(("slug" = String, Path)),
    responses((status = 200, body = Page<Invitation>), (status = 403, body = Problem))
)]
pub(super) async fn list(
    State(core): State<Core>,
    in_event: InEvent,
) -> Result<Json<Page<Invitation>>, Problem> {
    in_event.may(Operation::RolesRead, Target::EVENT)?;
    let asker = in_event.person()?;
    Ok(Json(Page::whole(invitation::list(&core.identity, in_event.event.id, asker).await?)))
}

/// Withdraws an invitation. The link in its mail then leads to nothing.
#[utoipa::path(
    delete, path = "/events/{slug}/invitations/{id}",
    operation_id = "withdraw_invitation", tag = "people",
    params(("slug" = String, Path), ("id" = String, Path)),
    responses((status = 204), (status = 404, body = Problem))
)]
pub(super) async fn withdraw(
    State(core): State<Core>,
    in_event: InEvent,
    IdInPath(id): IdInPath<InvitationId>,
) -> Result<StatusCode, Problem> {
    in_event.may(Operation::RolesChange, Target::EVENT)?;
    let by = in_event.person()?;
    let withdrawn = invitation::withdraw(&core.identity, in_event.event.id, id, by).await?;
    if withdrawn { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found("invitation")) }
}

/// What the person is invited to. Whoever has not proved that their address is theirs is invited to
/// nothing.
#[utoipa::path(
    get, path = "/me/invitations", operation_id = "list_own_invitations", tag = "account",
    responses((status = 200, body = Page<OwnInvitation>))
)]
pub(super) async fn own(
    State(core): State<Core>,
    SignedIn(sign_in): SignedIn,
) -> Result<Json<Page<OwnInvitation>>, Problem> {
    let person = super::own_account(&core, sign_in).await?;
    Ok(Json(Page::whole(invitation::of_person(&core.identity, &person).await?)))
}

/// Accepts an invitation: the role is the person's from now on.
#[utoipa::path(
    post, path = "/me/invitations/{id}/accept",
    operation_id = "accept_invitation", tag = "account", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = Problem))
)]
pub(super) async fn accept(
    State(core): State<Core>,
    SignedIn(sign_in): SignedIn,
    IdInPath(id): IdInPath<InvitationId>,
) -> Result<StatusCode, Problem> {
    decide(&core, sign_in, id, Decision::Accept).await
}

/// Declines an invitation, which is gone then.
#[utoipa::path(
    delete, path = "/me/invitations/{id}",
    operation_id = "decline_invitation", tag = "account", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = Problem))
)]
pub(super) async fn decline(
    State(core): State<Core>,
    SignedIn(sign_in): SignedIn,
    IdInPath(id): IdInPath<InvitationId>,
) -> Result<StatusCode, Problem> {
    decide(&core, sign_in, id, Decision::Decline).await
}

async fn decide(
    core: &Core,
    sign_in: SignIn,
    id: InvitationId,
    decision: Decision,
) -> Result<StatusCode, Problem> {
    let person = super::own_account(core, sign_in).await?;
    let decided = invitation::decide(&core.identity, &person, id, decision).await?;
    if decided { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found("invitation")) }
}
