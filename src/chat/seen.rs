//! Marking as read: from then on the person is notified of new messages, and their other devices
//! show nothing unread any more.

use std::sync::Arc;

use super::announcements::Read;
use super::reading::Pointer;
use super::store;
use super::{Chat, Participant};
use crate::core::Core;
use crate::db::DbError;
use crate::hub::{Lane, Member, Unread};
use crate::id::{ChannelId, EventId, PersonId};
use crate::protocol::push_frame;
use crate::socket::Connection;

/// How far somebody has read now.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    pub(super) pointer: Pointer,
    /// How many messages the channel has had.
    pub(super) count: u64,
}

/// The pointer for this position, at most the channel's last one: otherwise people who claim to
/// have read later messages would never be notified of them.
pub(super) async fn pointer_at(
    connection: &Participant,
    channel: ChannelId,
    seq: u64,
) -> Result<Pointer, DbError> {
    let core = &connection.core;
    let head = match core.hub.open_channel(channel) {
        // A message that comes in between is not counted, and so stays unread.
        Some(open) => Pointer { ordinal: open.count(), seq: open.head() },
        None => store::head(&core.db, channel).await?,
    };
    if seq >= head.seq {
        return Ok(head);
    }
    Ok(Pointer { seq, ordinal: store::ordinal_at(&core.db, channel, seq).await? })
}

/// Moves the person's pointer forward; it never moves back.
pub(super) async fn advance(
    connection: &Participant,
    channel: ChannelId,
    to: Pointer,
) -> Result<Seen, DbError> {
    let core = &connection.core;
    let (person, reading) = (connection.person(), &connection.chat.reading);
    let open = core.hub.open_channel(channel);
    let known = open.as_ref().map_or(u64::MAX, |channel| channel.count());
    let pointer = match to.ordinal >= known {
        // A pointer at the end cannot have been further: no need to read the database.
        true => reading.advance_from(person, channel, to),
        false => reading.advance(person, channel, to).await?,
    };
    let count = open.map_or(pointer.ordinal, |channel| channel.count()).max(pointer.ordinal);
    if pointer.ordinal == count {
        core.hub.follow(channel, &connection.member, pointer.ordinal);
        tell_other_devices(connection, channel, pointer);
    }
    Ok(Seen { pointer, count })
}

/// Writes how far somebody has read before they are disconnected by a stop: the next node reads it
/// from the database.
pub(super) async fn left(chat: Arc<Chat>, connection: Arc<Connection>) {
    if !connection.core.lifecycle.is_stopping() {
        return;
    }
    if let Err(error) = chat.reading.write_now(connection.person()).await {
        tracing::warn!(%error, "read pointers could not be written; it is tried again");
    }
}

/// Announces it to other nodes, but not when a whole hall reads the same message: a device that
/// still shows something unread is no reason to load every node.
fn tell_other_devices(connection: &Participant, channel: ChannelId, at: Pointer) {
    let (core, member) = (&connection.core, &connection.member);
    if connection.chat.courtesy.lock().take(core.clock.uptime()).is_ok() {
        let Pointer { seq, ordinal } = at;
        let (event, person) = (member.event, member.person);
        core.bus.announce(Some(event), &Read { event, person, channel, seq, ordinal });
    }
    let others = core.hub.connections_of(member.person);
    let others = others.into_iter().filter(|other| other.connection != member.connection);
    show_read(others.collect(), channel, at.seq);
}

/// A person has read all of a channel, by a connection of another node.
#[derive(Clone, Copy, Debug)]
pub(super) struct Elsewhere {
    pub(super) event: EventId,
    pub(super) person: PersonId,
    pub(super) channel: ChannelId,
    pub(super) at: Pointer,
}

/// Their connections of this node show nothing unread, and are notified of new messages.
pub(super) fn read_elsewhere(core: &Core, read: &Elsewhere) {
    let members = core.hub.connections_of(read.person);
    for member in members.iter().filter(|member| member.event == read.event) {
        core.hub.follow(read.channel, member, read.at.ordinal);
    }
    show_read(members, read.channel, read.at.seq);
}

fn show_read(members: Vec<Arc<Member>>, channel: ChannelId, seq: u64) {
    if members.is_empty() {
        return;
    }
    let frame = push_frame(Some(channel), &Unread { seq, unread: 0, mentions: 0 });
    for member in members {
        member.outbox.push(Lane::Control, &frame);
    }
}
