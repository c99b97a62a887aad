//! Ticket types.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::audit::Entry;
use crate::clock::Timestamp;
use crate::core::Core;
use crate::events::store::ticket_types::{self, TicketTypeRow};
use crate::events::view::{List, TicketType};
use crate::events::{EventChange, MAX_TICKET_TYPES, Part};
use crate::http::extract::{Body, IdInPath, InEvent};
use crate::http::patch::{nullable, replace};
use crate::http::problem::Problem;
use crate::id::TicketTypeId;
use crate::permission::{Level, Operation, Target};
use crate::text::{Paragraphs, ShortName, name_key};

/// No conference has more tickets of a kind.
const LARGEST_QUOTA: u32 = 1_000_000;

/// The ticket types, in order; the hidden ones for organizers only.
#[utoipa::path(get, path = "/events/{slug}/ticket-types", tag = "ticket types",
    params(("slug" = String, Path)), responses((status = 200, body = List<TicketType>)),
)]
pub(super) async fn list_ticket_types(
    State(core): State<Core>,
    in_event: InEvent,
) -> Result<Json<List<TicketType>>, Problem> {
    in_event.may(Operation::EventRead, Target::EVENT)?;
    let all = in_event.actor.level(None) >= Level::Organizer;
    let now = core.clock.now();
    let rows = ticket_types::read(&core.db, in_event.event.id).await?;
    let visible = rows.into_iter().filter(|ticket_type| all || !ticket_type.hidden);
    Ok(Json(List { items: visible.map(|ticket_type| ticket_type.view(now)).collect() }))
}

/// A new ticket type.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewTicketType {
    name: ShortName,
    #[serde(default)]
    description: Paragraphs,
    /// How many there are; unlimited when not said.
    #[schema(maximum = 1_000_000)]
    quota: Option<u32>,
    sales_from: Option<Timestamp>,
    sales_until: Option<Timestamp>,
    #[serde(default)]
    hidden: bool,
    /// Its place in the list; last when not said.
    position: Option<u32>,
}

/// Makes a ticket type.
#[utoipa::path(post, path = "/events/{slug}/ticket-types", tag = "ticket types",
    params(("slug" = String, Path)), request_body = NewTicketType,
    responses(
        (status = 201, body = TicketType),
        (status = 409, body = Problem, description = "`ticket_type.name_taken` or `ticket_type.too_many`"),
        (status = 422, body = Problem),
    ),
)]
pub(super) async fn create_ticket_type(
    State(core): State<Core>,
    in_event: InEvent,
    Body(new): Body<NewTicketType>,
) -> Result<(StatusCode, Json<TicketType>), Problem> {
    in_event.may(Operation::TicketTypeChange, Target::EVENT)?;
    let mut change =
        EventChange::begin(&core.changes, in_event.event.id, in_event.actor.person).await?;
    let present = ticket_types::read_in(&core.db, &mut change).await?;
    if present.len() >= MAX_TICKET_TYPES {
        let detail = format!("An event has at most {MAX_TICKET_TYPES} ticket types.");
        return Err(Problem::new("ticket_type.too_many", detail));
    }
    let last = present.iter().map(|other| other.position.saturating_add(1)).max().unwrap_or(0);
    let ticket_type = TicketTypeRow {
        id: TicketTypeId::new(change.now, &core.random),
        name: new.name.into(),
        description: new.description.into(),
        quota: new.quota,
        taken: 0,
        sales_from: new.sales_from,
        sales_until: new.sales_until,
        hidden: new.hidden,
        position: new.position.unwrap_or(last),
    };
    check(&ticket_type, &present)?;
    ticket_types::insert(&core.db, &mut change, &ticket_type).await?;
    record(&mut change, &ticket_type, "created").await?;
    let now = change.now;
    change.commit(&[Part::Event]).await?;
    Ok((StatusCode::CREATED, Json(ticket_type.view(now))))
}

/// What is to change of a ticket type; what is not sent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TicketTypePatch {
    name: Option<ShortName>,
    description: Option<Paragraphs>,
    /// `null` for no limit. What is taken stays taken, even above the quota.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<u32>)]
    quota: Option<Option<u32>>,
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<i64>)]
    sales_from: Option<Option<Timestamp>>,
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<i64>)]
    sales_until: Option<Option<Timestamp>>,
    hidden: Option<bool>,
    position: Option<u32>,
}

