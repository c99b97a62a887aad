//! The rules of the registration form's questions.

use std::collections::HashSet;

use serde_json::json;

use super::store::fields;
use super::view::{Field, FieldKind};
use super::{EventChange, Part};
use crate::audit::Entry;
use crate::db::DbError;
use crate::id::FieldId;
use crate::permission::Operation;
use crate::protocol::Refusal;

/// The maximum number of questions in an event's registration form.
pub const MAX_FIELDS: usize = 50;
/// The maximum number of options.
const MAX_OPTIONS: usize = 100;

fn check(field: &Field) -> Result<(), Refusal> {
    let count = field.options.len();
    let message = match field.kind {
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
    Err(Refusal::invalid("options", message))
}

/// Adds a question to the form. `make` gets its id and the position after all others.
///
/// # Errors
/// When there are too many, when it cannot be so, or when the database refuses.
pub async fn create(
    mut change: EventChange<'_>,
    make: impl FnOnce(FieldId, u32) -> Field,
) -> Result<Field, Refusal> {
    let present = fields::read_in(change.db(), &mut change).await?;
    if present.len() >= MAX_FIELDS {
        let message = format!("A form has at most {MAX_FIELDS} questions.");
        return Err(Refusal::new("field.too_many", message));
    }
    let next = present.iter().map(|other| other.position.saturating_add(1)).max().unwrap_or(0);
    let field = make(FieldId::new(change.now, change.random()), next);
    if present.iter().any(|other| other.key == field.key) {
        return Err(Refusal::new("field.key_taken", "Another question has this key.").about("key"));
    }
    check(&field)?;
    fields::insert(change.db(), &mut change, &field).await?;
    record(&mut change, &field, "created").await?;
    change.commit(&[Part::EVENT]).await?;
    Ok(field)
}

/// Changes a question with `patch`, and returns it. Its key and kind must stay, because existing
/// answers depend on them.
///
/// # Errors
/// When there is no such question, when it cannot be so, or when the database refuses.
pub async fn change(
    mut change: EventChange<'_>,
    id: FieldId,
    patch: impl FnOnce(&mut Field),
) -> Result<Field, Refusal> {
    let present = fields::read_in(change.db(), &mut change).await?;
    let field = present.into_iter().find(|field| field.id == id);
    let mut field = field.ok_or_else(|| Refusal::not_found("question"))?;
    patch(&mut field);
    check(&field)?;
    fields::update(change.db(), &mut change, &field).await?;
    record(&mut change, &field, "changed").await?;
    change.commit(&[Part::EVENT]).await?;
    Ok(field)
}

/// Removes a question from the form. Existing answers stay with their registrations.
///
/// # Errors
/// When there is no such question, or when the database refuses.
pub async fn delete(mut change: EventChange<'_>, id: FieldId) -> Result<(), Refusal> {
    let present = fields::read_in(change.db(), &mut change).await?;
    let field = present.iter().find(|field| field.id == id);
    let field = field.ok_or_else(|| Refusal::not_found("question"))?;
    fields::delete(change.db(), &mut change, id).await?;
    record(&mut change, field, "deleted").await?;
    change.commit(&[Part::EVENT]).await?;
    Ok(())
}

async fn record(change: &mut EventChange<'_>, field: &Field, what: &str) -> Result<(), DbError> {
    let entry = Entry {
        details: json!({
            "what": what, "key": field.key, "label": field.label, "required": field.required,
        }),
        ..change.entry(Operation::FieldChange.rule().name)
    };
    change.record(entry).await
}
