//! Choosing a password.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::core::Core;
use crate::http::address::ClientAddress;
use crate::http::extract::{Body, SignedIn};
use crate::http::limits::Limits;
use crate::http::problem::Problem;
use crate::identity::reset;
use crate::text::{EmailAddress, Password};

use super::Visitor;
use super::sign_in::Nothing;

/// A new password, and the one until now if there is one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PasswordChange {
    /// Not needed within 15 minutes after signing in by mail.
    current: Option<String>,
    password: Password,
}

/// Chooses a password, or another one. Every other sign-in of the person ends. Only for who gives the
/// present password, or signed in by mail within the last 15 minutes.
#[utoipa::path(
    put, path = "/me/password",
    operation_id = "change_password", tag = "account", request_body = PasswordChange,
    responses((status = 204), (status = 403, body = Problem), (status = 422, body = Problem))
)]
pub(super) async fn change(
    State(core): State<Core>,
    State(limits): State<Arc<Limits>>,
    SignedIn(sign_in): SignedIn,
    address: ClientAddress,
    Body(request): Body<PasswordChange>,
) -> Result<StatusCode, Problem> {
    let person = super::own_account(&core, sign_in).await?;
    super::reauthenticate(&core, &limits, address, sign_in, &person, request.current.as_deref())
        .await?;
    let hash = core.identity.passwords.hash(address.limit_key(), &request.password).await?;
    reset::set_password(&core.identity, &person, &hash, sign_in).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Asks for a link to choose a new password with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ResetRequest {
    email: EmailAddress,
}

/// Mails a link to choose a new password with. The answer is the same whether the address is known
/// or not.
#[utoipa::path(
    post, path = "/password-reset",
    operation_id = "request_password_reset", tag = "sign-in", request_body = ResetRequest,
    responses((status = 202, body = Nothing), (status = 429, body = Problem))
)]
pub(super) async fn request_reset(
    State(core): State<Core>,
    State(limits): State<Arc<Limits>>,
    visitor: Visitor,
    Body(request): Body<ResetRequest>,
) -> Result<(StatusCode, Json<Nothing>), Problem> {
    visitor.may_sign_in(&core)?;
    limits.mail(&request.email)?;
    reset::request(&core.identity, &request.email).await?;
    Ok((StatusCode::ACCEPTED, Json(Nothing {})))
}

/// A mailed token and the new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ResetRedemption {
    token: String,
    password: Password,
    /// Whether somebody else who is signed in on this browser is signed out.
    #[serde(default)]
    replace: bool,
}

/// Sets a new password and signs in with it. Every other sign-in of the person ends.
#[utoipa::path(
    post, path = "/password-reset/redeem",
    operation_id = "redeem_password_reset", tag = "sign-in", request_body = ResetRedemption,
    responses(
        (status = 200, body = crate::people::me::Me),
        (status = 409, body = Problem, description = "`sign_in.somebody_else`: send `replace`"),
        (status = 410, body = Problem)
    )
)]
pub(super) async fn redeem_reset(
    State(core): State<Core>,
    visitor: Visitor,
    Body(request): Body<ResetRedemption>,
) -> Result<Response, Problem> {
    visitor.may_sign_in(&core)?;
    let hash = core.identity.passwords.hash(visitor.asker(), &request.password).await?;
    let bearer = visitor.bearer(request.replace);
    let admitted = reset::redeem(&core.identity, &request.token, &hash, bearer).await?;
    visitor.enter(&core, admitted).await
}
