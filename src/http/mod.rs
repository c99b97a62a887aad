//! The HTTP edge: the router, the extractors, the one error, the embedded web app.

pub mod address;
pub mod admin;
pub mod assets;
pub mod conditional;
mod embedded;
pub mod extract;
pub mod limits;
mod listeners;
mod observe;
pub mod origin;
pub mod page;
pub mod patch;
pub mod problem;
pub mod receive;
pub mod security;
pub mod server;

use std::sync::Arc;

use axum::{Router, middleware};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

pub use listeners::Listeners;

use crate::app::{App, api};
use crate::people;

/// The description of the REST interface.
pub fn document() -> OpenApi {
    OpenApiRouter::<Arc<App>>::new().nest("/api/v1", api()).split_for_parts().1
}

/// Everything that attendees reach.
pub fn router(app: &Arc<App>) -> Router {
    let (api, _) = api().split_for_parts();
    let origin = middleware::from_fn_with_state(Arc::clone(app), origin::same_origin_only);
    let api = api.layer(CompressionLayer::new()).layer(origin);
    let router = Router::new()
        .nest("/api/v1", api)
        .merge(people::http::pictures())
        .fallback(assets::serve)
        .layer(CatchPanicLayer::custom(observe::panicked))
        .layer(middleware::from_fn(observe::observe))
        // A socket counts itself, and is no answered request.
        .merge(crate::socket::router())
        .with_state(Arc::clone(app));
    security::protect(router, app.settings.is_secure())
}
