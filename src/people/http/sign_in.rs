//! Coming in and going out.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::Core;
use crate::events::EventState;
use crate::http::extract::{Body, MaybeSignedIn};
use crate::http::limits::Limits;
use crate::http::problem::Problem;
use crate::identity::link;
use crate::identity::person;
use crate::identity::sign_in as sign_ins;
use crate::people::me::{self, Me};
use crate::people::registration;
use crate::permission::{Actor, Operation, Target};
use crate::text::{EmailAddress, LocalPath};

use super::mailed::{MailRequested, Redemption};
use super::{Visitor, set_cookie};

/// Nothing more to say.
#[derive(Serialize, ToSchema)]
#[schema(as = Accepted)]
pub(super) struct Nothing {}

/// Who is signed in on this browser.
#[derive(Serialize, ToSchema)]
pub(super) struct CurrentSignIn {
    /// Missing when nobody is.
    #[serde(skip_serializing_if = "Option::is_none")]
    me: Option<Me>,
}

/// Who is signed in on this browser, if anybody: for pages that do not know yet; nobody is not an
/// error.
#[utoipa::path(
    get, path = "/sign-in",
    operation_id = "get_sign_in", tag = "sign-in",
    responses((status = 200, body = CurrentSignIn))
)]
pub(super) async fn current(
    State(core): State<Core>,
    MaybeSignedIn(sign_in): MaybeSignedIn,
) -> Result<Json<CurrentSignIn>, Problem> {
    Actor::default().may(Operation::SignIn, Target::EVENT, core.clock.now())?;
    let me = match sign_in {
        Some(sign_in) => me::read(&core, sign_in).await?,
        None => None,
    };
    Ok(Json(CurrentSignIn { me }))
}

/// Asks for a link by mail.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LinkRequest {
    email: EmailAddress,
    /// The slug of the event in which it is asked for.
    event: Option<String>,
    /// Where to go afterwards.
    next: Option<LocalPath>,
}

/// Mails a link and a code to sign in with. Whether the address is known makes no difference to the
/// answer.
#[utoipa::path(
    post, path = "/sign-in/link",
    operation_id = "request_sign_in_link", tag = "sign-in", request_body = LinkRequest,
    responses((status = 202, body = MailRequested), (status = 429, body = Problem))
)]
pub(super) async fn request_link(
    State(core): State<Core>,
    State(limits): State<Arc<Limits>>,
    visitor: Visitor,
    Body(request): Body<LinkRequest>,
) -> Result<Response, Problem> {
    visitor.may_sign_in(&core)?;
    limits.mail(&request.email)?;
    let event = match &request.event {
        Some(slug) => core.events.by_slug(slug).await?,
        None => None,
    };
    let event = event.filter(|event| event.state != EventState::Draft);
    let LinkRequest { email, next, .. } = request;
    let request = link::request(&core.identity, &email, event.as_deref(), next).await?;
    Ok((StatusCode::ACCEPTED, Json(MailRequested { request })).into_response())
}

/// Signs in with what was mailed: the link's token, or its code on the browser that asked. Whoever is
/// signed in there as the same person stays so.
#[utoipa::path(
    post, path = "/sign-in/link/redeem",
    operation_id = "redeem_sign_in_link", tag = "sign-in", request_body = Redemption,
    responses(
        (status = 200, body = Me),
        (status = 409, body = Problem, description = "`sign_in.somebody_else`: send `replace`"),
        (status = 410, body = Problem), (status = 422, body = Problem)
    )
)]
pub(super) async fn redeem_link(
    State(core): State<Core>,
    visitor: Visitor,
    Body(request): Body<Redemption>,
) -> Result<Response, Problem> {
    let mailed = visitor.may_redeem(&core, &request)?;
    let admitted = registration::redeem(&core, &mailed, visitor.bearer(request.replace)).await?;
    visitor.enter(&core, admitted).await
}

/// An address and its password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PasswordRequest {
    email: EmailAddress,
    password: String,
}

/// Signs in by password.
#[utoipa::path(
    post, path = "/sign-in/password",
    operation_id = "sign_in_with_password", tag = "sign-in", request_body = PasswordRequest,
    responses(
        (status = 200, body = Me), (status = 401, body = Problem), (status = 429, body = Problem)
    )
)]
pub(super) async fn by_password(
    State(core): State<Core>,
    State(limits): State<Arc<Limits>>,
    visitor: Visitor,
    Body(request): Body<PasswordRequest>,
) -> Result<Response, Problem> {
    visitor.may_sign_in(&core)?;
    limits.password(&request.email.key())?;
    let person = person::find_by_email(&core.db, &request.email).await?;
    let hash = person.as_ref().and_then(|person| person.password_hash.clone());
    let right = core.identity.passwords.verify(visitor.asker(), &request.password, hash).await?;
    let person = person.filter(|_| right).ok_or_else(wrong)?;
    let entered = sign_ins::enter(&core.identity, person.id, &visitor.client).await?;
    visitor.enter(&core, entered).await
}

fn wrong() -> Problem {
    Problem::new(
        "sign_in.wrong",
        "Wrong email or password. You can also sign in with a link that we email to you.",
    )
}

/// Comes in without an account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GuestRequest {
    /// The event's slug.
    event: String,
}

/// Lets a read-only guest in, where the event allows it. Whoever is signed in already stays who
/// they are.
#[utoipa::path(
    post, path = "/sign-in/guest",
    operation_id = "sign_in_as_guest", tag = "sign-in", request_body = GuestRequest,
    responses((status = 200, body = Me), (status = 403, body = Problem))
)]
pub(super) async fn as_guest(
    State(core): State<Core>,
    visitor: Visitor,
    Body(request): Body<GuestRequest>,
) -> Result<Response, Problem> {
    visitor.may_sign_in(&core)?;
    let event = core.events.by_slug(&request.event).await?;
    let event = event.filter(|event| event.state != EventState::Draft);
    let event = event.ok_or_else(|| Problem::not_found("event"))?;
    if !event.guests_allowed {
        let detail = "This event does not admit guests. Register to take part.";
        return Err(Problem::new("sign_in.no_guests", detail));
    }
    if let Some(sign_in) = visitor.before {
        let me = me::read(&core, sign_in).await?.ok_or_else(Problem::internal)?;
        return Ok(Json(me).into_response());
    }
    let entered = sign_ins::enter_as_guest(&core.identity, &visitor.client).await?;
    visitor.enter(&core, entered).await
}

/// Goes out.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignOutRequest {
    /// Whether on every browser.
    #[serde(default)]
    everywhere: bool,
}

/// Signs out, here or everywhere. Sockets that were opened with the sign-in close.
#[utoipa::path(
    post, path = "/sign-out", tag = "sign-in", request_body = SignOutRequest,
    responses((status = 204))
)]
pub(super) async fn sign_out(
    State(core): State<Core>,
    MaybeSignedIn(sign_in): MaybeSignedIn,
    Body(request): Body<SignOutRequest>,
) -> Result<Response, Problem> {
    match sign_in {
        Some(sign_in) if request.everywhere => {
            sign_ins::end_all(&core.identity, sign_in.person, None).await?;
        }
        Some(sign_in) => {
            sign_ins::end(&core.identity, sign_in.person, sign_in.id).await?;
        }
        None => {}
    }
    let cookie = sign_ins::no_cookie(core.settings.addresses.is_secure());
    Ok((StatusCode::NO_CONTENT, set_cookie(cookie)).into_response())
}
