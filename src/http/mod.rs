//! The HTTP edge: the router, the extractors, the one error, the embedded web app.

pub mod admin;
pub mod assets;
pub mod conditional;
pub mod extract;
mod observe;
pub mod problem;
pub mod security;

use std::sync::Arc;

use axum::{Router, middleware};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

/// Everything that attendees reach.
pub fn router(app: &Arc<App>) -> Router {
    let (api, _document) = OpenApiRouter::<Arc<App>>::new().split_for_parts();
    let router = Router::new()
        .nest("/api/v1", api)
        .fallback(assets::serve)
        .layer(CatchPanicLayer::custom(observe::panicked))
        .layer(middleware::from_fn(observe::observe))
        .with_state(Arc::clone(app));
    security::protect(router, app.settings.is_secure())
}
