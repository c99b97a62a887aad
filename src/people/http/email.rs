//! Another e-mail address.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::core::Core;
use crate::http::extract::{Body, SignedIn};
use crate::http::limits::Limits;
use crate::http::problem::Problem;
use crate::identity::email_change::{self, NotConfirmed};
use crate::people::me::Me;
use crate::text::EmailAddress;

use super::Visitor;
use super::sign_in::{Nothing, Redemption, used_link};

/// The new address.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EmailChange {
    email: EmailAddress,
}

/// Mails a link to the new address; it becomes the person's when the link is used.
#[utoipa::path(
    put, path = "/me/email",
    operation_id = "change_email", tag = "account", request_body = EmailChange,
    responses((status = 202, body = Nothing), (status = 429, body = Problem))
)]
pub(super) async fn change(
    State(core): State<Core>,
    State(limits): State<Arc<Limits>>,
    SignedIn(sign_in): SignedIn,
    Body(request): Body<EmailChange>,
) -> Result<(StatusCode, Json<Nothing>), Problem> {
    // A ban is found again by the address.
    let person = super::own_shown_account(&core, sign_in).await?;
    limits.mail(&request.email)?;
    email_change::request(&core.identity, &person, &request.email).await?;
    Ok((StatusCode::ACCEPTED, Json(Nothing {})))
}

/// Confirms an address by the mailed link, and signs in.
#[utoipa::path(
    post, path = "/email/confirm",
    operation_id = "confirm_email", tag = "account", request_body = Redemption,
    responses(
        (status = 200, body = Me), (status = 409, body = Problem), (status = 410, body = Problem)
    )
)]
pub(super) async fn confirm(
    State(core): State<Core>,
    visitor: Visitor,
    Body(request): Body<Redemption>,
) -> Result<Response, Problem> {
    visitor.may_sign_in(&core)?;
    match email_change::confirm(&core.identity, &request.token, &visitor.client).await {
        Ok(entered) => visitor.enter(&core, entered).await,
        Err(NotConfirmed::Used) => Err(used_link()),
        Err(NotConfirmed::Taken) => Err(Problem::new(
            "email.taken",
            "Another account uses this address. Sign in to that one instead.",
        )
        .about("email")),
        Err(NotConfirmed::Database(error)) => Err(error.into()),
    }
}
