//! The agenda over REST.

mod agenda;
mod import;
mod stars;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Agenda;

/// The addresses of this part.
pub fn router() -> OpenApiRouter<Agenda> {
    OpenApiRouter::new()
        .routes(routes!(agenda::get_agenda))
        .routes(routes!(import::import_schedule))
        .routes(routes!(stars::list_stars))
        .routes(routes!(stars::star_session, stars::unstar_session))
}
