//! Importing a schedule.

use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use serde::Deserialize;

use crate::agenda::Agenda;
use crate::agenda::schedule::LARGEST_DOCUMENT;
use crate::agenda::schedule::import::{self, How, ImportError};
use crate::agenda::schedule::notes::Faults;
use crate::agenda::schedule::report::ImportReport;
use crate::http::extract::{InEvent, Parameters};
use crate::http::problem::Problem;
use crate::http::receive::{Kind, receive};
use crate::permission::{Operation, Target};
use crate::protocol::ProblemDetail;

const SCHEDULE: Kind =
    Kind { name: "The schedule", most: LARGEST_DOCUMENT, arrival: Duration::from_secs(120) };

/// How to import.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ImportQuery {
    /// Only say what would change.
    #[serde(default)]
    dry_run: bool,
    /// Even if that cancels all existing sessions.
    #[serde(default)]
    replace: bool,
}

/// Imports a schedule.json of frab, pretalx and their relatives: creates what is new, changes what
/// is different, cancels what is no longer in it. A document with an error changes nothing.
#[utoipa::path(post, path = "/events/{slug}/import/schedule", tag = "agenda",
    params(("slug" = String, Path), ImportQuery),
    request_body(content = serde_json::Value, description = "The document, at most 32 MiB"),
    responses(
        (status = 200, body = ImportReport),
        (status = 413, body = Problem),
        (status = 422, body = Problem, description = "`import.invalid`, with every error by session and field"),
        (status = 503, body = Problem, description = "`server.busy`: another import is under way"),
    ),
)]
pub(super) async fn import_schedule(
    State(agenda): State<Agenda>,
    in_event: InEvent,
    Parameters(query): Parameters<ImportQuery>,
    body: Body,
) -> Result<Json<ImportReport>, Problem> {
    // Before the body is read: a stranger must not be able to send so much.
    in_event.may(Operation::ImportSchedule, Target::EVENT)?;
    // One at a time: a large document takes memory many times its size.
    let Ok(_turn) = agenda.agendas.import_turn.try_acquire() else {
        let detail = "Another import is under way. Please try again in a moment.";
        let problem = Problem::new("server.busy", detail);
        return Err(Problem { retry_after_ms: Some(5_000), ..problem });
    };
    let document = receive(body, SCHEDULE).await?;
    let actor = in_event.actor.person;
    let how = How { dry_run: query.dry_run, replace: query.replace };
    let report = import::into_event(&agenda.core, &in_event.event, actor, document, how).await?;
    Ok(Json(report))
}

impl From<ImportError> for Problem {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Document(faults) => refusal(faults),
            ImportError::Database(error) => error.into(),
            ImportError::Reader => Self::internal(),
        }
    }
}

fn refusal(faults: Faults) -> Problem {
    let errors = match faults.count() {
        1 => "an error".to_owned(),
        count => format!("{count} errors"),
    };
    let mut detail = format!("The schedule has {errors}. Nothing was changed.");
    if faults.more > 0 {
        detail.push_str(&format!(" The first {} are listed.", faults.told.len()));
    }
    let problem = Problem::new("import.invalid", detail);
    let errors = faults.told.into_iter().map(|fault| ProblemDetail {
        row: fault.row,
        field: fault.field,
        message: fault.message,
    });
    Problem { errors: errors.collect(), ..problem }
}
