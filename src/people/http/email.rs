//! Another e-mail address.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::core::Core;
use crate::http::extract::{Body, SignedIn};
use crate::http::problem::Problem;
use crate::identity::email_change;
use crate::people::me::Me;
use crate::text::EmailAddress;

use super::Visitor;
use super::mailed::{MailRequested, Redemption};

/// The new address, and the present password if there is one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EmailChange {
    email: EmailAddress,
    /// Not needed within 15 minutes after signing in by mail.
    current: Option<String>,
}

/// Mails a link and a code to the new address; it becomes the person's when one of them is used. Only
/// for who gives the present password, or signed in by mail within the last 15 minutes.
#[utoipa::path(
    put, path = "/me/email",
    operation_id = "change_email", tag = "account", request_body = EmailChange,
    responses(
        (status = 202, body = MailRequested), (status = 403, body = Problem),
        (status = 422, body = Problem), (status = 429, body = Problem)
    )
)]
pub(super) async fn change(
    State(core): State<Core>,
    SignedIn(sign_in): SignedIn,
    visitor: Visitor,
    Body(request): Body<EmailChange>,
) -> Result<(StatusCode, Json<MailRequested>), Problem> {
    // A ban is found again by the address.
    let person = super::own_shown_account(&core, sign_in).await?;
    let limits = &visitor.limits;
    limits.address(visitor.address)?;
    super::reauthenticate(
        &core,
        limits,
        visitor.address,
        sign_in,
        &person,
        request.current.as_deref(),
    )
    .await?;
    limits.address_change(person.id, &request.email)?;
    limits.mail(&request.email)?;
    let request = email_change::request(&core.identity, &person, &request.email).await?;
    Ok((StatusCode::ACCEPTED, Json(MailRequested { request })))
}

/// Confirms an address with what was mailed to it, and signs in. All other sign-ins of the account end;
/// its password is removed unless the account is signed in on this browser.
#[utoipa::path(
    post, path = "/email/confirm",
    operation_id = "confirm_email", tag = "account", request_body = Redemption,
    responses(
        (status = 200, body = Me), (status = 409, body = Problem), (status = 410, body = Problem),
        (status = 422, body = Problem)
    )
)]
pub(super) async fn confirm(
    State(core): State<Core>,
    visitor: Visitor,
    Body(request): Body<Redemption>,
) -> Result<Response, Problem> {
    let mailed = visitor.may_redeem(&core, &request)?;
    let bearer = visitor.bearer(request.replace);
    let admitted = email_change::confirm(&core.identity, &mailed, bearer).await?;
    visitor.enter(&core, admitted).await
}