/// Changes a ticket type.
#[utoipa::path(patch, path = "/events/{slug}/ticket-types/{id}", tag = "ticket types",
    params(("slug" = String, Path), ("id" = TicketTypeId, Path)), request_body = TicketTypePatch,
    responses(
        (status = 200, body = TicketType),
        (status = 404, body = Problem),
        (status = 409, body = Problem, description = "`ticket_type.name_taken`"),
        (status = 422, body = Problem),
    ),
)]
pub(super) async fn change_ticket_type(
    State(core): State<Core>,
    in_event: InEvent,
    IdInPath(id): IdInPath<TicketTypeId>,
    Body(patch): Body<TicketTypePatch>,
) -> Result<Json<TicketType>, Problem> {
    in_event.may(Operation::TicketTypeChange, Target::EVENT)?;
    let mut change =
        EventChange::begin(&core.changes, in_event.event.id, in_event.actor.person).await?;
    let present = ticket_types::read_in(&core.db, &mut change).await?;
    let before = present.iter().find(|other| other.id == id);
    let before = before.ok_or_else(|| Problem::not_found("ticket type"))?;
    let mut after = before.clone();
    replace(&mut after.name, patch.name);
    replace(&mut after.description, patch.description);
    replace(&mut after.quota, patch.quota);
    replace(&mut after.sales_from, patch.sales_from);
    replace(&mut after.sales_until, patch.sales_until);
    replace(&mut after.hidden, patch.hidden);
    replace(&mut after.position, patch.position);
    check(&after, &present)?;
    let now = change.now;
    if after != *before {
        ticket_types::update(&core.db, &mut change, &after).await?;
        record(&mut change, &after, "changed").await?;
        change.commit(&[Part::Event]).await?;
    }
    Ok(Json(after.view(now)))
}

/// Removes a ticket type that nobody has registered with.
#[utoipa::path(delete, path = "/events/{slug}/ticket-types/{id}", tag = "ticket types",
    params(("slug" = String, Path), ("id" = TicketTypeId, Path)),
    responses(
        (status = 204),
        (status = 404, body = Problem),
        (status = 409, body = Problem, description = "`ticket_type.in_use`"),
    ),
)]
pub(super) async fn delete_ticket_type(
    State(core): State<Core>,
    in_event: InEvent,
    IdInPath(id): IdInPath<TicketTypeId>,
) -> Result<StatusCode, Problem> {
    in_event.may(Operation::TicketTypeChange, Target::EVENT)?;
    let mut change =
        EventChange::begin(&core.changes, in_event.event.id, in_event.actor.person).await?;
    let present = ticket_types::read_in(&core.db, &mut change).await?;
    let ticket_type = present.iter().find(|other| other.id == id);
    let ticket_type = ticket_type.ok_or_else(|| Problem::not_found("ticket type"))?;
    if ticket_types::is_used(&core.db, &mut change, id).await? {
        return Err(Problem::new(
            "ticket_type.in_use",
            "Somebody has registered with this ticket type. Hide it instead.",
        ));
    }
    ticket_types::delete(&core.db, &mut change, id).await?;
    record(&mut change, ticket_type, "deleted").await?;
    change.commit(&[Part::Event]).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn check(ticket_type: &TicketTypeRow, present: &[TicketTypeRow]) -> Result<(), Problem> {
    if ticket_type.quota.is_some_and(|quota| quota > LARGEST_QUOTA) {
        let detail = format!("A quota is at most {LARGEST_QUOTA}; leave it away for no limit.");
        return Err(Problem::invalid("quota", detail));
    }
    if let (Some(from), Some(until)) = (ticket_type.sales_from, ticket_type.sales_until)
        && until <= from
    {
        return Err(Problem::invalid("sales_until", "The sale ends after it has begun."));
    }
    let key = name_key(&ticket_type.name);
    if present.iter().any(|other| other.id != ticket_type.id && name_key(&other.name) == key) {
        let problem = Problem::new("ticket_type.name_taken", "Another ticket type has this name.");
        return Err(Problem { field: Some("name".to_owned()), ..problem });
    }
    Ok(())
}

async fn record(
    change: &mut EventChange<'_>,
    ticket_type: &TicketTypeRow,
    what: &str,
) -> Result<(), Problem> {
    let entry = Entry {
        details: json!({
            "what": what, "name": ticket_type.name, "quota": ticket_type.quota,
            "hidden": ticket_type.hidden,
        }),
        ..change.entry(Operation::TicketTypeChange.rule().name)
    };
    Ok(change.record(entry).await?)
}
