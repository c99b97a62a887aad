//! The sessions that a person wants to see.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;

use crate::agenda::view::Stars;
use crate::agenda::{Agenda, store};
use crate::http::extract::{IdInPath, InEvent};
use crate::http::problem::Problem;
use crate::id::SessionId;
use crate::permission::{Operation, Target};

/// The sessions that the person has starred, by time.
#[utoipa::path(get, path = "/events/{slug}/stars", tag = "agenda",
    params(("slug" = String, Path)),
    responses((status = 200, body = Stars), (status = 401, body = Problem)),
)]
pub(super) async fn list_stars(
    State(agenda): State<Agenda>,
    in_event: InEvent,
) -> Result<Json<Stars>, Problem> {
    in_event.may(Operation::Star, Target::EVENT)?;
    let sessions = store::stars(&agenda.core.db, in_event.event.id, in_event.person()?).await?;
    Ok(Json(Stars { sessions }))
}

/// Stars a session.
#[utoipa::path(put, path = "/events/{slug}/stars/{id}", tag = "agenda",
    params(("slug" = String, Path), ("id" = SessionId, Path)),
    responses((status = 204), (status = 404, body = Problem)),
)]
pub(super) async fn star_session(
    State(agenda): State<Agenda>,
    in_event: InEvent,
    IdInPath(session): IdInPath<SessionId>,
) -> Result<StatusCode, Problem> {
    in_event.may(Operation::Star, Target::EVENT)?;
    // Only sessions that exist can be starred, so that nobody can make the table grow at will.
    let document = agenda.of_event(&in_event.event).await?;
    if !document.sessions.contains(&session) {
        return Err(Problem::not_found("session"));
    }
    store::star(&agenda.core.db, in_event.person()?, session, agenda.core.clock.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes the star from a session.
#[utoipa::path(delete, path = "/events/{slug}/stars/{id}", tag = "agenda",
    params(("slug" = String, Path), ("id" = SessionId, Path)), responses((status = 204)),
)]
pub(super) async fn unstar_session(
    State(agenda): State<Agenda>,
    in_event: InEvent,
    IdInPath(session): IdInPath<SessionId>,
) -> Result<StatusCode, Problem> {
    in_event.may(Operation::Star, Target::EVENT)?;
    store::unstar(&agenda.core.db, in_event.person()?, session).await?;
    Ok(StatusCode::NO_CONTENT)
}
