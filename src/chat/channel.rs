//! What a reader does in a channel: coming, leaving, catching up, reading, typing.

use std::sync::Arc;

use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::access::{Access, readable, speakable};
use super::following::ReadIn;
use super::message::Message;
use super::reading::Pointer;
use super::seen::{self, Seen};
use super::store::unread::After;
use super::{Chat, JOINED_CHANNELS, store};
use crate::events::ChannelKind;
use crate::hub::{self, CatchUp, Item, Items, Member};
use crate::id::{ChannelId, LogId, RoomId};
use crate::identity::{Caller, actor};
use crate::permission::{Level, Operation};
use crate::protocol::Refusal;

/// Beyond all numbers of this log: a client that sends it starts afresh.
const UNKNOWN: u64 = u64::MAX;

/// Changes of a channel: after `after`, up to `seq`, these messages have come to look like this.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Changes {
    after: u64,
    seq: u64,
    #[schema(value_type = Vec<Message>)]
    messages: Items,
    /// Whether the client must forget what it has and start again with these.
    reset: bool,
    /// Whether there are older messages than these, where the client starts.
    more: bool,
}

impl From<CatchUp> for Changes {
    fn from(CatchUp { after, seq, items, reset, more }: CatchUp) -> Self {
        Self { after, seq, messages: items, reset, more }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Joined {
    state: ChannelState,
    #[serde(flatten)]
    changes: Changes,
}

/// A channel as its reader finds it.
#[derive(Debug, Serialize, ToSchema)]
struct ChannelState {
    id: ChannelId,
    kind: ChannelKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    room: Option<RoomId>,
    /// The number of the last change.
    head: u64,
    /// How many messages there have been.
    count: u64,
    /// How many people are there.
    people: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    room_switches: Option<RoomSwitches>,
    #[schema(value_type = Vec<Message>)]
    pinned: Vec<Arc<RawValue>>,
    read: ReadState,
    /// Whether this person moderates here.
    moderator: bool,
}

#[derive(Debug, Serialize, ToSchema)]
struct RoomSwitches {
    slow_mode_seconds: u32,
    locked: bool,
}

/// How far somebody has read.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReadState {
    seq: u64,
    unread: u64,
    mentions: u64,
}

/// The items' JSON as it is, shared and not looked into.
fn raw(items: &[Item]) -> Vec<Arc<RawValue>> {
    items.iter().map(|item| Arc::clone(&item.json)).collect()
}

/// What a client has already: everything up to a number of a log, this one unless it names another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    /// The number; none when it has nothing.
    pub(super) after: Option<u64>,
    /// The log that it belongs to, as the client was told.
    pub(super) log: Option<LogId>,
}

impl Known {
    /// Whether the number belongs to another log, so that it means nothing here.
    fn is_of_another_log(self, chat: &Chat) -> bool {
        self.log.is_some_and(|log| log != chat.core.installation.log)
    }
}

/// Joins a connection to a channel. From now on it receives what is said there.
///
/// # Errors
/// When the caller may not read there, or the connection is in as many channels as it may be.
pub(super) async fn join(
    chat: &Chat,
    caller: &Caller,
    own: &Arc<Member>,
    channel: ChannelId,
    known: Known,
) -> Result<Joined, Refusal> {
    let access = readable(chat, caller, channel).await?;
    let hub = &chat.core.hub;
    let was_member = own.is_in(channel);
    if !was_member && own.channels().len() >= JOINED_CHANNELS {
        let message =
            format!("A connection can be in {JOINED_CHANNELS} channels. Leave one first.");
        return Err(Refusal::new("channel.too_many", message));
    }
    let other_log = known.is_of_another_log(chat);
    let after = known.after.filter(|_| !other_log);
    let mut joined = hub.join(channel, own, after).await?;
    joined.changes.reset |= other_log;
    // Access may have ended while the channel was read.
    let caller = &renewed(chat, caller, own);
    if let Err(refusal) = readable(chat, caller, channel).await {
        hub.leave(channel, own);
        return Err(refusal);
    }
    let described = describe_joined(chat, caller, own, channel, access, joined).await;
    if described.is_err() && !was_member {
        // A failed join must not leave a member behind.
        hub.leave(channel, own);
    }
    described
}

