//! Registration fields.

use sqlx::any::AnyRow;

use crate::db::{Columns, Db, DbError, to_json};
use crate::events::EventChange;
use crate::events::view::{Field, FieldKind};
use crate::id::{EventId, FieldId};

const READ: &str = "SELECT id, field_key, label, kind, choices, required, position
                    FROM registration_fields WHERE event_id = ? ORDER BY position, field_key";

/// The questions of the event's registration form, in order.
///
/// # Errors
/// When the database does not answer.
pub async fn read(db: &Db, event: EventId) -> Result<Vec<Field>, DbError> {
    db.all(db.query(READ).bind(event.bytes())).await?.iter().map(field).collect()
}

/// The same as this change sees them.
pub(in crate::events) async fn read_in(
    db: &Db,
    change: &mut EventChange<'_>,
) -> Result<Vec<Field>, DbError> {
    let statement = db.query(READ).bind(change.event.bytes());
    statement.fetch_all(&mut *change.transaction).await?.iter().map(field).collect()
}

fn field(row: &AnyRow) -> Result<Field, DbError> {
    let kind = row.text("kind")?;
    Ok(Field {
        id: FieldId(row.uuid("id")?),
        key: row.text("field_key")?,
        label: row.text("label")?,
        kind: FieldKind::from_name(&kind).ok_or_else(|| super::unknown("field kind", &kind))?,
        options: row.json("choices")?,
        required: row.flag("required")?,
        position: super::small(row, "position")?,
    })
}

/// Stores a new question.
///
/// # Errors
/// When the database refuses.
pub async fn insert(db: &Db, change: &mut EventChange<'_>, field: &Field) -> Result<(), DbError> {
    db.query(
        "INSERT INTO registration_fields
             (id, event_id, field_key, label, kind, choices, required, position)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(field.id.bytes())
    .bind(change.event.bytes())
    .bind(field.key.clone())
    .bind(field.label.clone())
    .bind(field.kind.name())
    .bind(to_json(&field.options)?)
    .bind(i64::from(field.required))
    .bind(i64::from(field.position))
    .execute(&mut *change.transaction)
    .await?;
    Ok(())
}

/// Stores a changed question.
pub(in crate::events) async fn update(
    db: &Db,
    change: &mut EventChange<'_>,
    field: &Field,
) -> Result<(), DbError> {
    db.query(
        "UPDATE registration_fields SET label = ?, choices = ?, required = ?, position = ?
         WHERE id = ? AND event_id = ?",
    )
    .bind(field.label.clone())
    .bind(to_json(&field.options)?)
    .bind(i64::from(field.required))
    .bind(i64::from(field.position))
    .bind(field.id.bytes())
    .bind(change.event.bytes())
    .execute(&mut *change.transaction)
    .await?;
    Ok(())
}

/// Removes a question. Answers that were given stay with their registrations.
pub(in crate::events) async fn delete(
    db: &Db,
    change: &mut EventChange<'_>,
    field: FieldId,
) -> Result<(), DbError> {
    db.query("DELETE FROM registration_fields WHERE id = ? AND event_id = ?")
        .bind(field.bytes())
        .bind(change.event.bytes())
        .execute(&mut *change.transaction)
        .await?;
    Ok(())
}
