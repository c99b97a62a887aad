//! Marking as read: from then on the person is notified of new messages, and their other devices no
//! longer show anything unread.

use std::sync::Arc;

use super::announcements::Read;
use super::reading::Pointer;
use super::{Chat, store};
use crate::core::Core;
use crate::db::DbError;
use crate::hub::{Lane, Member, Unread};
use crate::id::{ChannelId, EventId, PersonId};
use crate::identity::Caller;
use crate::protocol::{Refusal, push_frame};

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
    chat: &Chat,
    channel: ChannelId,
    seq: u64,
) -> Result<Pointer, DbError> {
    let core = &chat.core;
    let head = match core.hub.open_channel(channel) {
        // A message that comes in between is not counted, and so stays unread.
        Some(open) => Pointer { ordinal: open.count(), seq: open.head() },
        None => store::channels::head(&core.db, channel)
            .await?
            .map_or_else(Pointer::default, |head| Pointer { seq: head.seq, ordinal: head.count }),
    };
    if seq >= head.seq {
        return Ok(head);
    }
    Ok(Pointer { seq, ordinal: store::messages::ordinal_at(&core.db, channel, seq).await? })
}

/// Moves the caller's pointer forward; it never moves back. `own` is the connection it came
/// from, if any.
pub(super) async fn advance(
    chat: &Chat,
    caller: &Caller,
    own: Option<&Arc<Member>>,
    channel: ChannelId,
    to: Pointer,
) -> Result<Seen, Refusal> {
    let (person, reading) = (caller.person()?, &chat.reading);
    let open = chat.core.hub.open_channel(channel);
    let known = open.as_ref().map_or(u64::MAX, |channel| channel.count());
    let pointer = match to.ordinal >= known {
        // A pointer at the end cannot have been further: no need to read the database.
        true => reading.advance_from(person, channel, to),
        false => reading.advance(person, channel, to).await?,
    };
    let count = open.map_or(pointer.ordinal, |channel| channel.count()).max(pointer.ordinal);
    if pointer.ordinal == count {
        let read = Elsewhere { event: caller.event.id, person, channel, at: pointer };
        tell_all_devices(chat, own, &read);
    } else if let Some(own) = own {
        chat.core.hub.is_behind(channel, own, pointer);
    }
    Ok(Seen { pointer, count })
}

/// Writes how far somebody has read before their connection is closed at a stop: the node that they
/// connect to next asks the database.
pub(super) async fn left(chat: &Chat, person: PersonId) {
    if !chat.core.lifecycle.is_stopping() {
        return;
    }
    if let Err(error) = chat.reading.write_now(person).await {
        tracing::warn!(%error, "read pointers could not be written; it is tried again");
    }
}

/// Notifies the person's other connections; those on other nodes only within a rate limit, because
/// a full room may read the same message, and a stale unread mark is no reason to load every node.
fn tell_all_devices(chat: &Chat, own: Option<&Arc<Member>>, read: &Elsewhere) {
    let core = &chat.core;
    let Elsewhere { event, person, channel, at } = *read;
    if chat.courtesy.lock().take(core.clock.uptime()).is_ok() {
        let Pointer { seq, ordinal } = at;
        core.bus.announce(Some(event), &Read { event, person, channel, seq, ordinal });
    }
    let Some(own) = own else { return read_elsewhere(core, read) };
    core.hub.follow(channel, own, at, at.ordinal);
    let others = core.hub.connections_of(person);
    let others = others.into_iter().filter(|other| other.connection != own.connection);
    show_read(others.collect(), channel, at.seq);
}

/// A person has read all of a channel, on another node or without a connection.
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
        core.hub.follow(read.channel, member, read.at, read.at.ordinal);
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
