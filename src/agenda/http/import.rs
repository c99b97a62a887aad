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
use crate::text::TimeZoneName;

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
    /// Leave out sessions with an error, and list them in the report.
    #[serde(default)]
    skip_broken: bool,
    /// The time zone of the place, whatever the schedule says.
    #[param(value_type = Option<String>, example = "Europe/Berlin")]
    time_zone: Option<TimeZoneName>,
}

/// Imports a schedule.json or schedule.xml of frab, pretalx and their relatives, or what pretalx's REST
/// API answers: creates what is new, changes what is different, cancels what is no longer in it. A
/// document with an error changes nothing, unless `skip_broken` leaves the sessions concerned out.
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
    let ImportQuery { dry_run, replace, skip_broken, time_zone } = query;
    let how = How { dry_run, replace, skip_broken, time_zone };
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
    let errors = faults.told.into_iter().map(ProblemDetail::from);
    Problem { errors: errors.collect(), ..problem }
}
