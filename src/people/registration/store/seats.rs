//! The seats of a ticket type.

use crate::db::{Db, DbError, Transaction};
use crate::id::{EventId, TicketTypeId};

/// Takes a seat and returns whether there was one. Without a ticket type there always is.
pub(in crate::people::registration) async fn take_seat(
    db: &Db,
    transaction: &mut Transaction,
    event: EventId,
    ticket_type: Option<TicketTypeId>,
) -> Result<bool, DbError> {
    let Some(ticket_type) = ticket_type else { return Ok(true) };
    // Counted in the row itself, which serializes concurrent requests.
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

/// Returns a seat.
pub(in crate::people::registration) async fn release_seat(
    db: &Db,
    transaction: &mut Transaction,
    ticket_type: Option<TicketTypeId>,
) -> Result<(), DbError> {
    let Some(ticket_type) = ticket_type else { return Ok(()) };
    db.query("UPDATE ticket_types SET taken = taken - 1 WHERE id = ? AND taken > 0")
        .bind(ticket_type.bytes())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}
