//! Where a person is signed in.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::clock::Timestamp;
use crate::core::Core;
use crate::http::extract::{IdInPath, SignedIn};
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::id::SignInId;
use crate::identity::sign_in;

/// One sign-in.
#[derive(Serialize, ToSchema)]
pub(super) struct OwnSignIn {
    id: SignInId,
    created_at: Timestamp,
    /// When it was last used, to within some minutes.
    seen_at: Timestamp,
    user_agent: String,
    address: String,
    /// Whether it is the one that asks.
    current: bool,
}

/// The person's own sign-ins, the last used first.
#[utoipa::path(
    get, path = "/me/sign-ins",
    operation_id = "list_sign_ins", tag = "account", responses((status = 200, body = Page<OwnSignIn>))
)]
pub(super) async fn list(
    State(core): State<Core>,
    SignedIn(own): SignedIn,
) -> Result<Json<Page<OwnSignIn>>, Problem> {
    super::own_account(&core, own).await?;
    let listed = sign_in::list(&core.db, own.person, core.clock.now()).await?;
    let items = listed.into_iter().map(|listed| OwnSignIn {
        current: listed.id == own.id,
        id: listed.id,
        created_at: listed.created_at,
        seen_at: listed.seen_at,
        user_agent: listed.user_agent,
        address: listed.address,
    });
    Ok(Json(Page::whole(items.collect())))
}

/// Signs out on another browser.
#[utoipa::path(
    delete, path = "/me/sign-ins/{id}",
    operation_id = "end_sign_in", tag = "account", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = Problem))
)]
pub(super) async fn end(
    State(core): State<Core>,
    SignedIn(own): SignedIn,
    IdInPath(id): IdInPath<SignInId>,
) -> Result<StatusCode, Problem> {
    super::own_account(&core, own).await?;
    if sign_in::end(&core.identity, own.person, id).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::not_found("sign-in"))
    }
}
