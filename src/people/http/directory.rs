//! The directory of an event.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::core::Core;
use crate::http::extract::{IdInPath, InEvent, Parameters};
use crate::http::page::{self, Page};
use crate::http::problem::Problem;
use crate::id::PersonId;
use crate::moderation::{self, Sanction};
use crate::people::directory::{Directories, DirectoryPerson, Wanted};
use crate::permission::{Operation, Target};

/// Which people.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    /// Words of the name or the affiliation.
    search: Option<String>,
    /// The `next` of the page before.
    cursor: Option<String>,
    /// How many at most, 1 to 200.
    limit: Option<u32>,
}

/// The people who take part and let others find them, by name.
#[utoipa::path(
    get, path = "/events/{slug}/people", operation_id = "list_people", tag = "people",
    params(("slug" = String, Path), Query),
    responses((status = 200, body = Page<DirectoryPerson>), (status = 403, body = Problem))
)]
pub(super) async fn list(
    State(directories): State<Arc<Directories>>,
    in_event: InEvent,
    Parameters(query): Parameters<Query>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    in_event.may(Operation::PeopleRead, Target::EVENT)?;
    let size = page::size(query.limit)?;
    let after = page::position(query.cursor.as_deref())?;
    let wanted = Wanted::new(query.search.as_deref(), after, size);
    Ok(directories.page(&in_event.event, &wanted).await?.answer_personal(&headers))
}

/// A person of the directory.
#[derive(Serialize, ToSchema)]
pub(super) struct PersonPage {
    #[serde(flatten)]
    person: DirectoryPerson,
    /// The sanctions in force; for moderators only.
    #[serde(skip_serializing_if = "Option::is_none")]
    standing: Option<Vec<Sanction>>,
}

/// One person who takes part. Whoever opted out is found by nobody.
#[utoipa::path(
    get, path = "/events/{slug}/people/{id}", operation_id = "get_person", tag = "people",
    params(("slug" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = PersonPage), (status = 404, body = Problem))
)]
pub(super) async fn read(
    State(core): State<Core>,
    State(directories): State<Arc<Directories>>,
    in_event: InEvent,
    IdInPath(id): IdInPath<PersonId>,
) -> Result<Json<PersonPage>, Problem> {
    in_event.may(Operation::PeopleRead, Target::EVENT)?;
    let found = directories.find(&in_event.event, id).await?;
    let person = found.ok_or_else(|| Problem::not_found("person"))?;
    let standing = match in_event.may(Operation::SanctionsRead, Target::EVENT) {
        Ok(()) => Some(moderation::active_on(&core, &in_event.event, id).await?),
        Err(_) => None,
    };
    Ok(Json(PersonPage { person, standing }))
}
