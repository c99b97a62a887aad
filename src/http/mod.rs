//! The HTTP edge: the router, the extractors, the one error, the embedded web app.

pub mod address;
pub mod admin;
pub mod assets;
pub mod conditional;
mod embedded;
pub mod extract;
pub mod limits;
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

use crate::app::App;
use crate::{agenda, events, load_test, moderation, people};

/// The REST interface: one line per capability.
fn api() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .merge(events::http::router())
        .merge(agenda::http::router())
        .merge(people::http::router())
        .merge(moderation::http::router())
        .merge(load_test::http::router())
}

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
