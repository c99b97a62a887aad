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
mod sanction;
mod standing;
mod store;

use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use crate::core::Core;
use crate::db::DbError;
use crate::events::EventSnapshot;
use crate::id::PersonId;
use crate::protocol::Refusal;
use crate::registry::Registry;
use crate::socket::Connection;

pub use sanction::{PastSanction, Sanction};
pub(crate) use standing::may_act_on;

/// Adds moderation to the hub.
pub fn register(hub: &mut Registry, core: &Core) {
    hub.routes(http::router(), core.clone());
    live::operations(hub.operations());
    hub.welcome(welcome);
}

/// The sanctions in force on a person, as that person is told.
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
    store::active_on(&core.db, event, person, core.clock.now()).await
}

/// What a newcomer is told of the moderators' doings.
#[derive(Debug, Serialize, ToSchema)]
struct Standing {
    /// The sanctions on the person that are in force.
    standing: Vec<Sanction>,
}

async fn welcome(connection: Arc<Connection>) -> Result<Standing, Refusal> {
    let event = connection.event();
    // Mostly nobody is under any, as is known without asking.
    if event.restrictions_of(connection.person()).is_empty() {
        return Ok(Standing { standing: Vec::new() });
    }
    Ok(Standing { standing: active_on(&connection.core, &event, connection.person()).await? })
}
