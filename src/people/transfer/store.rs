//! What a table of people reads and writes of registrations.

use sqlx::any::AnyRow;

use super::plan::Entered;
use super::stored::{Known, KnownRegistration};
use crate::clock::Timestamp;
use crate::db::dialect::{placeholders, value_groups};
use crate::db::{Columns, Db, DbError, to_json};
use crate::events::EventChange;
use crate::id::{EventId, PersonId, RegistrationId, TicketTypeId};
use crate::people::registration::Status;

/// How many rows one statement inserts.
const ROWS: usize = 200;

/// People for whom this column (of people `p` with their registrations `r` for the event) has one
/// of these values.
pub(super) async fn known(
    db: &Db,
    event: EventId,
    column: &str,
    values: Vec<String>,
) -> Result<Vec<Known>, DbError> {
    if values.is_empty() {
        return Ok(Vec::new());
    }
    let text = format!(
        "SELECT p.id, p.email_key, p.name, p.affiliation, p.languages, p.locale,
                p.email_confirmed_at, p.password_hash,
                (SELECT COUNT(*) FROM registrations o
                 WHERE o.person_id = p.id AND o.event_id <> ?) AS elsewhere,
                (SELECT COUNT(*) FROM role_grants g
                 WHERE g.person_id = p.id AND (g.event_id IS NULL OR g.event_id <> ?)) AS granted,
                r.id AS registration_id, r.status, r.ticket_type_id, r.external_id, r.answers,
                r.listed
         FROM people p LEFT JOIN registrations r ON r.person_id = p.id AND r.event_id = ?
         WHERE p.email_key IS NOT NULL AND {column} IN ({})",
        placeholders(values.len())
    );
    let event = event.bytes();
    let mut statement = db.query_built(text).bind(event.clone()).bind(event.clone()).bind(event);
    for value in values {
        statement = statement.bind(value);
    }
    db.all(statement).await?.iter().map(known_person).collect()
}

fn known_person(row: &AnyRow) -> Result<Known, DbError> {
    let signed_in = row.optional_time("email_confirmed_at")?.is_some()
        || row.optional_text("password_hash")?.is_some();
    let elsewhere = row.number("elsewhere")? + row.number("granted")?;
    Ok(Known {
        person: PersonId(row.uuid("id")?),
        email_key: row.text("email_key")?,
        name: row.text("name")?,
        affiliation: row.text("affiliation")?,
        languages: row.json("languages")?,
        locale: row.optional_text("locale")?,
        ours: !signed_in && elsewhere == 0,
        registration: known_registration(row)?,
    })
}

fn known_registration(row: &AnyRow) -> Result<Option<KnownRegistration>, DbError> {
    match row.optional_uuid("registration_id")? {
        Some(id) => registration(row, RegistrationId(id)).map(Some),
        None => Ok(None),
    }
}

fn registration(row: &AnyRow, id: RegistrationId) -> Result<KnownRegistration, DbError> {
    let status = row.text("status")?;
    Ok(KnownRegistration {
        id,
        status: Status::from_name(&status)
            .ok_or_else(|| DbError::Value(format!("there is no registration status {status:?}")))?,
        ticket_type: row.optional_uuid("ticket_type_id")?.map(TicketTypeId),
        external_id: row.optional_text("external_id")?,
        answers: row.json("answers")?,
        listed: row.flag("listed")?,
    })
}

/// Somebody's registration, with what a table shows of the person.
pub(super) struct ExportRow {
    pub(super) person: PersonId,
    pub(super) registration: KnownRegistration,
    pub(super) registered_at: Timestamp,
    pub(super) email: Option<String>,
    pub(super) name: String,
    pub(super) affiliation: String,
    pub(super) languages: Vec<String>,
    pub(super) locale: Option<String>,
}

fn export_row(row: &AnyRow) -> Result<ExportRow, DbError> {
    Ok(ExportRow {
        person: PersonId(row.uuid("person_id")?),
        registration: registration(row, RegistrationId(row.uuid("registration_id")?))?,
        registered_at: row.time("created_at")?,
        email: row.optional_text("email")?,
        name: row.text("name")?,
        affiliation: row.text("affiliation")?,
        languages: row.json("languages")?,
        locale: row.optional_text("locale")?,
    })
}

/// So many of the event's registrations, by their ids.
pub(super) async fn page(
    db: &Db,
    event: EventId,
    after: RegistrationId,
    most: u32,
) -> Result<Vec<ExportRow>, DbError> {
    let statement = db
        .query(
            "SELECT r.id AS registration_id, r.person_id, r.external_id, r.ticket_type_id,
                    r.status, r.listed, r.answers, r.created_at, p.email, p.name, p.affiliation,
                    p.languages, p.locale
             FROM registrations r JOIN people p ON p.id = r.person_id
             WHERE r.event_id = ? AND r.id > ? ORDER BY r.id LIMIT ?",
        )
        .bind(event.bytes())
        .bind(after.bytes())
        .bind(i64::from(most));
    db.all(statement).await?.iter().map(export_row).collect()
}

/// Makes these registrations.
pub(super) async fn insert(
    db: &Db,
    change: &mut EventChange<'_>,
    made: &[(PersonId, &Entered)],
) -> Result<(), DbError> {
    let now = change.now.0;
    for some in made.chunks(ROWS) {
        let text = format!(
            "INSERT INTO registrations (id, event_id, person_id, ticket_type_id, external_id,
                                        status, answers, listed, created_at, updated_at) VALUES {}",
            value_groups(some.len(), 10)
        );
        let mut statement = db.query_built(text);
        for (person, entered) in some {
            statement = statement
                .bind(entered.id.bytes())
                .bind(change.event.bytes())
                .bind(person.bytes())
                .bind(entered.ticket_type.map(TicketTypeId::bytes))
                .bind(entered.external_id.clone())
                .bind(entered.status.name())
                .bind(to_json(&entered.answers)?)
                .bind(i64::from(entered.listed))
                .bind(now)
                .bind(now);
        }
        statement.execute(&mut *change.transaction).await?;
    }
    Ok(())
}

/// Changes a registration.
pub(super) async fn update(
    db: &Db,
    change: &mut EventChange<'_>,
    after: &Entered,
) -> Result<(), DbError> {
    let cancelled = after.status == Status::Cancelled;
    let by = change.actor.filter(|_| cancelled).map(PersonId::bytes);
    db.query(
        "UPDATE registrations SET status = ?, ticket_type_id = ?, external_id = ?, answers = ?,
                                  listed = ?, cancelled_by = ?, updated_at = ?
         WHERE id = ?",
    )
    .bind(after.status.name())
    .bind(after.ticket_type.map(TicketTypeId::bytes))
    .bind(after.external_id.clone())
    .bind(to_json(&after.answers)?)
    .bind(i64::from(after.listed))
    .bind(by)
    .bind(change.now.0)
    .bind(after.id.bytes())
    .execute(&mut *change.transaction)
    .await?;
    Ok(())
}
