//! Registrations that wait for the moderators, in the database.

use serde::Serialize;
use utoipa::ToSchema;

use crate::clock::Timestamp;
use crate::db::dialect::placeholders;
use crate::db::{Columns, Db, DbError, Transaction};
use crate::events::EventSnapshot;
use crate::id::{EventId, PersonId, RegistrationId};
use crate::identity::card::read_card;
use crate::protocol::Card;
use crate::text::EmailAddress;

/// A registration that waits for the moderators.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HeldRegistration {
    /// The registration.
    pub id: RegistrationId,
    /// Who wants to take part.
    pub person: Card,
    /// Who has the same mailbox, and was banned when they registered.
    pub same_mailbox_as: Card,
    /// Since when it waits.
    pub since: Timestamp,
}

/// The people who are banned from the whole event, with their addresses.
pub(in crate::people::registration) async fn banned(
    db: &Db,
    event: EventId,
    now: Timestamp,
) -> Result<Vec<(PersonId, EmailAddress)>, DbError> {
    let statement = db
        .query(
            "SELECT DISTINCT p.id, p.email FROM sanctions s JOIN people p ON p.id = s.person_id
             WHERE s.event_id = ? AND s.kind = 'ban' AND s.room_id IS NULL
               AND s.lifted_at IS NULL AND (s.expires_at IS NULL OR s.expires_at > ?)
               AND p.email IS NOT NULL",
        )
        .bind(event.bytes())
        .bind(now.0);
    let mut found = Vec::new();
    for row in db.all(statement).await? {
        if let Ok(email) = row.text("email")?.parse() {
            found.push((PersonId(row.uuid("id")?), email));
        }
    }
    Ok(found)
}

/// How many people one statement asks for.
const CHUNK: usize = 500;

/// The addresses of these people.
pub(in crate::people::registration) async fn addresses(
    db: &Db,
    transaction: &mut Transaction,
    people: &[PersonId],
) -> Result<Vec<(PersonId, EmailAddress)>, DbError> {
    let mut found = Vec::with_capacity(people.len());
    for some in people.chunks(CHUNK) {
        let text = format!(
            "SELECT id, email FROM people WHERE email IS NOT NULL AND id IN ({})",
            placeholders(some.len())
        );
        let statement = some.iter().fold(db.query_built(text), |all, one| all.bind(one.bytes()));
        for row in statement.fetch_all(&mut **transaction).await? {
            if let Ok(email) = row.text("email")?.parse() {
                found.push((PersonId(row.uuid("id")?), email));
            }
        }
    }
    Ok(found)
}

/// Holds a registration, because of somebody who is banned.
pub(in crate::people::registration) async fn hold(
    db: &Db,
    transaction: &mut Transaction,
    id: RegistrationId,
    held_for: PersonId,
    now: Timestamp,
) -> Result<(), DbError> {
    db.query(
        "UPDATE registrations SET status = 'cancelled', cancelled_by = NULL, held_for = ?,
                                  updated_at = ? WHERE id = ?",
    )
    .bind(held_for.bytes())
    .bind(now.0)
    .bind(id.bytes())
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// How many are listed.
const MOST: i64 = 200;

/// Those that wait in the event, the oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn held(db: &Db, event: &EventSnapshot) -> Result<Vec<HeldRegistration>, DbError> {
    let statement = db
        .query(
            "SELECT r.id, r.updated_at, p.id AS owner, p.name, p.picture, p.affiliation, p.kind,
                    r.held_for
             FROM registrations r JOIN people p ON p.id = r.person_id
             WHERE r.event_id = ? AND r.status = 'cancelled' AND r.held_for IS NOT NULL
             ORDER BY r.updated_at, r.id LIMIT ?",
        )
        .bind(event.id.bytes())
        .bind(MOST);
    let mut found = Vec::new();
    for row in db.all(statement).await? {
        let banned = PersonId(row.uuid("held_for")?);
        let statement = db
            .query("SELECT id, name, picture, affiliation, kind FROM people WHERE id = ?")
            .bind(banned.bytes());
        let Some(other) = db.one(statement).await? else { continue };
        found.push(HeldRegistration {
            id: RegistrationId(row.uuid("id")?),
            person: read_card(&row, "owner", Some(event))?,
            same_mailbox_as: read_card(&other, "id", Some(event))?,
            since: row.time("updated_at")?,
        });
    }
    Ok(found)
}
