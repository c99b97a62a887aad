//! A person's picture.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::State;

use crate::core::Core;
use crate::http::address::ClientAddress;
use crate::http::extract::SignedIn;
use crate::http::limits::Limits;
use crate::http::problem::Problem;
use crate::http::receive::{Kind, receive};
use crate::identity::refresh_appearance;
use crate::identity::sign_in::SignIn;
use crate::people::me::Me;
use crate::pictures::{self, LARGEST_FILE, Picture};

use super::account::me;

const PICTURE: Kind =
    Kind { name: "The picture", most: LARGEST_FILE, arrival: Duration::from_secs(60) };

/// Replaces the picture. Others see its middle as the hub writes it, at up to 128 pixels, or 512 with
/// `?size=large` behind the picture's address; nothing else of the file is kept.
#[utoipa::path(
    put, path = "/me/picture", operation_id = "set_picture", tag = "account",
    request_body(content = Vec<u8>, content_type = "image/*",
        description = "PNG, JPEG or WebP, at most 2 MiB, 4,096 pixels wide and high, and 12 million in all"),
    responses(
        (status = 200, body = Me), (status = 413, body = Problem), (status = 422, body = Problem),
        (status = 429, body = Problem)
    )
)]
pub(super) async fn change(
    State(core): State<Core>,
    State(limits): State<Arc<Limits>>,
    SignedIn(sign_in): SignedIn,
    address: ClientAddress,
    body: Body,
) -> Result<Json<Me>, Problem> {
    super::own_shown_account(&core, sign_in).await?;
    limits.picture(sign_in.person)?;
    let file = receive(body, PICTURE).await?;
    let picture = pictures::read(&core.cpu_pool, address.limit_key(), file).await?;
    replace(&core, sign_in, Some(picture)).await
}

/// Takes the picture away.
#[utoipa::path(delete, path = "/me/picture",
    operation_id = "remove_picture", tag = "account", responses((status = 200, body = Me)))]
pub(super) async fn remove(
    State(core): State<Core>,
    SignedIn(sign_in): SignedIn,
) -> Result<Json<Me>, Problem> {
    super::own_shown_account(&core, sign_in).await?;
    replace(&core, sign_in, None).await
}

async fn replace(
    core: &Core,
    sign_in: SignIn,
    picture: Option<Picture>,
) -> Result<Json<Me>, Problem> {
    pictures::replace(core, sign_in.person, picture).await?;
    refresh_appearance(&core.identity, sign_in.person).await?;
    me(core, sign_in).await
}
