//! Which channels a person may read and write in.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Chat;
use super::direct::{DIRECT, Direct};
use super::permit::Permit;
use super::store::blocks;
use crate::clock::Timestamp;
use crate::events::{ChannelInfo, ChannelKind, EventSnapshot};
use crate::id::{ChannelId, PersonId, RoomId};
use crate::identity::{Caller, actor, in_event};
use crate::permission::{Actor, Denied, Level, Operation, Place, Target};
use crate::protocol::Refusal;

/// A channel that somebody may read.
#[derive(Clone, Debug)]
pub(super) struct Access {
    pub(super) kind: ChannelKind,
    pub(super) place: Option<Place>,
    pub(super) direct: Option<Arc<Direct>>,
}

impl Access {
    /// The room it belongs to, if it is a room's.
    pub(super) fn room(&self) -> Option<RoomId> {
        self.info().room()
    }

    /// The target of operations in it.
    pub(super) fn target(&self) -> Target {
        self.info().target()
    }

    fn info(&self) -> ChannelInfo {
        ChannelInfo { kind: self.kind, place: self.place }
    }

    /// The permit, checked again if the event changes before the commit.
    pub(super) fn permit(&self, caller: &Caller, operation: Operation, own: bool) -> Permit {
        Permit {
            event: caller.event.id,
            version: caller.event.version,
            actor: Arc::clone(&caller.actor),
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

/// The channel, if the caller may read it.
///
/// # Errors
/// Why not.
pub(super) async fn readable(
    chat: &Chat,
    caller: &Caller,
    id: ChannelId,
) -> Result<Access, Refusal> {
    let event = &caller.event;
    if let Some(info) = event.channels.get(&id) {
        may_read(event, *info, &caller.actor, caller.now)?;
        let ChannelInfo { kind, place } = *info;
        return Ok(Access { kind, place, direct: None });
    }
    let person = caller.person()?;
    let direct = chat.directs.get(id).await?;
    // To everybody else it does not exist.
    let direct = direct
        .filter(|direct| direct.event == event.id && direct.people.contains(&person))
        .ok_or_else(|| Refusal::not_found("channel"))?;
    caller.may(Operation::DirectRead, Target::EVENT)?;
    Ok(Access { kind: DIRECT, place: None, direct: Some(direct) })
}

/// The channel, if the caller may read it and it has moderators at all.
///
/// # Errors
/// Why not.
pub(super) async fn moderated(
    chat: &Chat,
    caller: &Caller,
    id: ChannelId,
) -> Result<Access, Refusal> {
    let access = readable(chat, caller, id).await?;
    if access.direct.is_some() {
        return Err(Denied::Role.into());
    }
    Ok(access)
}

/// Whether somebody may do something that reaches others, in a channel that they may read.
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
        let message = "The moderators have locked this room. You can read along, but not post.";
        return Err(Refusal::new("chat.locked", message));
    }
    Ok(())
}

/// The channel, if the caller may do something in it that others notice.
///
/// # Errors
/// Why not.
pub(super) async fn speakable(
    chat: &Chat,
    caller: &Caller,
    id: ChannelId,
    operation: Operation,
) -> Result<Access, Refusal> {
    let access = readable(chat, caller, id).await?;
    may_speak(&caller.event, access.info(), &caller.actor, operation, caller.now)?;
    if access.direct.as_ref().is_some_and(|direct| direct.is_blocked()) {
        let message = "You cannot write to each other, because one of you has blocked the other.";
        return Err(Refusal::new("chat.blocked", message));
    }
    Ok(access)
}

/// Keeps only mentioned people of the event who may read the channel and have not blocked the
/// sender, so that a mention shows nobody what they must not or do not want to see.
pub(super) async fn mentionable(
    chat: &Chat,
    caller: &Caller,
    access: &Access,
    mentions: Vec<PersonId>,
) -> Result<Vec<PersonId>, Refusal> {
    let mentioned: BTreeSet<PersonId> = mentions.into_iter().collect();
    if let Some(direct) = &access.direct {
        return Ok(mentioned.intersection(&direct.people).copied().collect());
    }
    if mentioned.is_empty() {
        return Ok(Vec::new());
    }
    let event = &caller.event;
    let may_see = |person: &PersonId| {
        // People without a registration may read by their role.
        let standing = actor::Standing { registered: true, administrator: false };
        let actor = actor::assemble(event, *person, false, standing);
        may_read(event, access.info(), &actor, caller.now).is_ok()
    };
    let db = &chat.core.db;
    let there = in_event(db, event.id, &mentioned).await?;
    let deaf = blocks::blockers(db, caller.person()?, &mentioned).await?;
    Ok(there.difference(&deaf).copied().filter(may_see).collect())
}
