//! Ticket types.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::clock::Timestamp;
use crate::core::Core;
use crate::events::store::ticket_types::{self as store, TicketTypeRow};
use crate::events::view::TicketType;
use crate::events::{EventChange, ticket_types};
use crate::http::extract::{Body, IdInPath, InEvent};
use crate::http::patch::{nullable, replace};
use crate::http::problem::Problem;
use crate::id::TicketTypeId;
use crate::organizing::view::List;
use crate::permission::{Level, Operation, Target};
use crate::text::{Paragraphs, ShortName};

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
    let rows = store::read(&core.db, in_event.event.id).await?;
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
    /// How many there are; unlimited if left out.
    #[schema(maximum = 1_000_000)]
    quota: Option<u32>,
    sales_from: Option<Timestamp>,
    sales_until: Option<Timestamp>,
    #[serde(default)]
    hidden: bool,
    /// Its position in the list; last if left out.
    position: Option<u32>,
}

/// Creates a ticket type.
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
    let change =
        EventChange::begin(&core.changes, in_event.event.id, in_event.actor.person).await?;
    let now = change.now;
    let ticket_type = ticket_types::create(change, |id, last| new.row(id, last)).await?;
    Ok((StatusCode::CREATED, Json(ticket_type.view(now))))
}

impl NewTicketType {
    fn row(self, id: TicketTypeId, last: u32) -> TicketTypeRow {
        TicketTypeRow {
            id,
            name: self.name.into(),
            description: self.description.into(),
            quota: self.quota,
            taken: 0,
            sales_from: self.sales_from,
            sales_until: self.sales_until,
            hidden: self.hidden,
            position: self.position.unwrap_or(last),
        }
    }
}

/// A change to a ticket type; fields left out stay as they are.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TicketTypePatch {
    name: Option<ShortName>,
    description: Option<Paragraphs>,
    /// `null` for no limit. Tickets already taken stay taken, even above the quota.
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
    let change =
        EventChange::begin(&core.changes, in_event.event.id, in_event.actor.person).await?;
    let now = change.now;
    let ticket_type = ticket_types::change(change, id, |row| patch.apply(row)).await?;
    Ok(Json(ticket_type.view(now)))
}

impl TicketTypePatch {
    fn apply(self, ticket_type: &mut TicketTypeRow) {
        replace(&mut ticket_type.name, self.name);
        replace(&mut ticket_type.description, self.description);
        replace(&mut ticket_type.quota, self.quota);
        replace(&mut ticket_type.sales_from, self.sales_from);
        replace(&mut ticket_type.sales_until, self.sales_until);
        replace(&mut ticket_type.hidden, self.hidden);
        replace(&mut ticket_type.position, self.position);
    }
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
    let change =
        EventChange::begin(&core.changes, in_event.event.id, in_event.actor.person).await?;
    ticket_types::delete(change, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
