//! How a person appears to others in an event.

use std::collections::BTreeSet;

use serde_json::value::RawValue;

use super::announcements;
use super::arrival::AppearanceRow;
use super::card::card_of;
use crate::db::dialect::placeholders;
use crate::db::{Columns, Db, DbError, to_json};
use crate::events::EventSnapshot;
use crate::hub::Appearance;
use crate::id::{EventId, PersonId};
use crate::identity::Identity;

/// How this person appears in this event.
///
/// # Errors
/// When the database does not answer, or there is no such person.
pub async fn appearance(
    identity: &Identity,
    event: &EventSnapshot,
    person: PersonId,
) -> Result<Appearance, DbError> {
    let statement = identity
        .db
        .query(
            "SELECT p.id, p.name, p.picture, p.affiliation, p.kind, r.listed
             FROM people p
             LEFT JOIN registrations r ON r.person_id = p.id AND r.event_id = ?
             WHERE p.id = ?",
        )
        .bind(event.id.bytes())
        .bind(person.bytes());
    let row = identity.db.one(statement).await?;
    let row = row.ok_or_else(|| DbError::Value("a person is gone".to_owned()))?;
    appearance_of(&AppearanceRow::read(&row)?, event)
}

/// The appearance made from a person's row.
pub(super) fn appearance_of(
    row: &AppearanceRow,
    event: &EventSnapshot,
) -> Result<Appearance, DbError> {
    let card = card_of(row, Some(event));
    let raw = RawValue::from_string(to_json(&card)?);
    let raw = raw.map_err(|error| DbError::Value(error.to_string()))?;
    Ok(Appearance { name: card.name, card: raw, listed: row.listed && !row.guest })
}

/// Updates a person's open connections on every node after they changed their profile.
///
/// # Errors
/// When the database does not answer.
pub async fn refresh(identity: &Identity, person: PersonId) -> Result<(), DbError> {
    identity.bus.announce(None, &announcements::Appearance { person });
    refresh_here(identity, person).await
}

/// The same on this node.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn refresh_here(identity: &Identity, person: PersonId) -> Result<(), DbError> {
    // Arrivals in progress are not among the connections below, and look again.
    identity.arrivals.overtake();
    identity.tell_appears_differently(person);
    for member in identity.hub.connections_of(person) {
        let Some(event) = identity.events.by_id(member.event).await? else { continue };
        identity.hub.set_appearance(&member, appearance(identity, &event, person).await?);
    }
    Ok(())
}

/// Which of these people, at least one, take part in the event, by registration or by a role.
///
/// # Errors
/// When the database does not answer.
pub async fn in_event(
    db: &Db,
    event: EventId,
    people: &BTreeSet<PersonId>,
) -> Result<BTreeSet<PersonId>, DbError> {
    let text = format!(
        "SELECT p.id FROM people p WHERE p.kind <> 'guest' AND p.id IN ({})
           AND (EXISTS (SELECT 1 FROM registrations r WHERE r.person_id = p.id
                            AND r.event_id = ? AND r.status = 'confirmed')
                OR EXISTS (SELECT 1 FROM role_grants g WHERE g.person_id = p.id
                               AND (g.event_id = ? OR g.event_id IS NULL)))",
        placeholders(people.len())
    );
    let mut statement = db.query_built(text);
    for person in people {
        statement = statement.bind(person.bytes());
    }
    statement = statement.bind(event.bytes()).bind(event.bytes());
    db.all(statement).await?.iter().map(|row| row.uuid("id").map(PersonId)).collect()
}
