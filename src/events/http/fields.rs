//! The questions of the registration form.

use std::collections::HashSet;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::audit::Entry;
use crate::core::Core;
use crate::events::store::fields;
use crate::events::view::{Field, FieldKind, List};
use crate::events::{EventChange, MAX_FIELDS, Part};
use crate::http::extract::{Body, IdInPath, InEvent};
use crate::http::patch::replace;
use crate::http::problem::Problem;
use crate::id::FieldId;
use crate::permission::{Operation, Target};
use crate::text::{FieldKey, Label};

/// A form is no catalogue.
const MAX_OPTIONS: usize = 100;

/// The questions, in order.
#[utoipa::path(get, path = "/events/{slug}/fields", tag = "fields",
    params(("slug" = String, Path)), responses((status = 200, body = List<Field>)),
)]
pub(super) async fn list_fields(
    State(core): State<Core>,
    in_event: InEvent,
) -> Result<Json<List<Field>>, Problem> {
    in_event.may(Operation::EventRead, Target::EVENT)?;
    Ok(Json(List { items: fields::read(&core.db, in_event.event.id).await? }))
}

/// A new question.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewField {
    key: FieldKey,
    label: Label,
    kind: FieldKind,
    /// What can be chosen; for a choice only.
    #[serde(default)]
    #[schema(max_items = 100)]
    options: Vec<Label>,
    #[serde(default)]
    required: bool,
    /// Its place in the form; last when not said.
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
    let mut change =
        EventChange::begin(&core.changes, in_event.event.id, in_event.actor.person).await?;
    let present = fields::read_in(&core.db, &mut change).await?;
    if present.len() >= MAX_FIELDS {
        let detail = format!("A form has at most {MAX_FIELDS} questions.");
        return Err(Problem::new("field.too_many", detail));
    }
    if present.iter().any(|other| other.key == new.key.as_str()) {
        let problem = Problem::new("field.key_taken", "Another question has this key.");
        return Err(Problem { field: Some("key".to_owned()), ..problem });
    }
    let last = present.iter().map(|other| other.position.saturating_add(1)).max().unwrap_or(0);
    let field = Field {
        id: FieldId::new(change.now, &core.random),
        key: new.key.into(),
        label: new.label.into(),
        kind: new.kind,
        options: new.options.into_iter().map(String::from).collect(),
        required: new.required,
        position: new.position.unwrap_or(last),
    };
    check(&field)?;
    fields::insert(&core.db, &mut change, &field).await?;
    record(&mut change, &field, "created").await?;
    change.commit(&[Part::Event]).await?;
    Ok((StatusCode::CREATED, Json(field)))
}

/// What is to change of a question; what is not sent stays. Its key and kind never change, because
/// answers have been given to them.
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
    let mut change =
        EventChange::begin(&core.changes, in_event.event.id, in_event.actor.person).await?;
    let present = fields::read_in(&core.db, &mut change).await?;
    let field = present.into_iter().find(|field| field.id == id);
    let mut field = field.ok_or_else(|| Problem::not_found("question"))?;
    replace(&mut field.label, patch.label);
    replace(&mut field.required, patch.required);
    replace(&mut field.position, patch.position);
    if let Some(options) = patch.options {
        field.options = options.into_iter().map(String::from).collect();
    }
    check(&field)?;
    fields::update(&core.db, &mut change, &field).await?;
    record(&mut change, &field, "changed").await?;
    change.commit(&[Part::Event]).await?;
    Ok(Json(field))
}

/// Takes a question out of the form. Answers that were given stay with their registrations.
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
    let mut change =
        EventChange::begin(&core.changes, in_event.event.id, in_event.actor.person).await?;
    let present = fields::read_in(&core.db, &mut change).await?;
    let field = present.iter().find(|field| field.id == id);
    let field = field.ok_or_else(|| Problem::not_found("question"))?;
    fields::delete(&core.db, &mut change, id).await?;
    record(&mut change, field, "deleted").await?;
    change.commit(&[Part::Event]).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn check(field: &Field) -> Result<(), Problem> {
    let count = field.options.len();
    let detail = match field.kind {
        FieldKind::Choice if count == 0 => "A choice needs options to choose from.".to_owned(),
        FieldKind::Choice if count > MAX_OPTIONS => {
            format!("A choice has at most {MAX_OPTIONS} options.")
        }
        FieldKind::Choice if field.options.iter().collect::<HashSet<_>>().len() < count => {
            "Each option stands in a choice once.".to_owned()
        }
        FieldKind::Text | FieldKind::LongText | FieldKind::Checkbox if count > 0 => {
            "Only a choice has options.".to_owned()
        }
        _ => return Ok(()),
    };
    Err(Problem::invalid("options", detail))
}

async fn record(change: &mut EventChange<'_>, field: &Field, what: &str) -> Result<(), Problem> {
    let entry = Entry {
        details: json!({
            "what": what, "key": field.key, "label": field.label, "required": field.required,
        }),
        ..change.entry(Operation::FieldChange.rule().name)
    };
    Ok(change.record(entry).await?)
}
