//! Reading the agenda.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use crate::agenda::{Agenda, view};
use crate::http::extract::PublicEvent;
use crate::http::problem::Problem;
use crate::permission::Operation;

/// The agenda: the same for everybody, whole. Sessions in hidden rooms are not in it.
#[utoipa::path(get, path = "/events/{slug}/agenda", tag = "agenda",
    params(("slug" = String, Path)),
    responses((status = 200, body = view::Agenda), (status = 304), (status = 404, body = Problem)),
)]
pub(super) async fn get_agenda(
    State(agenda): State<Agenda>,
    event: PublicEvent,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    event.may(Operation::AgendaRead)?;
    Ok(agenda.of_event(&event.event).await?.document.answer(&headers))
}
