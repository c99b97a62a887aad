//! Making an event.

use std::sync::Arc;

use serde_json::json;

use crate::audit::Entry;
use crate::core::Core;
use crate::events::store::details::{self as store, EventRow};
use crate::events::{EventChange, EventSnapshot, Part, details};
use crate::identity::roles::{self, NewGrant, Scope};
use crate::permission::{Actor, Denied, Operation, Role, Target};
use crate::protocol::Refusal;

/// Makes an event; its maker becomes its organizer.
///
/// # Errors
/// When the maker may not, when the event cannot be so, when its slug is taken, or when the database
/// refuses.
pub(super) async fn create(
    core: &Core,
    maker: &Actor,
    row: EventRow,
) -> Result<Arc<EventSnapshot>, Refusal> {
    let now = core.clock.now();
    maker.may(Operation::EventCreate, Target::EVENT, now)?;
    let person = maker.person.ok_or(Denied::SignIn)?;
    details::check_times(&row)?;

    let mut transaction = core.db.begin().await?;
    store::insert(&core.db, &mut transaction, &row, now, &core.random)
        .await
        .map_err(details::not_stored)?;
    let scope = Scope { event: Some(row.id), room: None };
    let organizer = NewGrant { person, role: Role::Organizer, scope };
    roles::grant_in(&core.identity, &mut transaction, organizer, Some(person)).await?;
    let mut change = EventChange::within(&core.changes, transaction, row.id, Some(person));
    let entry = Entry {
        details: json!({ "slug": row.slug, "title": row.title }),
        ..change.entry(Operation::EventCreate.rule().name)
    };
    change.record(entry).await?;
    change.commit(&[Part::EVENT]).await?;
    core.events.by_id(row.id).await?.ok_or_else(Refusal::failed)
}
