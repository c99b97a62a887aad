//! The socket's operations on channels; those on messages, people and direct channels stand
//! beside it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::Participant;
use super::access::{Access, readable, speakable};
use super::message::Message;
use super::reading::Pointer;
use super::seen::{self, Seen};
use super::{
    Chat, JOINED_CHANNELS, delete_recent, direct_live, history_live, message_live, people_live,
    store,
};
use crate::clock::Timestamp;
use crate::events::ChannelKind;
use crate::hub::{self, CatchUp, Item, Items};
use crate::id::{ChannelId, LogId, RoomId};
use crate::permission::{Level, Operation};
use crate::protocol::Refusal;
use crate::socket::Operations;

/// Registers the operations of talk.
pub(super) fn operations(operations: &mut Operations, chat: &Arc<Chat>) {
    let chat = Arc::clone(chat);
    let context = move |connection| Participant { chat: Arc::clone(&chat), connection };
    let mut talk = operations.with(context);
    talk.add("ping", ping);
    talk.add("channel.join", join);
    talk.add("channel.leave", leave);
    talk.add("channel.catch_up", catch_up);
    talk.add("channel.read", read);
    talk.add("channel.typing", typing);
    history_live::operations(&mut talk);
    message_live::operations(&mut talk);
    delete_recent::operations(&mut talk);
    people_live::operations(&mut talk);
    direct_live::operations(&mut talk);
    super::pushes::describe(operations);
}

/// Nothing is needed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

/// There is nothing to say but that it is done.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Done {}

#[derive(Debug, Serialize, ToSchema)]
struct Pong {
    /// The hub's time.
    server_time: Timestamp,
}

