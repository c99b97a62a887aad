//! Moderation: sanctions on people, switches of rooms.

mod store;

use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::clock::Timestamp;
use crate::db::DbError;
use crate::events::EventSnapshot;
use crate::id::{PersonId, RoomId, SanctionId};
use crate::people::card::Card;
use crate::permission::SanctionKind;
use crate::socket::Connection;

/// A time-out or a ban.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Sanction {
    /// Its identifier, to lift it.
    pub id: SanctionId,
    /// What it takes away.
    pub kind: SanctionKind,
    /// On whom.
    pub person: Card,
    /// The only room in which it holds; the whole event when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room: Option<RoomId>,
    /// Why, in the moderator's words to the person.
    pub reason: String,
    /// Since when.
    pub created_at: Timestamp,
    /// When it ends by itself; never when there is no time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// Who imposed it; told to moderators only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Card>,
}

/// The sanctions in force on a person, as that person is told.
///
/// # Errors
/// When the database does not answer.
pub async fn active_on(
    app: &App,
    event: &EventSnapshot,
    person: PersonId,
) -> Result<Vec<Sanction>, DbError> {
    if !event.restrictions.contains_key(&person) {
        return Ok(Vec::new());
    }
    store::active_on(&app.db, event, person, app.clock.now()).await
}

/// The sanctions in force on the connection's person.
///
/// # Errors
/// When the database does not answer.
pub async fn standing_of(connection: &Arc<Connection>) -> Result<Vec<Sanction>, DbError> {
    active_on(&connection.app, &connection.event(), connection.person()).await
}
