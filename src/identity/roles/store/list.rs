//! Who has which role.

use serde::Serialize;
use utoipa::ToSchema;

use crate::db::{Columns, Db, DbError};
use crate::events::EventSnapshot;
use crate::id::{EventId, GrantId, RoomId};
use crate::identity::card::read_card;
use crate::permission::Role;
use crate::protocol::Card;

/// A role of an event, as its organizers see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GrantView {
    /// The grant.
    pub id: GrantId,
    /// Whose it is.
    pub person: Card,
    /// The role.
    pub role: Role,
    /// The only room in which it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room: Option<RoomId>,
}

/// The event's roles, sorted by the people's names; or only the one with that id.
///
/// # Errors
/// When the database does not answer.
pub async fn list(
    db: &Db,
    event: &EventSnapshot,
    only: Option<GrantId>,
) -> Result<Vec<GrantView>, DbError> {
    let mut text = "SELECT g.id, g.role, g.room_id, p.id AS owner, p.name, p.affiliation,
                           p.picture, p.kind
                    FROM role_grants g JOIN people p ON p.id = g.person_id WHERE g.event_id = ?"
        .to_owned();
    if only.is_some() {
        text.push_str(" AND g.id = ?");
    }
    text.push_str(" ORDER BY p.search_key, g.id");
    let mut statement = db.query_built(text).bind(event.id.bytes());
    if let Some(id) = only {
        statement = statement.bind(id.bytes());
    }
    let rows = db.all(statement).await?;
    rows.iter()
        .map(|row| {
            let role = row.text("role")?;
            Ok(GrantView {
                id: GrantId(row.uuid("id")?),
                person: read_card(row, "owner", Some(event))?,
                role: Role::from_name(&role)
                    .ok_or_else(|| DbError::Value(format!("there is no role {role:?}")))?,
                room: row.optional_uuid("room_id")?.map(RoomId),
            })
        })
        .collect()
}

/// A role as the command line lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverviewLine {
    /// The person's address.
    pub email: Option<String>,
    /// The person's name.
    pub name: String,
    /// The role's name.
    pub role: String,
    /// The event's slug.
    pub event: Option<String>,
    /// The room's name.
    pub room: Option<String>,
}

/// Every role, or those of one event.
///
/// # Errors
/// When the database does not answer.
pub async fn overview(db: &Db, event: Option<EventId>) -> Result<Vec<OverviewLine>, DbError> {
    const READ: &str = "SELECT p.email, p.name, g.role, e.slug, r.name AS room
        FROM role_grants g JOIN people p ON p.id = g.person_id
        LEFT JOIN events e ON e.id = g.event_id LEFT JOIN rooms r ON r.id = g.room_id";
    let statement = match event {
        Some(event) => {
            let text = format!("{READ} WHERE g.event_id = ? ORDER BY g.role, p.search_key");
            db.query_built(text).bind(event.bytes())
        }
        None => db.query_built(format!("{READ} ORDER BY e.slug, g.role, p.search_key")),
    };
    let rows = db.all(statement).await?;
    rows.iter()
        .map(|row| {
            Ok(OverviewLine {
                email: row.optional_text("email")?,
                name: row.text("name")?,
                role: row.text("role")?,
                event: row.optional_text("slug")?,
                room: row.optional_text("room")?,
            })
        })
        .collect()
}
