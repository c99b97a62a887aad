//! The socket's operations on channels; those on messages, people and direct channels stand
//! beside it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::channel::{self, Changes, Joined, Known, ReadState};
use super::{Chat, direct_live, history_live, message_live, people_live};
use crate::clock::Timestamp;
use crate::id::{ChannelId, LogId};
use crate::protocol::Refusal;
use crate::socket::{Connection, Operations};

/// The talk, and the connection that takes part in it.
pub(super) type Participant = (Arc<Chat>, Arc<Connection>);

/// What makes a participant of a connection.
pub(super) trait MakeParticipant:
    Fn(Arc<Connection>) -> Participant + Clone + Send + Sync + 'static
{
}

impl<F> MakeParticipant for F where
    F: Fn(Arc<Connection>) -> Participant + Clone + Send + Sync + 'static
{
}

/// Registers the operations of talk.
pub(super) fn operations(operations: &mut Operations, chat: &Arc<Chat>) {
    let chat = Arc::clone(chat);
    let context = move |connection| (Arc::clone(&chat), connection);
    let mut talk = operations.with(context);
    talk.add("ping", ping);
    talk.add("channel.join", join);
    talk.add("channel.leave", leave);
    talk.add("channel.catch_up", catch_up);
    talk.add("channel.read", read);
    talk.add("channel.typing", typing);
    history_live::operations(&mut talk);
    message_live::operations(&mut talk);
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

async fn ping((_, connection): Participant, _: Nothing) -> Result<Pong, Refusal> {
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

async fn join((chat, connection): Participant, data: Join) -> Result<Joined, Refusal> {
    let known = Known { after: data.after, log: data.log };
    channel::join(&chat, &connection.caller(), &connection.member, data.channel, known).await
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InChannel {
    pub(super) channel: ChannelId,
}

async fn leave((chat, connection): Participant, data: InChannel) -> Result<Done, Refusal> {
    chat.core.hub.leave(data.channel, &connection.member);
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

async fn catch_up((chat, connection): Participant, data: CatchUpAfter) -> Result<Changes, Refusal> {
    let known = Known { after: Some(data.after), log: data.log };
    channel::catch_up(&chat, &connection.caller(), data.channel, known).await
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Read {
    channel: ChannelId,
    /// The number up to which everything has been seen.
    seq: u64,
}

async fn read((chat, connection): Participant, data: Read) -> Result<ReadState, Refusal> {
    let own = Some(&connection.member);
    channel::read(&chat, &connection.caller(), own, data.channel, data.seq).await
}

async fn typing((chat, connection): Participant, data: InChannel) -> Result<Done, Refusal> {
    channel::typing(&chat, &connection.caller(), &connection.member, data.channel).await?;
    Ok(Done {})
}
