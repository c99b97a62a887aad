//! The audit log over REST.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::audit_store::{self, Filter, Line};
use super::standing::{self, Reach};
use crate::clock::Timestamp;
use crate::core::Core;
use crate::http::extract::{InEvent, Parameters};
use crate::http::page::{self, Page};
use crate::http::problem::Problem;
use crate::id::{AuditId, ChannelId, PersonId, RoomId};
use crate::identity::card::cards;
use crate::permission::{Operation, RULES};
use crate::protocol::Card;

/// The addresses of this part.
pub fn router() -> OpenApiRouter<Core> {
    OpenApiRouter::new().routes(routes!(read_audit))
}

/// Which part of the audit log.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AuditQuery {
    /// The `next` of the page before.
    cursor: Option<String>,
    /// How many lines at most, up to 200.
    limit: Option<u32>,
    /// Lines of this action alone, by its name in the permission table.
    action: Option<String>,
    /// Lines that this person did or that concern them.
    person: Option<PersonId>,
}

/// A line of the audit log.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AuditLine {
    id: AuditId,
    at: Timestamp,
    /// Who did it; nobody when it was the command line.
    #[serde(skip_serializing_if = "Option::is_none")]
    actor: Option<Card>,
    /// What was done, by its name in the permission table.
    action: String,
    /// The room concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    room: Option<RoomId>,
    /// The person concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<Card>,
    /// The channel concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<ChannelId>,
    /// The message concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    seq: Option<u64>,
    /// What else there is to know: the reason, what it was before, and the like.
    #[schema(value_type = std::collections::BTreeMap<String, serde_json::Value>)]
    details: Value,
}

/// What was done in the event, newest first. Whoever moderates some rooms sees the lines of these.
#[utoipa::path(get, path = "/events/{slug}/audit",
    operation_id = "list_audit_log", tag = "moderation",
    params(("slug" = String, Path), AuditQuery),
    responses(
        (status = 200, body = Page<AuditLine>),
        (status = 403, body = Problem),
        (status = 422, body = Problem),
    ),
)]
pub(super) async fn read_audit(
    State(core): State<Core>,
    in_event: InEvent,
    Parameters(query): Parameters<AuditQuery>,
) -> Result<Json<Page<AuditLine>>, Problem> {
    let reach = standing::reach(&in_event.actor, Operation::AuditRead, core.clock.now())?;
    let size = page::size(query.limit)?;
    let known = |action: &String| RULES.iter().any(|rule| rule.name == action);
    if query.action.as_ref().is_some_and(|action| !known(action)) {
        let detail = "There is no action of this name in the permission table.";
        return Err(Problem::invalid("action", detail));
    }
    let filter = Filter {
        rooms: match reach {
            Reach::Event => None,
            Reach::Rooms(rooms) => Some(rooms),
        },
        action: query.action,
        person: query.person,
        before: page::position(query.cursor.as_deref())?,
        limit: size + 1,
    };
    let lines = audit_store::page(&core.db, in_event.event.id, filter).await?;
    let page = Page::cut(lines, size, |line| line.id);
    let people: BTreeSet<PersonId> =
        page.items.iter().flat_map(|line| [line.actor, line.person]).flatten().collect();
    let cards = cards(&core.db, &in_event.event, &people).await?;
    let card = |person: Option<PersonId>| cards.get(&person?).cloned();
    let shown = |line: Line| AuditLine {
        id: line.id,
        at: line.at,
        actor: card(line.actor),
        action: line.action,
        room: line.room,
        person: card(line.person),
        channel: line.channel,
        seq: line.seq,
        details: line.details,
    };
    Ok(Json(Page { items: page.items.into_iter().map(shown).collect(), next: page.next }))
}
