//! Moderation: sanctions on people, switches of rooms, the audit log for reading.
//!
//! A sanction is a time-out (reading goes on) or a ban (no access), in one room or the whole event.
//! It is a row that is never deleted: what ends it early is noted in it. The rules know of those in
//! force from the event's snapshot, so that imposing one is a transaction and a look at the open
//! sockets of one person; a time that runs out needs nobody to notice.
//!
//! Nobody can do anything to somebody who stands as high as they do, nor to themselves: see
//! [`standing::may_act_on`].

mod audit_store;
pub mod http;
mod live;
mod restrictions;
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
use crate::events::EventSnapshot;
use crate::hub::Lane;
use crate::id::PersonId;
use crate::permission::{Denied, SanctionKind};
use crate::protocol::{Push, Refusal, push_frame};
use crate::registry::Registry;
use crate::socket::{Changed, Connection};

pub use restrictions::{Restrictions, SANCTIONS};
pub use sanction::{PastSanction, Sanction};
pub(crate) use standing::may_act_on;

/// Adds moderation to the hub.
pub fn register(hub: &mut Registry, core: &Core) {
    hub.part(SANCTIONS);
    hub.piece::<Restrictions>();
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
/// About how many people one statement asks.
const PEOPLE: usize = 256;

/// The sanctions in force on a person, as that person is told.
///
/// # Errors
/// When the database does not answer.
pub async fn active_on(
    core: &Core,
    event: &EventSnapshot,
    person: PersonId,
) -> Result<Vec<Sanction>, DbError> {
    if Restrictions::on(event, person).is_empty() {
        return Ok(Vec::new());
    }
    store::active_on(&core.db, event, &[person], core.clock.now()).await
}

/// The same for each of these people who is under any.
///
/// # Errors
/// When the database does not answer.
pub async fn active_on_each(
    core: &Core,
    event: &EventSnapshot,
    mut people: BTreeSet<PersonId>,
) -> Result<HashMap<PersonId, Vec<Sanction>>, DbError> {
    people.retain(|person| !Restrictions::on(event, *person).is_empty());
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
    // Mostly nobody is under any, as is known without asking.
    if Restrictions::on(&event, connection.person()).is_empty() {
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

/// Tells people how they stand, before the end of their connections if it is one: the reason stands
/// in it.
async fn tell_standing(core: Core, changed: &Changed) -> Result<(), DbError> {
    if changed.part.is_some_and(|part| !part.is(SANCTIONS)) {
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

/// Whoever is banned from the event reads the moderators' reason.
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
