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

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::app::App;
use crate::db::DbError;
use crate::events::EventSnapshot;
use crate::id::PersonId;
use crate::socket::Connection;

pub use live::operations;
pub use sanction::{PastSanction, Sanction};
pub(crate) use standing::may_act_on;

/// About how many people one statement asks.
const PEOPLE: usize = 256;

/// The sanctions in force on a person, as that person is told.
///
/// # Errors
/// When the database does not answer.
pub async fn active_on(
    app: &App,
    event: &EventSnapshot,
    person: PersonId,
) -> Result<Vec<Sanction>, DbError> {
    if !event.restrictions.contains_key(&person) {
        return Ok(Vec::new());
    }
    store::active_on(&app.db, event, &[person], app.clock.now()).await
}

/// The same for each of these people who is under any.
///
/// # Errors
/// When the database does not answer.
pub async fn active_on_each(
    app: &App,
    event: &EventSnapshot,
    mut people: BTreeSet<PersonId>,
) -> Result<HashMap<PersonId, Vec<Sanction>>, DbError> {
    people.retain(|person| event.restrictions.contains_key(person));
    let mut each: HashMap<PersonId, Vec<Sanction>> = HashMap::new();
    for some in people.into_iter().collect::<Vec<_>>().chunks(PEOPLE) {
        for sanction in store::active_on(&app.db, event, some, app.clock.now()).await? {
            each.entry(sanction.person.id).or_default().push(sanction);
        }
    }
    Ok(each)
}

/// The sanctions in force on the connection's person.
///
/// # Errors
/// When the database does not answer.
pub async fn standing_of(connection: &Arc<Connection>) -> Result<Vec<Sanction>, DbError> {
    let event = connection.event();
    // Mostly nobody is under any, as is known without asking.
    if event.restrictions_of(connection.person()).is_empty() {
        return Ok(Vec::new());
    }
    active_on(&connection.app, &event, connection.person()).await
}
