//! Which channels a person may read and write in.

use std::sync::Arc;

use super::direct::Direct;
use crate::clock::Timestamp;
use crate::events::{ChannelInfo, ChannelKind, EventSnapshot};
use crate::id::{ChannelId, PersonId, RoomId};
use crate::permission::{Actor, Level, Operation, Target};
use crate::protocol::Refusal;
use crate::socket::Connection;

/// A channel that the connection may read.
#[derive(Clone, Debug)]
pub(super) struct Access {
    pub(super) kind: ChannelKind,
    pub(super) room: Option<RoomId>,
    pub(super) direct: Option<Arc<Direct>>,
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
pub(super) async fn readable(connection: &Connection, id: ChannelId) -> Result<Access, Refusal> {
    let event = connection.event();
    if let Some(info) = event.channels.get(&id) {
        may_read(&event, *info, &connection.actor(), connection.now())?;
        return Ok(Access { kind: info.kind, room: info.room, direct: None });
    }
    let direct = connection.app.chat.directs.get(id).await?;
    // To everybody else it does not exist.
    let direct = direct
        .filter(|direct| direct.event == event.id && direct.people.contains(&connection.person()))
        .ok_or_else(|| Refusal::not_found("channel"))?;
    connection.may(Operation::DirectRead, Target::EVENT)?;
    Ok(Access { kind: ChannelKind::Direct, room: None, direct: Some(direct) })
}

/// The channel, if the connection's person may do something in it that others hear of.
pub(super) async fn speakable(
    connection: &Connection,
    id: ChannelId,
    operation: Operation,
) -> Result<Access, Refusal> {
    let access = readable(connection, id).await?;
    connection.may(operation, Target::room(access.room))?;
    if access.kind == ChannelKind::Announcements && operation != Operation::MessageReact {
        connection.may(Operation::AnnouncementSend, Target::EVENT)?;
    }
    let moderates = connection.actor().level(access.room) >= Level::Moderator;
    if let Some(room) = access.room.and_then(|room| connection.event().rooms.get(&room).cloned())
        && room.locked
        && !moderates
    {
        let message = "The moderators have locked this room. You can read, but not write.";
        return Err(Refusal::new("chat.locked", message));
    }
    if access.direct.as_ref().is_some_and(|direct| direct.is_blocked()) {
        let message = "You cannot write to each other, because one of you has blocked the other.";
        return Err(Refusal::new("chat.blocked", message));
    }
    Ok(access)
}

/// Keeps of the mentioned people those who may read the channel, so that a mention tells nobody
/// what they must not see.
pub(super) fn mentionable(
    connection: &Connection,
    access: &Access,
    mentions: Vec<PersonId>,
) -> Vec<PersonId> {
    let event = connection.event();
    let now = connection.now();
    let may_see = |person: &PersonId| {
        if let Some(direct) = &access.direct {
            return direct.people.contains(person);
        }
        let info = ChannelInfo { kind: access.kind, room: access.room };
        let actor = Actor {
            person: Some(*person),
            // Whoever is not registered has no open connection to be told on.
            registered: true,
            grants: event.grants_of(*person),
            restrictions: event.restrictions_of(*person),
            ..Actor::default()
        };
        may_read(&event, info, &actor, now).is_ok()
    };
    let mut mentions: Vec<PersonId> = mentions.into_iter().filter(may_see).collect();
    mentions.sort_unstable();
    mentions.dedup();
    mentions
}
