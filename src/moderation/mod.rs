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
mod mailbox;
mod restrictions;
mod sanction;
mod standing;
mod standing_store;
mod store;
mod switch;

use std::collections::{BTreeSet, HashMap};

use futures_util::FutureExt as _;

use crate::core::Core;
use crate::db::DbError;
use crate::events::EventSnapshot;
use crate::id::PersonId;
use crate::permission::{Denied, SanctionKind};
use crate::registry::Registry;

pub use restrictions::{Restrictions, SANCTIONS};
pub use sanction::{PastSanction, Sanction};
pub(crate) use standing::may_act_on;

/// Registers moderation.
pub fn register(hub: &mut Registry, core: &Core) {
    hub.part(SANCTIONS);
    hub.piece::<Restrictions>();
    hub.routes(http::router(), core.clone());
    live::operations(hub.operations());
    hub.welcome(live::welcome);
    let own = core.clone();
    hub.on_change(move |changed| live::tell_standing(own.clone(), changed).boxed());
    let own = core.clone();
    hub.hooks().explain(move |event, person, denied| {
        reason_of_ban(own.clone(), event, person, denied).boxed()
    });
}

/// How many people one statement looks up.
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
    if Restrictions::on(event, person).is_empty() {
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
    people.retain(|person| !Restrictions::on(event, *person).is_empty());
    let mut each: HashMap<PersonId, Vec<Sanction>> = HashMap::new();
    for some in people.into_iter().collect::<Vec<_>>().chunks(PEOPLE) {
        for sanction in store::active_on(&core.db, event, some, core.clock.now()).await? {
            each.entry(sanction.person.id).or_default().push(sanction);
        }
    }
    Ok(each)
}

/// The moderators' reason, for the refusal of a banned person.
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
    Ok(reason.filter(|reason| !reason.is_empty()))
}
