//! The REST edge: the router, the extractors, the one error.

pub mod extract;
pub mod problem;

use std::sync::Arc;

use axum::Router;
use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

/// Everything that attendees reach.
pub fn router(app: &Arc<App>) -> Router {
    let (api, _document) = OpenApiRouter::<Arc<App>>::new().split_for_parts();
    Router::new().nest("/api/v1", api).with_state(Arc::clone(app))
}
