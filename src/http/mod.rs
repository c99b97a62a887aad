//! The HTTP edge: the router, the extractors, the one error, the embedded web app.

pub mod address;
pub mod admin;
pub mod assets;
pub mod body;
pub mod conditional;
mod counted;
mod embedded;
pub mod even;
pub mod extract;
pub mod limits;
mod listeners;
pub mod mail;
mod observe;
pub mod origin;
pub mod page;
pub mod patch;
pub mod problem;
pub mod receive;
pub mod security;
pub mod server;
pub mod shares;

use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::{Router, middleware};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

pub use counted::METRICS;
pub use listeners::Listeners;

use crate::core::Core;

/// The description of the REST interface.
pub fn document(api: OpenApiRouter) -> OpenApi {
    OpenApiRouter::new().nest("/api/v1", api).split_for_parts().1
}

/// Keeps answers out of browsers' caches, except those that say otherwise: what is the same for
/// everyone.
fn not_kept() -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(CACHE_CONTROL, HeaderValue::from_static("no-store"))
}

/// Everything that attendees reach: the REST interface, other pages, and `sockets`, which bypass
/// the observation of requests.
pub fn router(core: &Core, api: OpenApiRouter, pages: Router, sockets: Router) -> Router {
    let (api, _) = api.split_for_parts();
    let origin = middleware::from_fn_with_state(core.clone(), origin::same_origin_only);
    let api = api.layer(CompressionLayer::new()).layer(origin).layer(not_kept());
    let router = Router::new()
        .nest("/api/v1", api)
        .merge(pages)
        .fallback(assets::serve)
        .layer(CatchPanicLayer::custom(observe::panicked))
        .layer(middleware::from_fn(observe::observe))
        // Sockets count themselves and are not answered requests.
        .merge(sockets);
    security::protect(router, core.settings.addresses.is_secure())
}
