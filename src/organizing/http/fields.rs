//! The questions of the registration form.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::core::Core;
use crate::events::view::{Field, FieldKind};
use crate::events::{EventChange, fields, store};
use crate::http::extract::{Body, IdInPath, InEvent};
use crate::http::patch::replace;
use crate::http::problem::Problem;
use crate::id::FieldId;
use crate::organizing::view::List;
use crate::permission::{Operation, Target};
use crate::text::{FieldKey, Label};

/// The questions, in order.
#[utoipa::path(get, path = "/events/{slug}/fields", tag = "fields",
    params(("slug" = String, Path)), responses((status = 200, body = List<Field>)),
)]
pub(super) async fn list_fields(
    State(core): State<Core>,
    in_event: InEvent,
) -> Result<Json<List<Field>>, Problem> {
    in_event.may(Operation::EventRead, Target::EVENT)?;
    Ok(Json(List { items: store::fields::read(&core.db, in_event.event.id).await? }))
}

/// A new question.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewField {
    key: FieldKey,
    label: Label,
    kind: FieldKind,
    /// The options; only for a choice.
    #[serde(default)]
    #[schema(max_items = 100)]
    options: Vec<Label>,
    #[serde(default)]
    required: bool,
    /// Its position in the form; last if left out.
    position: Option<u32>,
}

/// Adds a question to the form.
#[utoipa::path(post, path = "/events/{slug}/fields", tag = "fields",
    params(("slug" = String, Path)), request_body = NewField,
    responses(
        (status = 201, body = Field),
        (status = 409, body = Problem, description = "`field.key_taken` or `field.too_many`"),
        (status = 422, body = Problem),
    ),
)]
pub(super) async fn create_field(
    State(core): State<Core>,
    in_event: InEvent,
    Body(new): Body<NewField>,
) -> Result<(StatusCode, Json<Field>), Problem> {
    in_event.may(Operation::FieldChange, Target::EVENT)?;
    let change =
        EventChange::begin(&core.changes, in_event.event.id, in_event.actor.person).await?;
    let field = fields::create(change, |id, last| new.field(id, last)).await?;
    Ok((StatusCode::CREATED, Json(field)))
}

impl NewField {
    fn field(self, id: FieldId, last: u32) -> Field {
        Field {
            id,
            key: self.key.into(),
            label: self.label.into(),
            kind: self.kind,
            options: self.options.into_iter().map(String::from).collect(),
            required: self.required,
            position: self.position.unwrap_or(last),
        }
    }
}

/// A change to a question; fields left out stay as they are. Its key and kind never change, because
/// existing answers depend on them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FieldPatch {
    label: Option<Label>,
    #[schema(max_items = 100)]
    options: Option<Vec<Label>>,
    required: Option<bool>,
    position: Option<u32>,
}

/// Changes a question.
#[utoipa::path(patch, path = "/events/{slug}/fields/{id}", tag = "fields",
    params(("slug" = String, Path), ("id" = FieldId, Path)), request_body = FieldPatch,
    responses(
        (status = 200, body = Field), (status = 404, body = Problem), (status = 422, body = Problem),
    ),
)]
pub(super) async fn change_field(
    State(core): State<Core>,
    in_event: InEvent,
    IdInPath(id): IdInPath<FieldId>,
    Body(patch): Body<FieldPatch>,
) -> Result<Json<Field>, Problem> {
    in_event.may(Operation::FieldChange, Target::EVENT)?;
    let change =
        EventChange::begin(&core.changes, in_event.event.id, in_event.actor.person).await?;
    Ok(Json(fields::change(change, id, |field| patch.apply(field)).await?))
}

impl FieldPatch {
    fn apply(self, field: &mut Field) {
        replace(&mut field.label, self.label);
        replace(&mut field.required, self.required);
        replace(&mut field.position, self.position);
        if let Some(options) = self.options {
            field.options = options.into_iter().map(String::from).collect();
        }
    }
}

/// Removes a question from the form. Existing answers stay with their registrations.
#[utoipa::path(delete, path = "/events/{slug}/fields/{id}", tag = "fields",
    params(("slug" = String, Path), ("id" = FieldId, Path)),
    responses((status = 204), (status = 404, body = Problem)),
)]
pub(super) async fn delete_field(
    State(core): State<Core>,
    in_event: InEvent,
    IdInPath(id): IdInPath<FieldId>,
) -> Result<StatusCode, Problem> {
    in_event.may(Operation::FieldChange, Target::EVENT)?;
    let change =
        EventChange::begin(&core.changes, in_event.event.id, in_event.actor.person).await?;
    fields::delete(change, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
