//! The rules of ticket types.

use serde_json::json;

use super::store::ticket_types::{self, TicketTypeRow};
use super::{EventChange, Part};
use crate::audit::Entry;
use crate::db::DbError;
use crate::id::TicketTypeId;
use crate::permission::Operation;
use crate::protocol::Refusal;
use crate::text::name_key;

/// The most ticket types that an event may have.
pub const MAX_TICKET_TYPES: usize = 100;
/// No conference has more tickets of a kind.
const MAX_QUOTA: u32 = 1_000_000;

fn check(ticket_type: &TicketTypeRow, present: &[TicketTypeRow]) -> Result<(), Refusal> {
    if ticket_type.quota.is_some_and(|quota| quota > MAX_QUOTA) {
        let message = format!("A quota is at most {MAX_QUOTA}; leave it out for no limit.");
        return Err(Refusal::invalid("quota", message));
    }
    if let (Some(from), Some(until)) = (ticket_type.sales_from, ticket_type.sales_until)
        && until <= from
    {
        return Err(Refusal::invalid("sales_until", "The sale must end after it begins."));
    }
    let key = name_key(&ticket_type.name);
    if present.iter().any(|other| other.id != ticket_type.id && name_key(&other.name) == key) {
        return Err(Refusal::new("ticket_type.name_taken", "Another ticket type has this name.")
            .about("name"));
    }
    Ok(())
}

/// Makes a ticket type. `make` is given its id and the place after all others.
///
/// # Errors
/// When there are too many, when it cannot be so, or when the database refuses.
pub async fn create(
    mut change: EventChange<'_>,
    make: impl FnOnce(TicketTypeId, u32) -> TicketTypeRow,
) -> Result<TicketTypeRow, Refusal> {
    let present = ticket_types::read_in(change.db(), &mut change).await?;
    if present.len() >= MAX_TICKET_TYPES {
        let message = format!("An event has at most {MAX_TICKET_TYPES} ticket types.");
        return Err(Refusal::new("ticket_type.too_many", message));
    }
    let next = present.iter().map(|other| other.position.saturating_add(1)).max().unwrap_or(0);
    let ticket_type = make(TicketTypeId::new(change.now, change.random()), next);
    check(&ticket_type, &present)?;
    ticket_types::insert(change.db(), &mut change, &ticket_type).await?;
    record(&mut change, &ticket_type, "created").await?;
    change.commit(&[Part::EVENT]).await?;
    Ok(ticket_type)
}

/// Changes a ticket type as `patch` does, and answers it.
///
/// # Errors
/// When there is no such ticket type, when it cannot be so, or when the database refuses.
pub async fn change(
    mut change: EventChange<'_>,
    id: TicketTypeId,
    patch: impl FnOnce(&mut TicketTypeRow),
) -> Result<TicketTypeRow, Refusal> {
    let present = ticket_types::read_in(change.db(), &mut change).await?;
    let before = present.iter().find(|other| other.id == id);
    let before = before.ok_or_else(|| Refusal::not_found("ticket type"))?;
    let mut after = before.clone();
    patch(&mut after);
    check(&after, &present)?;
    if after != *before {
        ticket_types::update(change.db(), &mut change, &after).await?;
        record(&mut change, &after, "changed").await?;
        change.commit(&[Part::EVENT]).await?;
    }
    Ok(after)
}

/// Removes a ticket type that nobody has registered with.
///
/// # Errors
/// When there is no such ticket type, when somebody has registered with it, or when the database
/// refuses.
pub async fn delete(mut change: EventChange<'_>, id: TicketTypeId) -> Result<(), Refusal> {
    let present = ticket_types::read_in(change.db(), &mut change).await?;
    let ticket_type = present.iter().find(|other| other.id == id);
    let ticket_type = ticket_type.ok_or_else(|| Refusal::not_found("ticket type"))?;
    if ticket_types::is_used(change.db(), &mut change, id).await? {
        let message = "Someone has already registered with this ticket type. Hide it instead.";
        return Err(Refusal::new("ticket_type.in_use", message));
    }
    ticket_types::delete(change.db(), &mut change, id).await?;
    record(&mut change, ticket_type, "deleted").await?;
    change.commit(&[Part::EVENT]).await?;
    Ok(())
}

async fn record(
    change: &mut EventChange<'_>,
    ticket_type: &TicketTypeRow,
    what: &str,
) -> Result<(), DbError> {
    let entry = Entry {
        details: json!({
            "what": what, "name": ticket_type.name, "quota": ticket_type.quota,
            "hidden": ticket_type.hidden,
        }),
        ..change.entry(Operation::TicketTypeChange.rule().name)
    };
    change.record(entry).await
}
