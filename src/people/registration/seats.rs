//! The seat that a registration has of its ticket type. Without a ticket type it needs none.

use crate::db::{Db, DbError, Transaction};
use crate::events::store::ticket_types;
use crate::id::{EventId, TicketTypeId};

/// Takes a seat and tells whether there was one.
pub(super) async fn take_seat(
    db: &Db,
    transaction: &mut Transaction,
    event: EventId,
    ticket_type: Option<TicketTypeId>,
) -> Result<bool, DbError> {
    match ticket_type {
        Some(ticket_type) => ticket_types::take_seat(db, transaction, event, ticket_type).await,
        None => Ok(true),
    }
}

/// Gives a seat back.
pub(super) async fn release_seat(
    db: &Db,
    transaction: &mut Transaction,
    ticket_type: Option<TicketTypeId>,
) -> Result<(), DbError> {
    match ticket_type {
        Some(ticket_type) => ticket_types::release_seat(db, transaction, ticket_type).await,
        None => Ok(()),
    }
}
