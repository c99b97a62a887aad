//! Reads cards, a person as others see them, from the database.

use std::collections::{BTreeSet, HashMap};

use sqlx::any::AnyRow;

use super::arrival::AppearanceRow;
use crate::db::dialect::placeholders;
use crate::db::{Columns, Db, DbError};
use crate::events::EventSnapshot;
use crate::id::PersonId;
use crate::protocol::{Badge, Card};

/// Reads a card from the columns name, picture, affiliation and kind of `people` and the id in
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
        picture: row.picture.as_ref().map(|name| format!("/pictures/{name}")),
        affiliation: Some(row.affiliation.clone()).filter(|text| !text.is_empty()),
        badge: badge.or_else(|| Badge::of(granted?)),
    }
}

/// How many people one statement reads.
const CHUNK: usize = 500;

/// The cards of those of these people who exist.
///
/// # Errors
/// When the database does not answer.
pub async fn cards(
    db: &Db,
    event: &EventSnapshot,
    people: &BTreeSet<PersonId>,
) -> Result<HashMap<PersonId, Card>, DbError> {
    let people: Vec<PersonId> = people.iter().copied().collect();
    let mut cards = HashMap::with_capacity(people.len());
    for chunk in people.chunks(CHUNK) {
        let text = format!(
            "SELECT id, name, picture, affiliation, kind FROM people WHERE id IN ({})",
            placeholders(chunk.len())
        );
        let statement = chunk
            .iter()
            .fold(db.query_built(text), |statement, person| statement.bind(person.bytes()));
        for row in db.all(statement).await? {
            let card = read_card(&row, "id", Some(event))?;
            cards.insert(card.id, card);
        }
    }
    Ok(cards)
}
