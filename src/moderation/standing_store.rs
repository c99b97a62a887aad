//! What the database says of somebody who is to be moderated.

use crate::db::{Columns, Db, DbError};
use crate::events::EventSnapshot;
use crate::id::PersonId;
use crate::identity::card::read_card;
use crate::protocol::Card;

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