/// The caller according to the newest version of the event and the connection's present standing.
fn renewed(chat: &Chat, caller: &Caller, own: &Member) -> Caller {
    let event = chat.core.events.known(caller.event.id);
    let event = event.unwrap_or_else(|| Arc::clone(&caller.event));
    let standing =
        actor::Standing { registered: own.is_registered(), administrator: own.is_administrator() };
    let known = &caller.actor;
    let same = event.version == caller.event.version
        && (known.registered, known.administrator) == (standing.registered, standing.administrator);
    let actor = match same {
        true => Arc::clone(known),
        false => Arc::new(actor::assemble(&event, own.person, own.guest, standing)),
    };
    Caller { event, actor, now: chat.core.clock.now() }
}

/// The answer to somebody who is a member now.
async fn describe_joined(
    chat: &Chat,
    caller: &Caller,
    own: &Member,
    channel: ChannelId,
    access: Access,
    joined: hub::Joined,
) -> Result<Joined, Refusal> {
    let read = match read_on_arrival(chat, own, channel, joined.count) {
        Some(read) => read,
        None => {
            let pointer = chat.reading.get(own.person, channel).await?;
            read_state(chat, caller, channel, Seen { pointer, count: joined.count }).await?
        }
    };
    let switches = access.room().and_then(|room| {
        let room = caller.event.rooms.get(&room)?;
        Some(RoomSwitches { slow_mode_seconds: room.slow_mode_seconds, locked: room.locked })
    });
    let state = ChannelState {
        id: channel,
        kind: access.kind,
        room: access.room(),
        head: joined.changes.seq,
        count: joined.count,
        people: joined.people,
        room_switches: switches,
        pinned: raw(&joined.kept),
        read,
        moderator: caller.actor.level_at(access.place) >= Level::Moderator,
    };
    Ok(Joined { state, changes: joined.changes.into() })
}

/// How far somebody has read, as it was found a moment ago when they arrived.
fn read_on_arrival(chat: &Chat, own: &Member, channel: ChannelId, count: u64) -> Option<ReadState> {
    let now = chat.core.clock.uptime();
    let ReadIn { pointer: Pointer { seq, ordinal }, mentions, deleted } =
        chat.arrived.look(own.connection, now, |following| following.read_in(channel))?;
    // What has moved since is newer than what was found.
    if chat.reading.moved(own.person, channel).is_some() {
        return None;
    }
    let unread = count.saturating_sub(ordinal).saturating_sub(deleted);
    Some(ReadState { seq, unread, mentions: if unread == 0 { 0 } else { mentions } })
}

async fn read_state(
    chat: &Chat,
    caller: &Caller,
    channel: ChannelId,
    Seen { pointer, count }: Seen,
) -> Result<ReadState, Refusal> {
    let (seq, unread) = (pointer.seq, count.saturating_sub(pointer.ordinal));
    if unread == 0 {
        return Ok(ReadState { seq, unread: 0, mentions: 0 });
    }
    let After { deleted, mentions } =
        store::unread::after(&chat.core.db, channel, caller.person()?, pointer).await?;
    Ok(ReadState { seq, unread: unread.saturating_sub(deleted), mentions })
}

/// What has changed in a channel after what the client has.
///
/// # Errors
/// When the caller may not read there.
pub(super) async fn catch_up(
    chat: &Chat,
    caller: &Caller,
    channel: ChannelId,
    known: Known,
) -> Result<Changes, Refusal> {
    readable(chat, caller, channel).await?;
    let after = known.after.filter(|_| !known.is_of_another_log(chat)).unwrap_or(UNKNOWN);
    Ok(chat.core.hub.catch_up(channel, after).await?.into())
}

/// Notes that the caller has seen everything up to a number; `own` is the connection it came from,
/// if any.
///
/// # Errors
/// When the caller may not read there.
pub(super) async fn read(
    chat: &Chat,
    caller: &Caller,
    own: Option<&Arc<Member>>,
    channel: ChannelId,
    seq: u64,
) -> Result<ReadState, Refusal> {
    readable(chat, caller, channel).await?;
    let to = seen::pointer_at(chat, channel, seq).await?;
    let seen = seen::advance(chat, caller, own, channel, to).await?;
    read_state(chat, caller, channel, seen).await
}

/// Shows the others in a channel that the caller is typing.
///
/// # Errors
/// When they may not write there.
pub(super) async fn typing(
    chat: &Chat,
    caller: &Caller,
    own: &Member,
    channel: ChannelId,
) -> Result<(), Refusal> {
    speakable(chat, caller, channel, Operation::Typing).await?;
    let core = &chat.core;
    if let Some(open) = core.hub.open_channel(channel)
        && own.is_in(channel)
    {
        open.typing(own.person, &own.appearance().name, core.clock.uptime());
        core.hub.ticks(channel);
    }
    Ok(())
}
