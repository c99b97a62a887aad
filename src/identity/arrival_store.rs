//! Who arrives, out of the database.

use super::appearance_store::AppearanceRow;
use super::arrival::Arrival;
use super::sign_in::{COLUMNS, Found};
use crate::db::dialect::placeholders;
use crate::db::{Columns, Db, DbError};
use crate::id::EventId;

/// Those whose sign-in has one of these keys, with the hash of its secret.
pub(super) async fn find(
    db: &Db,
    event: EventId,
    column: &str,
    keys: Vec<Vec<u8>>,
) -> Result<Vec<(Vec<u8>, Arrival)>, DbError> {
    let text = format!(
        "SELECT {COLUMNS}, p.id, p.name, p.picture, p.affiliation, r.status, r.listed,
                (SELECT COUNT(*) FROM role_grants g WHERE g.person_id = p.id
                     AND g.event_id IS NULL AND g.role = 'organizer') AS administrator
         FROM sign_ins s JOIN people p ON p.id = s.person_id
         LEFT JOIN registrations r ON r.person_id = p.id AND r.event_id = ?
         WHERE {column} IN ({})",
        placeholders(keys.len())
    );
    let statement = db.query_built(text).bind(event.bytes());
    let statement = keys.into_iter().fold(statement, |statement, key| statement.bind(key));
    let rows = db.all(statement).await?;
    rows.iter()
        .map(|row| {
            let found = Found::read(row)?;
            let arrival = Arrival {
                sign_in: found.sign_in,
                found,
                appearance: AppearanceRow::read(row)?,
                registered: row.optional_text("status")?.as_deref() == Some("confirmed"),
                administrator: row.count("administrator")? > 0,
            };
            Ok((row.blob("token_hash")?, arrival))
        })
        .collect()
}
