//! The organizers' list of registrations.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::registration;
use crate::db::{Columns, Db, DbError};
use crate::events::EventSnapshot;
use crate::id::PersonId;
use crate::identity::card::read_card;
use crate::people::directory::{Position, push_search};
use crate::people::registration::{Registration, Status};
use crate::protocol::Card;
use crate::text;

/// A registration as organizers see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = RegistrationEntry)]
pub struct Listed {
    /// The registration.
    #[serde(flatten)]
    pub registration: Registration,
    /// Whose it is.
    pub person: Card,
    /// Their address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Its id in the system it was imported from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Its position in the list.
    #[serde(skip)]
    pub position: Position,
}

/// Which registrations.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct ListQuery {
    /// Words of the name, the affiliation or the address.
    pub search: Option<String>,
    /// Only those that stand there.
    pub status: Option<Status>,
    /// Only those after it.
    pub after: Option<Position>,
}

/// Up to `most` of the event's registrations, by the people's names.
///
/// # Errors
/// When the database does not answer.
pub async fn list(
    db: &Db,
    event: &EventSnapshot,
    query: &ListQuery,
    most: u32,
) -> Result<Vec<Listed>, DbError> {
    let mut sql =
        "SELECT r.id, r.status, r.ticket_type_id, r.answers, r.listed, r.created_at, r.held_for,
                r.external_id, p.id AS owner, p.name, p.affiliation, p.picture, p.kind, p.email,
                p.search_key
         FROM registrations r JOIN people p ON p.id = r.person_id WHERE r.event_id = ?"
            .to_owned();
    if query.status.is_some() {
        sql.push_str(" AND r.status = ?");
    }
    let search = query.search.as_deref().map(text::as_in_addresses);
    let words = push_search(&mut sql, search.as_deref(), &["p.search_key", "p.email_key"]);
    if query.after.is_some() {
        sql.push_str(" AND (p.search_key > ? OR (p.search_key = ? AND p.id > ?))");
    }
    sql.push_str(" ORDER BY p.search_key, p.id LIMIT ?");
    let mut statement = db.query_built(sql).bind(event.id.bytes());
    if let Some(status) = query.status {
        statement = statement.bind(status.name());
    }
    for word in words {
        statement = statement.bind(word);
    }
    if let Some(Position(key, person)) = &query.after {
        statement = statement.bind(key.clone()).bind(key.clone()).bind(person.bytes());
    }
    let rows = db.all(statement.bind(i64::from(most))).await?;
    rows.iter()
        .map(|row| {
            Ok(Listed {
                registration: registration(row)?,
                person: read_card(row, "owner", Some(event))?,
                email: row.optional_text("email")?,
                external_id: row.optional_text("external_id")?,
                position: Position(row.text("search_key")?, PersonId(row.uuid("owner")?)),
            })
        })
        .collect()
}
