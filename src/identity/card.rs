//! Reads cards, a person as others see them, from the database.

use sqlx::any::AnyRow;

use super::appearance_store::AppearanceRow;
use crate::db::{Columns, DbError};
use crate::events::EventSnapshot;
use crate::id::PersonId;
use crate::protocol::{Badge, Card};
use crate::text;

pub use super::appearance_store::cards;

/// Reads a card from the columns name, picture, affiliation and kind of `people`, the id from
/// `id_column`; the badge comes from the event.
///
/// # Errors
/// When a column is missing or not of its type.
pub fn read_card(
    row: &AnyRow,
    id_column: &str,
    event: Option<&EventSnapshot>,
) -> Result<Card, DbError> {
    let row = AppearanceRow {
        person: PersonId(row.uuid(id_column)?),
        name: row.text("name")?,
        picture: row.optional_text("picture")?,
        affiliation: row.text("affiliation")?,
        guest: row.text("kind")? == "guest",
        listed: true,
    };
    Ok(card_of(&row, event))
}

/// The card made from a person's row.
pub(super) fn card_of(row: &AppearanceRow, event: Option<&EventSnapshot>) -> Card {
    let granted = event.and_then(|event| event.grants.get(&row.person));
    let badge = row.guest.then_some(Badge::Guest);
    Card {
        id: row.person,
        name: row.name.clone(),
        reading: text::reading(&row.name),
        picture: row.picture.as_ref().map(|name| format!("/pictures/{name}")),
        affiliation: Some(row.affiliation.clone()).filter(|text| !text.is_empty()),
        badge: badge.or_else(|| Badge::of(granted?)),
    }
}
