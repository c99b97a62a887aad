//! Tickets for sockets of clients that have no cookie.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::Timestamp;
use crate::core::Core;
use crate::http::extract::{Body, SignedIn};
use crate::http::problem::Problem;
use crate::identity::{actor, ticket};
use crate::permission::{Operation, Target};

/// Nothing to say.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TicketRequest {}

/// A ticket for one socket.
#[derive(Serialize, ToSchema)]
pub(super) struct Ticket {
    /// What to send in `hello`.
    ticket: String,
    /// Until when.
    expires_at: Timestamp,
}

/// A ticket with which a client without a cookie opens one socket, within a minute.
#[utoipa::path(
    post, path = "/tickets",
    operation_id = "issue_ticket", tag = "sign-in", request_body = TicketRequest,
    responses((status = 200, body = Ticket), (status = 401, body = Problem))
)]
pub(super) async fn issue(
    State(core): State<Core>,
    SignedIn(sign_in): SignedIn,
    Body(TicketRequest {}): Body<TicketRequest>,
) -> Result<Json<Ticket>, Problem> {
    let now = core.clock.now();
    let actor = actor::outside(&core.identity, Some(sign_in)).await?;
    actor.may(Operation::SocketTicket, Target::EVENT, now)?;
    let ticket = ticket::issue(&core.identity, sign_in).await?.ok_or_else(|| {
        let detail = "You have asked for many tickets and not used them. Use them, or wait.";
        let wait = u64::try_from(ticket::LASTS.as_millis()).ok();
        let problem = Problem::new("rate.limited", detail);
        Problem { retry_after_ms: wait, ..problem }
    })?;
    Ok(Json(Ticket { ticket, expires_at: now.after(ticket::LASTS) }))
}
