//! What the database says of somebody who is to be moderated.

use crate::db::{Columns, Db, DbError};
use crate::events::EventSnapshot;
use crate::id::{EventId, PersonId};
use crate::identity::card::read_card;
use crate::protocol::Card;
use crate::text::EmailAddress;

/// Somebody with an account, or a guest.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) card: Card,
    pub(super) guest: bool,
    /// Whether they have a registration for the event, be it cancelled.
    pub(super) has_registration: bool,
    /// Whether it is confirmed.
    pub(super) registered: bool,
    /// Whether they organize the whole installation.
    pub(super) administrator: bool,
}

/// The others who are registered for the event with an address that leads to the same mailbox as
/// this person's.
pub(super) async fn same_mailbox(
    db: &Db,
    event: EventId,
    person: PersonId,
) -> Result<Vec<PersonId>, DbError> {
    let statement = db
        .query("SELECT email FROM people WHERE id = ? AND email IS NOT NULL")
        .bind(person.bytes());
    let Some(row) = db.one(statement).await? else { return Ok(Vec::new()) };
    let Ok(email) = row.text("email")?.parse::<EmailAddress>() else { return Ok(Vec::new()) };
    let mailbox = email.mailbox();
    // Every spelling begins with the same character, which spares most rows.
    let first: String = mailbox.chars().take(1).collect();
    let statement = db
        .query(
            "SELECT p.id, p.email FROM registrations r JOIN people p ON p.id = r.person_id
             WHERE r.event_id = ? AND r.status = 'confirmed' AND p.id <> ?
               AND p.email_key LIKE ?",
        )
        .bind(event.bytes())
        .bind(person.bytes())
        .bind(format!("{first}%"));
    let mut found = Vec::new();
    for row in db.all(statement).await? {
        let email = row.text("email")?.parse::<EmailAddress>();
        if email.is_ok_and(|email| email.mailbox() == mailbox) {
            found.push(PersonId(row.uuid("id")?));
        }
    }
    Ok(found)
}

/// The person of that id, if there is one.
pub(super) async fn find(
    db: &Db,
    event: &EventSnapshot,
    person: PersonId,
) -> Result<Option<Found>, DbError> {
    let statement = db
        .query(
            "SELECT p.id, p.name, p.picture, p.affiliation, p.kind,
                    (SELECT r.status FROM registrations r
                     WHERE r.person_id = p.id AND r.event_id = ?) AS status,
                    (SELECT COUNT(*) FROM role_grants g
                     WHERE g.person_id = p.id AND g.event_id IS NULL
                       AND g.role = 'organizer') AS administrator
             FROM people p WHERE p.id = ?",
        )
        .bind(event.id.bytes())
        .bind(person.bytes());
    let Some(row) = db.one(statement).await? else { return Ok(None) };
    let status = row.optional_text("status")?;
    Ok(Some(Found {
        card: read_card(&row, "id", Some(event))?,
        guest: row.text("kind")? == "guest",
        has_registration: status.is_some(),
        registered: status.as_deref() == Some("confirmed"),
        administrator: row.count("administrator")? > 0,
    }))
}
