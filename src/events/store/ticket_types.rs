//! Ticket types.

use sqlx::any::AnyRow;

use crate::clock::Timestamp;
use crate::db::{Columns, Db, DbError, Transaction};
use crate::events::EventChange;
use crate::events::view::TicketType;
use crate::id::{EventId, TicketTypeId};

/// A ticket type as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketTypeRow {
    /// Its id.
    pub id: TicketTypeId,
    /// Its name; unique in the event.
    pub name: String,
    /// What it includes.
    pub description: String,
    /// How many there are.
    pub quota: Option<u32>,
    /// How many are taken.
    pub taken: u32,
    /// When its sale begins.
    pub sales_from: Option<Timestamp>,
    /// When its sale ends.
    pub sales_until: Option<Timestamp>,
    /// Whether only organizers see it.
    pub hidden: bool,
    /// Its place in the list.
    pub position: u32,
}

impl TicketTypeRow {
    /// The ticket type as it stands at `now`.
    pub fn view(self, now: Timestamp) -> TicketType {
        let remaining = self.quota.map(|quota| quota.saturating_sub(self.taken));
        let begun = self.sales_from.is_none_or(|from| from <= now);
        let ended = self.sales_until.is_some_and(|until| until <= now);
        TicketType {
            on_sale: begun && !ended && remaining != Some(0),
            id: self.id,
            name: self.name,
            description: self.description,
            quota: self.quota,
            remaining,
            sales_from: self.sales_from,
            sales_until: self.sales_until,
            hidden: self.hidden,
            position: self.position,
        }
    }

    /// The next moment after `now` at which its sale begins or ends.
    pub fn next_turn(&self, now: Timestamp) -> Option<Timestamp> {
        [self.sales_from, self.sales_until].into_iter().flatten().filter(|turn| *turn > now).min()
    }
}

const READ: &str =
    "SELECT id, name, description, quota, taken, sales_from, sales_until, hidden, position
     FROM ticket_types WHERE event_id = ? ORDER BY position, name";

/// The event's ticket types, in order.
///
/// # Errors
/// When the database does not answer.
pub async fn read(db: &Db, event: EventId) -> Result<Vec<TicketTypeRow>, DbError> {
    db.all(db.query(READ).bind(event.bytes())).await?.iter().map(ticket_type_row).collect()
}

/// The event's ticket types as this change sees them, in order.
pub(in crate::events) async fn read_in(
    db: &Db,
    change: &mut EventChange<'_>,
) -> Result<Vec<TicketTypeRow>, DbError> {
    let statement = db.query(READ).bind(change.event.bytes());
    statement.fetch_all(&mut *change.transaction).await?.iter().map(ticket_type_row).collect()
}

fn ticket_type_row(row: &AnyRow) -> Result<TicketTypeRow, DbError> {
    Ok(TicketTypeRow {
        id: TicketTypeId(row.uuid("id")?),
        name: row.text("name")?,
        description: row.text("description")?,
        quota: super::optional_small(row, "quota")?,
        taken: super::small(row, "taken")?,
        sales_from: row.optional_time("sales_from")?,
        sales_until: row.optional_time("sales_until")?,
        hidden: row.flag("hidden")?,
        position: super::small(row, "position")?,
    })
}

/// Stores a new ticket type.
///
/// # Errors
/// When the database refuses.
pub async fn insert(
    db: &Db,
    change: &mut EventChange<'_>,
    ticket_type: &TicketTypeRow,
) -> Result<(), DbError> {
    db.query(
        "INSERT INTO ticket_types (id, event_id, name, description, quota, taken, sales_from,
                                   sales_until, hidden, position)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(ticket_type.id.bytes())
    .bind(change.event.bytes())
    .bind(ticket_type.name.clone())
    .bind(ticket_type.description.clone())
    .bind(ticket_type.quota.map(i64::from))
    .bind(i64::from(ticket_type.taken))
    .bind(ticket_type.sales_from.map(|from| from.0))
    .bind(ticket_type.sales_until.map(|until| until.0))
    .bind(i64::from(ticket_type.hidden))
    .bind(i64::from(ticket_type.position))
    .execute(&mut *change.transaction)
    .await?;
    Ok(())
}

/// Stores a changed ticket type; how many are taken is not touched.
pub(in crate::events) async fn update(
    db: &Db,
    change: &mut EventChange<'_>,
    ticket_type: &TicketTypeRow,
) -> Result<(), DbError> {
    db.query(
        "UPDATE ticket_types SET name = ?, description = ?, quota = ?, sales_from = ?,
                sales_until = ?, hidden = ?, position = ?
         WHERE id = ? AND event_id = ?",
    )
    .bind(ticket_type.name.clone())
    .bind(ticket_type.description.clone())
    .bind(ticket_type.quota.map(i64::from))
    .bind(ticket_type.sales_from.map(|from| from.0))
    .bind(ticket_type.sales_until.map(|until| until.0))
    .bind(i64::from(ticket_type.hidden))
    .bind(i64::from(ticket_type.position))
    .bind(ticket_type.id.bytes())
    .bind(change.event.bytes())
    .execute(&mut *change.transaction)
    .await?;
    Ok(())
}

/// Whether anybody has registered with it, cancelled or not.
pub(in crate::events) async fn is_used(
    db: &Db,
    change: &mut EventChange<'_>,
    ticket_type: TicketTypeId,
) -> Result<bool, DbError> {
    let found = db
        .query("SELECT 1 AS found FROM registrations WHERE event_id = ? AND ticket_type_id = ?")
        .bind(change.event.bytes())
        .bind(ticket_type.bytes())
        .fetch_optional(&mut *change.transaction)
        .await?;
    Ok(found.is_some())
}

/// Removes a ticket type.
pub(in crate::events) async fn delete(
    db: &Db,
    change: &mut EventChange<'_>,
    ticket_type: TicketTypeId,
) -> Result<(), DbError> {
    db.query("DELETE FROM ticket_types WHERE id = ? AND event_id = ?")
        .bind(ticket_type.bytes())
        .bind(change.event.bytes())
        .execute(&mut *change.transaction)
        .await?;
    Ok(())
}

/// Takes a seat and tells whether there was one.
///
/// # Errors
/// When the database refuses.
pub async fn take_seat(
    db: &Db,
    transaction: &mut Transaction,
    event: EventId,
    ticket_type: TicketTypeId,
) -> Result<bool, DbError> {
    // Counted in the row itself: two who ask at the same time come one after the other.
    let taken = db
        .query(
            "UPDATE ticket_types SET taken = taken + 1
             WHERE id = ? AND event_id = ? AND (quota IS NULL OR taken < quota)",
        )
        .bind(ticket_type.bytes())
        .bind(event.bytes())
        .execute(&mut **transaction)
        .await?;
    Ok(taken.rows_affected() > 0)
}

/// Gives a seat back.
///
/// # Errors
/// When the database refuses.
pub async fn release_seat(
    db: &Db,
    transaction: &mut Transaction,
    ticket_type: TicketTypeId,
) -> Result<(), DbError> {
    db.query("UPDATE ticket_types SET taken = taken - 1 WHERE id = ? AND taken > 0")
        .bind(ticket_type.bytes())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// Counts so many seats more, or less, whatever the quota is.
///
/// # Errors
/// When the database refuses.
pub async fn count_seats(
    db: &Db,
    transaction: &mut Transaction,
    ticket_type: TicketTypeId,
    seats: i64,
) -> Result<(), DbError> {
    db.query("UPDATE ticket_types SET taken = taken + ? WHERE id = ?")
        .bind(seats)
        .bind(ticket_type.bytes())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}
