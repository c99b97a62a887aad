//! Which channels a person may read and write in.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Participant;
use super::block_store;
use super::direct::{DIRECT, Direct};
use super::permit::Permit;
use crate::clock::Timestamp;
use crate::db::DbError;
use crate::events::{ChannelInfo, ChannelKind, EventSnapshot};
use crate::id::{ChannelId, PersonId, RoomId};
use crate::identity::{actor, in_event};
use crate::permission::{Actor, Level, Operation, Place, Target};
use crate::protocol::Refusal;

/// A channel that the connection may read.
#[derive(Clone, Debug)]
pub(super) struct Access {
    pub(super) kind: ChannelKind,
    pub(super) place: Option<Place>,
    pub(super) direct: Option<Arc<Direct>>,
    /// The version of the event that the rules were asked at.
    version: u64,
}

impl Access {
    /// The room it belongs to, if it is a room's.
    pub(super) fn room(&self) -> Option<RoomId> {
        self.info().room()
    }

    /// What is aimed at by whoever does something in it.
    pub(super) fn target(&self) -> Target {
        self.info().target()
    }

    fn info(&self) -> ChannelInfo {
        ChannelInfo { kind: self.kind, place: self.place }
    }

    /// What is asked again when the event changes before the log has written.
    pub(super) fn permit(
        &self,
        connection: &Participant,
        operation: Operation,
        own: bool,
    ) -> Permit {
        Permit {
            event: connection.member.event,
            version: self.version,
            actor: connection.actor(),
            operation,
            own,
            direct: self.direct.is_some(),
        }
    }
}

/// Whether somebody may read one of the event's own channels.
///
/// # Errors
/// Why not.
pub fn may_read(
    event: &EventSnapshot,
    info: ChannelInfo,
    actor: &Actor,
    now: Timestamp,
) -> Result<(), Refusal> {
    if let Some(place) = info.place
        && !info.kind.is_shown(event, place, actor)
    {
        return Err(Refusal::not_found(place.kind.name()));
    }
    Ok(actor.may(info.kind.read(), info.target(), now)?)
}

/// The channel, if the connection's person may read it.
pub(super) async fn readable(connection: &Participant, id: ChannelId) -> Result<Access, Refusal> {
    let event = connection.event();
    if let Some(info) = event.channels.get(&id) {
        may_read(&event, *info, &connection.actor(), connection.now())?;
        let ChannelInfo { kind, place } = *info;
        return Ok(Access { kind, place, direct: None, version: event.version });
    }
    let direct = connection.chat.directs.get(id).await?;
    // To everybody else it does not exist.
    let direct = direct
        .filter(|direct| direct.event == event.id && direct.people.contains(&connection.person()))
        .ok_or_else(|| Refusal::not_found("channel"))?;
    connection.may(Operation::DirectRead, Target::EVENT)?;
    let (kind, version) = (DIRECT, event.version);
    Ok(Access { kind, place: None, direct: Some(direct), version })
}

/// Whether somebody may do something that others hear of in a channel that they may read.
///
/// # Errors
/// Why not.
pub(super) fn may_speak(
    event: &EventSnapshot,
    info: ChannelInfo,
    actor: &Actor,
    operation: Operation,
    now: Timestamp,
) -> Result<(), Refusal> {
    event.may(actor, operation, info.target(), now)?;
    if let Some(write) = info.kind.write().filter(|_| operation != Operation::MessageReact) {
        event.may(actor, write, info.target(), now)?;
    }
    let locked =
        info.room().and_then(|room| event.rooms.get(&room)).is_some_and(|room| room.locked);
    if locked && actor.level_at(info.place) < Level::Moderator {
        let message = "The moderators have locked this room. You can read, but not write.";
        return Err(Refusal::new("chat.locked", message));
    }
    Ok(())
}

/// The channel, if the connection's person may do something in it that others hear of.
pub(super) async fn speakable(
    connection: &Participant,
    id: ChannelId,
    operation: Operation,
) -> Result<Access, Refusal> {
    let access = readable(connection, id).await?;
    may_speak(
        &connection.event(),
        access.info(),
        &connection.actor(),
        operation,
        connection.now(),
    )?;
    if access.direct.as_ref().is_some_and(|direct| direct.is_blocked()) {
        let message = "You cannot write to each other, because one of you has blocked the other.";
        return Err(Refusal::new("chat.blocked", message));
    }
    Ok(access)
}

/// Keeps of the mentioned people those of the event who may read the channel and have not blocked
/// the sender, so that a mention tells nobody what they must not or do not want to see.
pub(super) async fn mentionable(
    connection: &Participant,
    access: &Access,
    mentions: Vec<PersonId>,
) -> Result<Vec<PersonId>, DbError> {
    let mentioned: BTreeSet<PersonId> = mentions.into_iter().collect();
    if let Some(direct) = &access.direct {
        return Ok(mentioned.intersection(&direct.people).copied().collect());
    }
    if mentioned.is_empty() {
        return Ok(Vec::new());
    }
    let event = connection.event();
    let may_see = |person: &PersonId| {
        // Whoever takes part by a role alone may read by that role.
        let standing = actor::Standing { registered: true, administrator: false };
        let actor = actor::assemble(&event, *person, false, standing);
        may_read(&event, access.info(), &actor, connection.now()).is_ok()
    };
    let db = &connection.core.db;
    let there = in_event(db, event.id, &mentioned).await?;
    let deaf = block_store::blockers(db, connection.person(), &mentioned).await?;
    Ok(there.difference(&deaf).copied().filter(may_see).collect())
}
