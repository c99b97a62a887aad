//! The permit of an entry for the log: which rules were checked, at which version of the event.
//!
//! The rules are checked in memory, before the entry is queued. A ban, a lock or a lost role can
//! come in between; then they are checked again inside the transaction, which locks the event until
//! it ends. So nothing from a banned person is committed after their ban.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::access::{may_read, may_speak};
use super::log::{Entry, Writer};
use crate::clock::Timestamp;
use crate::db::{Connection, DbError};
use crate::events::{EventSnapshot, hold_version};
use crate::id::{ChannelId, EventId};
use crate::identity::actor;
use crate::permission::{Actor, Operation, Target};
use crate::protocol::Refusal;

/// The check of an entry.
#[derive(Clone, Debug)]
pub struct Permit {
    pub(super) event: EventId,
    pub(super) version: u64,
    pub(super) actor: Arc<Actor>,
    pub(super) operation: Operation,
    pub(super) own: bool,
    pub(super) direct: bool,
}

impl Permit {
    /// Checks the rules again, at a newer version of the event.
    fn renew(
        &self,
        event: &EventSnapshot,
        channel: ChannelId,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let Some(person) = self.actor.person else { return Err(Refusal::not_found("person")) };
        let Actor { guest, registered, administrator, .. } = *self.actor;
        let standing = actor::Standing { registered, administrator };
        let actor = actor::assemble(event, person, guest, standing);
        if self.direct {
            event.may(&actor, Operation::DirectRead, Target::EVENT, now)?;
            return event.may(&actor, self.operation, Target::EVENT.owned(self.own), now);
        }
        let info = event.channels.get(&channel).ok_or_else(|| Refusal::not_found("channel"))?;
        may_read(event, *info, &actor, now)?;
        if self.operation.rule().speaks {
            return may_speak(event, *info, &actor, self.operation, now);
        }
        event.may(&actor, self.operation, info.target().owned(self.own), now)
    }
}

/// Locks the entries' events until the transaction ends, and returns for each entry whether it is
/// refused by now. Events come before channels in the order of locks, as with every change of an
/// event.
pub(super) async fn renew(
    writer: &Writer,
    transaction: &mut Connection,
    entries: &[Entry],
) -> Result<Vec<Option<Refusal>>, DbError> {
    let permits = entries.iter().filter_map(|entry| entry.permit.as_ref());
    let mut changed: BTreeMap<EventId, Option<Arc<EventSnapshot>>> =
        permits.clone().map(|permit| (permit.event, None)).collect();
    for (id, snapshot) in &mut changed {
        let version = hold_version(&writer.db, transaction, *id).await?;
        if permits.clone().any(|permit| permit.event == *id && permit.version < version) {
            *snapshot = writer.events.at_least(transaction, *id, version).await?;
        }
    }
    let now = writer.clock.now();
    let refused = entries.iter().map(|entry| {
        let permit = entry.permit.as_ref()?;
        let event = changed.get(&permit.event)?.as_ref()?;
        permit.renew(event, entry.channel, now).err()
    });
    Ok(refused.collect())
}
