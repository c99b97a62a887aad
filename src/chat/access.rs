//! Which channels a person may read and write in.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Participant;
use super::block_store;
use super::direct::Direct;
use super::permit::Permit;
use crate::clock::Timestamp;
use crate::db::DbError;
use crate::events::{ChannelInfo, ChannelKind, EventSnapshot};
use crate::id::{ChannelId, PersonId, RoomId};
use crate::identity::{actor, in_event};
use crate::permission::{Actor, Level, Operation, Target};
use crate::protocol::Refusal;

/// A channel that the connection may read.
#[derive(Clone, Debug)]
pub(super) struct Access {
    pub(super) kind: ChannelKind,
    pub(super) room: Option<RoomId>,
    pub(super) direct: Option<Arc<Direct>>,
    /// The version of the event at which the rules were checked.
    version: u64,
}

impl Access {
    /// What to check again if the event changes before the log has written.
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
    if let Some(room) = info.room {
        let room = event.rooms.get(&room).ok_or_else(|| Refusal::not_found("room"))?;
        if room.hidden && actor.level(None) < Level::Organizer {
            return Err(Refusal::not_found("room"));
        }
    }
    let operation = match info.kind {
        ChannelKind::Staff => Operation::StaffChannelRead,
        _ => Operation::ChannelRead,
    };
    Ok(actor.may(operation, Target::room(info.room), now)?)
}

/// The channel, if the connection's person may read it.
pub(super) async fn readable(connection: &Participant, id: ChannelId) -> Result<Access, Refusal> {
    let event = connection.event();
    if let Some(info) = event.channels.get(&id) {
        may_read(&event, *info, &connection.actor(), connection.now())?;
        let ChannelInfo { kind, room } = *info;
        return Ok(Access { kind, room, direct: None, version: event.version });
    }
    let direct = connection.chat.directs.get(id).await?;
    // To everyone else it does not exist.
    let direct = direct
        .filter(|direct| direct.event == event.id && direct.people.contains(&connection.person()))
        .ok_or_else(|| Refusal::not_found("channel"))?;
    connection.may(Operation::DirectRead, Target::EVENT)?;
    let (kind, version) = (ChannelKind::Direct, event.version);
    Ok(Access { kind, room: None, direct: Some(direct), version })
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
    event.may(actor, operation, Target::room(info.room), now)?;
    if info.kind == ChannelKind::Announcements && operation != Operation::MessageReact {
        event.may(actor, Operation::AnnouncementSend, Target::EVENT, now)?;
    }
    let locked = info.room.and_then(|room| event.rooms.get(&room)).is_some_and(|room| room.locked);
    if locked && actor.level(info.room) < Level::Moderator {
        let message = "The moderators have locked this room. You can read, but not write.";
        return Err(Refusal::new("chat.locked", message));
    }
    Ok(())
}

/// The channel, if the connection's person may do something in it that reaches others.
pub(super) async fn speakable(
    connection: &Participant,
    id: ChannelId,
    operation: Operation,
) -> Result<Access, Refusal> {
    let access = readable(connection, id).await?;
    let info = ChannelInfo { kind: access.kind, room: access.room };
    may_speak(&connection.event(), info, &connection.actor(), operation, connection.now())?;
    if access.direct.as_ref().is_some_and(|direct| direct.is_blocked()) {
        let message = "You cannot write to each other, because one of you has blocked the other.";
        return Err(Refusal::new("chat.blocked", message));
    }
    Ok(access)
}

/// Keeps only mentioned people of the event who may read the channel and have not blocked the
/// sender, so that a mention shows nobody what they must not or do not want to see.
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
        let info = ChannelInfo { kind: access.kind, room: access.room };
        // People who take part only by a role may read by that role.
        let standing = actor::Standing { registered: true, administrator: false };
        let actor = actor::assemble(&event, *person, false, standing);
        may_read(&event, info, &actor, connection.now()).is_ok()
    };
    let db = &connection.core.db;
    let there = in_event(db, event.id, &mentioned).await?;
    let deaf = block_store::blockers(db, connection.person(), &mentioned).await?;
    Ok(there.difference(&deaf).copied().filter(may_see).collect())
}
