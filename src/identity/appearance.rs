//! How a person appears to others in an event.

use serde_json::value::RawValue;

use super::announcements;
use super::appearance_store::{self, AppearanceRow};
use super::card::card_of;
use crate::db::{DbError, to_json};
use crate::events::EventSnapshot;
use crate::hub::Appearance;
use crate::id::PersonId;
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
    let row = appearance_store::find(&identity.db, event.id, person).await?;
    let row = row.ok_or_else(|| DbError::Value("a person is gone".to_owned()))?;
    appearance_of(&row, event)
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
