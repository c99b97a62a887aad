//! A person's picture.

use std::time::Duration;

use axum::Json;
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::{HeaderValue, header};

use crate::core::Core;
use crate::http::extract::SignedIn;
use crate::http::problem::Problem;
use crate::http::receive::{Kind, receive};
use crate::identity::refresh_appearance;
use crate::identity::sign_in::SignIn;
use crate::people::People;
use crate::people::me::Me;
use crate::people::picture::{self, LARGEST_FILE, NotAPicture, Picture};

use super::account::me;

const PICTURE: Kind =
    Kind { name: "The picture", most: LARGEST_FILE, arrival: Duration::from_secs(60) };

/// `GET /pictures/{name}`, which is no part of the API: pages show it as an image.
pub fn pictures() -> Router<People> {
    Router::new().route("/pictures/{name}", get(show))
}

/// Replaces the picture. What it says about when, where and with what it was taken is left out.
#[utoipa::path(
    put, path = "/me/picture", operation_id = "set_picture", tag = "account",
    request_body(content = Vec<u8>, content_type = "image/*",
        description = "PNG, JPEG or WebP, at most 2 MiB and 4,096 pixels wide and high"),
    responses(
        (status = 200, body = Me), (status = 413, body = Problem), (status = 422, body = Problem)
    )
)]
pub(super) async fn change(
    State(core): State<Core>,
    SignedIn(sign_in): SignedIn,
    body: Body,
) -> Result<Json<Me>, Problem> {
    super::own_shown_account(&core, sign_in).await?;
    let picture = picture::read(&receive(body, PICTURE).await?)?;
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
    picture::replace(core, sign_in.person, picture).await?;
    refresh_appearance(&core.identity, sign_in.person).await?;
    me(core, sign_in).await
}

impl From<NotAPicture> for Problem {
    fn from(error: NotAPicture) -> Self {
        Self::new("picture.unusable", error.to_string())
    }
}

/// The file. Its name is as good as a secret and never stands for another file, so that browsers
/// may keep it for ever.
async fn show(State(people): State<People>, Path(name): Path<String>) -> Result<Response, Problem> {
    let unknown = || Problem::not_found("picture");
    let kind = picture::kind_of_name(&name).ok_or_else(unknown)?;
    let file = picture::show(&people, &name).await?.ok_or_else(unknown)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind.content_type())),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=31536000, immutable")),
    ];
    Ok((headers, file).into_response())
}
