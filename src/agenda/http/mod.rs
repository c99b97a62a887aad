//! The agenda over REST.

mod agenda;
mod import;
mod stars;

use std::sync::Arc;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// The addresses of this part.
pub fn router() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(agenda::get_agenda))
        .routes(routes!(import::import_schedule))
        .routes(routes!(stars::list_stars))
        .routes(routes!(stars::star_session, stars::unstar_session))
}
