//! A ban holds for everybody with the same mailbox, however they have spelled their address.

use serde_json::json;

use super::sanction::Sanction;
use super::{standing, standing_store, store};
use crate::audit::Entry;
use crate::core::Core;
use crate::events::EventChange;
use crate::id::{PersonId, SanctionId};
use crate::identity::Caller;
use crate::permission::{Operation, Place};
use crate::protocol::Refusal;

/// Imposes a ban, as part of the change that does so, also on the others who are registered with the
/// same mailbox and stand below the caller. Each is listed, recorded and lifted by itself.
pub(super) async fn ban_others(
    core: &Core,
    caller: &Caller,
    change: &mut EventChange<'_>,
    ban: &Sanction,
) -> Result<Vec<PersonId>, Refusal> {
    let mut banned = Vec::new();
    for person in standing_store::same_mailbox(&core.db, change.event, ban.person.id).await? {
        let subject = standing::subject(&core.db, &caller.event, person).await?;
        if !subject.is_below(&caller.actor, ban.room.map(Place::room)) {
            continue;
        }
        let same = Sanction {
            id: SanctionId::new(change.now, &core.random),
            person: subject.card,
            ..ban.clone()
        };
        store::end_same(&core.db, change, &same).await?;
        store::insert(&core.db, change, &same).await?;
        let entry = Entry {
            person: Some(person),
            room: same.room,
            details: json!({
                "sanction": same.id, "reason": same.reason, "expires_at": same.expires_at,
                "same_mailbox": true,
            }),
            ..change.entry(Operation::Ban.rule().name)
        };
        change.record(entry).await?;
        banned.push(person);
    }
    Ok(banned)
}
