//! `GET /pictures/{name}`, which is no part of the API: pages show it as an image.

use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRef, Path, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::{HeaderValue, header};
use serde::Deserialize;

use super::{Format, NotAPicture, Pictures, Size, Unreadable, keeping};
use crate::core::Core;
use crate::cpu_pool::NotDone;
use crate::http::address::ClientAddress;
use crate::http::extract::Parameters;
use crate::http::problem::Problem;

impl FromRef<Arc<Pictures>> for Core {
    fn from_ref(pictures: &Arc<Pictures>) -> Self {
        pictures.core.clone()
    }
}

pub(super) fn router() -> Router<Arc<Pictures>> {
    Router::new().route("/pictures/{name}", get(show))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    #[serde(default)]
    size: Wanted,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Wanted {
    Large,
    #[default]
    Small,
}

/// The file. Its name is as good as a secret and never stands for another file, so that browsers
/// may keep it for ever.
async fn show(
    State(pictures): State<Arc<Pictures>>,
    address: ClientAddress,
    Path(name): Path<String>,
    Parameters(query): Parameters<Query>,
) -> Result<Response, Problem> {
    let unknown = || Problem::not_found("picture");
    if !keeping::is_name(&name) {
        return Err(unknown());
    }
    let size = match query.size {
        Wanted::Large => Size::Large,
        Wanted::Small => Size::Small,
    };
    let file = keeping::show(&pictures, address.limit_key(), &name, size).await?;
    let file = file.ok_or_else(unknown)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(Format::of(&file).content_type())),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=31536000, immutable")),
    ];
    Ok((headers, file).into_response())
}

impl From<NotAPicture> for Problem {
    fn from(error: NotAPicture) -> Self {
        Self::new("picture.unusable", error.to_string())
    }
}

impl From<Unreadable> for Problem {
    fn from(error: Unreadable) -> Self {
        match error {
            Unreadable::File(error) => error.into(),
            Unreadable::NotDone(NotDone::Busy) => super::busy().into(),
            Unreadable::NotDone(NotDone::Panicked) => {
                tracing::error!(%error, "a request failed at a picture");
                Self::internal()
            }
        }
    }
}
