//! People in and out as tables.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, header};

use crate::core::Core;
use crate::events::RegistrationForm;
use crate::http::extract::{InEvent, Parameters};
use crate::http::problem::Problem;
use crate::http::receive::{Kind, receive};
use crate::people::ImportTurn;
use crate::people::transfer::{self, ImportReport, LARGEST_TABLE, Options};
use crate::permission::{Operation, Target};

const TABLE: Kind =
    Kind { name: "The table", most: LARGEST_TABLE, arrival: Duration::from_secs(120) };

/// Imports people from a table of comma-separated values: registers who is not, changes what is
/// different, leaves everybody else alone. A table with an error changes nothing.
#[utoipa::path(
    post, path = "/events/{slug}/import/people", operation_id = "import_people", tag = "people",
    params(
        ("slug" = String, Path),
        ("dry_run" = Option<bool>, Query, description = "Only say what would change"),
        ("map" = Option<Vec<String>>, Query,
            description = "HEADER=FIELD: what a column holds; may be given several times"),
    ),
    request_body(content = String, content_type = "text/csv"),
    responses(
        (status = 200, body = ImportReport), (status = 413, body = Problem),
        (status = 422, body = Problem, description = "`import.invalid`, with errors by row and field")
    )
)]
pub(super) async fn import(
    State(core): State<Core>,
    State(turn): State<Arc<ImportTurn>>,
    in_event: InEvent,
    Parameters(query): Parameters<Vec<(String, String)>>,
    body: Body,
) -> Result<Json<ImportReport>, Problem> {
    // Before the body is read: a stranger must not be able to send so much.
    in_event.may(Operation::ImportPeople, Target::EVENT)?;
    let options = options(query)?;
    let Ok(_turn) = turn.0.try_acquire() else {
        let detail = "Another import is under way. Please try again in a moment.";
        let problem = Problem::new("server.busy", detail);
        return Err(Problem { retry_after_ms: Some(5_000), ..problem });
    };
    let table = receive(body, TABLE).await?;
    let actor = in_event.actor.person;
    let report = transfer::import(&core, &in_event.event, actor, &table, &options).await?;
    if report.errors.is_empty() || report.dry_run { Ok(Json(report)) } else { Err(refusal(report)) }
}

fn options(query: Vec<(String, String)>) -> Result<Options, Problem> {
    let mut options = Options::default();
    for (name, value) in query {
        match (name.as_str(), value.as_str()) {
            ("dry_run", "true") => options.dry_run = true,
            ("dry_run", "false") => options.dry_run = false,
            ("map", pair) => {
                let (header, field) = pair.rsplit_once('=').ok_or_else(|| {
                    Problem::invalid("map", "Write a column's header, =, and what it holds.")
                })?;
                options.mapping.push((header.to_owned(), field.to_owned()));
            }
            _ => return Err(Problem::invalid(&name, "There is no such parameter or value.")),
        }
    }
    Ok(options)
}

fn refusal(report: ImportReport) -> Problem {
    let errors = match report.error_count {
        1 => "an error".to_owned(),
        count => format!("{count} errors"),
    };
    let mut detail = format!("The table has {errors}. Nothing was changed.");
    if report.errors.len() < report.error_count {
        detail.push_str(&format!(" The first {} are listed.", report.errors.len()));
    }
    let problem = Problem::new("import.invalid", detail);
    Problem { errors: report.errors, ..problem }
}

/// Everybody's registration as a table that an import understands.
#[utoipa::path(
    get, path = "/events/{slug}/export/people.csv", operation_id = "export_people", tag = "people",
    params(("slug" = String, Path)),
    responses((status = 200, content_type = "text/csv", body = String))
)]
pub(super) async fn export(
    State(core): State<Core>,
    in_event: InEvent,
) -> Result<Response, Problem> {
    in_event.may(Operation::ExportPeople, Target::EVENT)?;
    let event = Arc::clone(&in_event.event);
    let form = RegistrationForm::read(&core.db, event.id).await?;
    let name = format!("attachment; filename=\"{}-people.csv\"", event.slug);
    let disposition = HeaderValue::from_str(&name).map_err(|_| Problem::internal())?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    let pieces = transfer::export(core, event, form);
    Ok((headers, Body::from_stream(pieces)).into_response())
}