async fn ping(connection: Participant, _: Nothing) -> Result<Pong, Refusal> {
    Ok(Pong { server_time: connection.now() })
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Join {
    channel: ChannelId,
    /// The number up to which the client has everything; left out, it gets the newest messages.
    #[serde(default)]
    after: Option<u64>,
    /// The log that `after` belongs to, as the hello told it.
    #[serde(default)]
    log: Option<LogId>,
}

/// Whether a client's number belongs to another log than this one, so that it means nothing here.
fn is_of_another_log(connection: &Participant, log: Option<LogId>) -> bool {
    log.is_some_and(|log| log != connection.core.installation.log)
}

/// Changes of a channel: after `after`, up to `seq`, these messages have come to look like this.
#[derive(Debug, Serialize, ToSchema)]
struct Changes {
    after: u64,
    seq: u64,
    #[schema(value_type = Vec<Message>)]
    messages: Items,
    /// Whether the client must forget what it has and start again with these.
    reset: bool,
    /// Whether there are older messages than these, where the client starts.
    more: bool,
}

#[derive(Debug, Serialize, ToSchema)]
struct Joined {
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
struct ReadState {
    seq: u64,
    unread: u64,
    mentions: u64,
}

/// The items' JSON as it is, shared and not looked into.
fn raw(items: &[Item]) -> Vec<Arc<RawValue>> {
    items.iter().map(|item| Arc::clone(&item.json)).collect()
}

fn changes(changes: CatchUp) -> Changes {
    let CatchUp { after, seq, items, reset, more } = changes;
    Changes { after, seq, messages: items, reset, more }
}

async fn join(connection: Participant, data: Join) -> Result<Joined, Refusal> {
    let channel = data.channel;
    let access = readable(&connection, channel).await?;
    let (core, member) = (&connection.core, &connection.member);
    let was_member = member.is_in(channel);
    if !was_member && member.channels().len() >= JOINED_CHANNELS {
        let message =
            format!("A connection can be in {JOINED_CHANNELS} channels. Leave one first.");
        return Err(Refusal::new("channel.too_many", message));
    }
    let other_log = is_of_another_log(&connection, data.log);
    let after = data.after.filter(|_| !other_log);
    let mut joined = core.hub.join(channel, member, after).await?;
    joined.changes.reset |= other_log;
    // What forbids it may have come while the channel was read.
    if let Err(refusal) = readable(&connection, channel).await {
        core.hub.leave(channel, member);
        return Err(refusal);
    }
    let described = describe_joined(&connection, channel, access, joined).await;
    if described.is_err() && !was_member {
        // Who is told that they have not joined is no member.
        core.hub.leave(channel, member);
    }
    described
}

/// The answer to somebody who is a member now.
async fn describe_joined(
    connection: &Participant,
    channel: ChannelId,
    access: Access,
    joined: hub::Joined,
) -> Result<Joined, Refusal> {
    let read = match read_on_arrival(connection, channel, joined.count) {
        Some(read) => read,
        None => {
            let pointer = connection.chat.reading.get(connection.person(), channel).await?;
            read_state(connection, channel, pointer, joined.count).await?
        }
    };
    let switches = access.room().and_then(|room| {
        let event = connection.event();
        let room = event.rooms.get(&room)?;
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
        moderator: connection.actor().level_at(access.place) >= Level::Moderator,
    };
    Ok(Joined { state, changes: changes(joined.changes) })
}

/// How far somebody has read, as it was found a moment ago when they arrived.
fn read_on_arrival(connection: &Participant, channel: ChannelId, count: u64) -> Option<ReadState> {
    let (pointer, mentions) = connection.found(channel)?;
    // What has moved since is newer than what was found.
    if connection.chat.reading.moved(connection.person(), channel).is_some() {
        return None;
    }
    let unread = count.saturating_sub(pointer.ordinal);
    Some(ReadState { seq: pointer.seq, unread, mentions: if unread == 0 { 0 } else { mentions } })
}

async fn read_state(
    connection: &Participant,
    channel: ChannelId,
    pointer: Pointer,
    count: u64,
) -> Result<ReadState, Refusal> {
    let unread = count.saturating_sub(pointer.ordinal);
    let mentions = if unread == 0 {
        0
    } else {
        let db = &connection.core.db;
        store::mentions_after(db, channel, connection.person(), pointer.seq).await?
    };
    Ok(ReadState { seq: pointer.seq, unread, mentions })
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InChannel {
    pub(super) channel: ChannelId,
}

async fn leave(connection: Participant, data: InChannel) -> Result<Done, Refusal> {
    connection.core.hub.leave(data.channel, &connection.member);
    Ok(Done {})
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CatchUpAfter {
    channel: ChannelId,
    after: u64,
    /// The log that `after` belongs to, as the hello told it.
    #[serde(default)]
    log: Option<LogId>,
}

/// Beyond all numbers of this log: whoever comes with it starts again.
const UNKNOWN: u64 = u64::MAX;

async fn catch_up(connection: Participant, data: CatchUpAfter) -> Result<Changes, Refusal> {
    readable(&connection, data.channel).await?;
    let after = if is_of_another_log(&connection, data.log) { UNKNOWN } else { data.after };
    Ok(changes(connection.core.hub.catch_up(data.channel, after).await?))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Read {
    channel: ChannelId,
    /// The number up to which everything has been seen.
    seq: u64,
}

async fn read(connection: Participant, data: Read) -> Result<ReadState, Refusal> {
    readable(&connection, data.channel).await?;
    let to = seen::pointer_at(&connection, data.channel, data.seq).await?;
    let Seen { pointer, count } = seen::advance(&connection, data.channel, to).await?;
    read_state(&connection, data.channel, pointer, count).await
}

async fn typing(connection: Participant, data: InChannel) -> Result<Done, Refusal> {
    speakable(&connection, data.channel, Operation::Typing).await?;
    let core = &connection.core;
    if let Some(channel) = core.hub.open_channel(data.channel)
        && connection.member.is_in(data.channel)
    {
        channel.typing(
            connection.person(),
            &connection.member.appearance().name,
            core.clock.uptime(),
        );
        core.hub.ticks(data.channel);
    }
    Ok(Done {})
}
