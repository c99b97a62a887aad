//! Moderation: sanctions on people, switches of rooms, the audit log for reading.
//!
//! A sanction is a time-out (reading stays allowed) or a ban (no access), in one room or the whole
//! event. It is a row that is never deleted: an early end is recorded in it. The rules get active
//! ones from the event's snapshot, so that imposing one is a transaction and a check of one
//! person's open sockets; expiry needs no action.
//!
//! Nobody can act on somebody of the same or a higher rank, nor on themselves: see
//! [`standing::may_act_on`].

mod audit_store;
pub mod http;
mod live;
mod sanction;
mod standing;
mod store;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use futures_util::FutureExt as _;
use serde::Serialize;
use utoipa::ToSchema;

use crate::core::Core;
use crate::db::DbError;
use crate::events::{EventSnapshot, Part};
use crate::hub::Lane;
use crate::id::PersonId;
use crate::permission::{Denied, SanctionKind};
use crate::protocol::{Push, Refusal, push_frame};
use crate::registry::Registry;
use crate::socket::{Changed, Connection};

pub use sanction::{PastSanction, Sanction};
pub(crate) use standing::may_act_on;

/// Registers moderation.
pub fn register(hub: &mut Registry, core: &Core) {
    hub.routes(http::router(), core.clone());
    live::operations(hub.operations());
    hub.operations().describe_push::<Standing>();
    hub.welcome(welcome);
    let own = core.clone();
    hub.on_change(move |changed| tell_standing(own.clone(), changed).boxed());
    let own = core.clone();
    hub.hooks().explain(move |event, person, denied| {
        reason_of_ban(own.clone(), event, person, denied).boxed()
    });
}
/// How many people one statement reads.
const PEOPLE: usize = 256;

/// A person's active sanctions, as shown to that person.
///
/// # Errors
/// When the database does not answer.
pub async fn active_on(
    core: &Core,
    event: &EventSnapshot,
    person: PersonId,
) -> Result<Vec<Sanction>, DbError> {
    if !event.restrictions.contains_key(&person) {
        return Ok(Vec::new());
    }
    store::active_on(&core.db, event, &[person], core.clock.now()).await
}

/// The same for each of these people who has any.
///
/// # Errors
/// When the database does not answer.
pub async fn active_on_each(
    core: &Core,
    event: &EventSnapshot,
    mut people: BTreeSet<PersonId>,
) -> Result<HashMap<PersonId, Vec<Sanction>>, DbError> {
    people.retain(|person| event.restrictions.contains_key(person));
    let mut each: HashMap<PersonId, Vec<Sanction>> = HashMap::new();
    for some in people.into_iter().collect::<Vec<_>>().chunks(PEOPLE) {
        for sanction in store::active_on(&core.db, event, some, core.clock.now()).await? {
            each.entry(sanction.person.id).or_default().push(sanction);
        }
    }
    Ok(each)
}

/// What a newcomer is told of the moderators' doings.
#[derive(Debug, Serialize, ToSchema)]
struct Welcome {
    /// The sanctions on the person that are in force.
    standing: Vec<Sanction>,
}

async fn welcome(connection: Arc<Connection>) -> Result<Welcome, Refusal> {
    let event = connection.event();
    // Mostly there are none, which the snapshot shows.
    if event.restrictions_of(connection.person()).is_empty() {
        return Ok(Welcome { standing: Vec::new() });
    }
    Ok(Welcome { standing: active_on(&connection.core, &event, connection.person()).await? })
}

/// The person's own sanctions in force have changed.
#[derive(Debug, Serialize, ToSchema)]
struct Standing {
    sanctions: Vec<Sanction>,
}

impl Push for Standing {
    const NAME: &'static str = "standing";
}

/// Pushes people their sanctions, with the reason, before their connections end because of one.
async fn tell_standing(core: Core, changed: &Changed) -> Result<(), DbError> {
    if !matches!(changed.part, None | Some(Part::Sanctions)) {
        return Ok(());
    }
    let people = changed.members.iter().map(|member| member.person).collect();
    let reasons = active_on_each(&core, &changed.event, people).await?;
    for member in &changed.members {
        let sanctions = reasons.get(&member.person).cloned().unwrap_or_default();
        member.outbox.push(Lane::Control, &push_frame(None, &Standing { sanctions }));
    }
    Ok(())
}

/// Shows people who are banned from the event the moderators' reason.
async fn reason_of_ban(
    core: Core,
    event: &EventSnapshot,
    person: PersonId,
    denied: Denied,
) -> Result<Option<String>, DbError> {
    if !matches!(denied, Denied::Banned(_)) {
        return Ok(None);
    }
    let sanctions = active_on(&core, event, person).await?;
    let is_ban =
        |sanction: &Sanction| sanction.kind == SanctionKind::Ban && sanction.room.is_none();
    let reason = sanctions.into_iter().find(is_ban).map(|ban| ban.reason);
    let reason = reason.filter(|reason| !reason.is_empty());
    Ok(reason.map(|reason| format!("Their reason: {reason}")))
}
