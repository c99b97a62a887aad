//! The socket's operations on messages.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::access::{Access, mentionable, readable, speakable};
use super::log::{Action, Entry, LogError, Written};
use super::message::Message;
use super::participant::{MakeParticipant, Participant};
use super::permit::Permit;
use super::reading::Pointer;
use super::text::{Emoji, MessageText};
use super::{seen, store};
use crate::id::{ChannelId, ClientMessageId, PersonId, RoomId};
use crate::permission::{Denied, Level, Operation, Target};
use crate::protocol::Refusal;
use crate::socket::Scope;

use crate::text::Reason;

/// How many people a message may mention.
const MENTIONS: usize = 10;

pub(super) fn operations(talk: &mut Scope<'_, impl MakeParticipant>) {
    talk.add("message.send", send);
    talk.add("message.edit", edit);
    talk.add("message.delete", delete);
    talk.add("message.restore", restore);
    talk.add("message.react", react);
    talk.add("message.pin", pin);
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Send {
    channel: ChannelId,
    /// The client's own identifier; sent again with the same one, the first answer holds.
    client_id: ClientMessageId,
    #[schema(value_type = MessageText)]
    text: String,
    /// The number of the message that this one answers.
    #[serde(default)]
    reply_to: Option<u64>,
    /// The people mentioned, at most 10.
    #[serde(default)]
    mentions: Vec<PersonId>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Sent {
    /// The number of the change.
    seq: u64,
    message: Message,
}

/// The number that a change took.
#[derive(Debug, Serialize, ToSchema)]
struct Changed {
    seq: u64,
}

async fn send(connection: Participant, data: Send) -> Result<Sent, Refusal> {
    let access = speakable(&connection, data.channel, Operation::MessageSend).await?;
    if data.mentions.len() > MENTIONS {
        let message = format!("A message can mention {MENTIONS} people.");
        return Err(Refusal::invalid("mentions", message));
    }
    let text = MessageText::try_from(data.text)?;
    connection.take_message()?;
    let mentions = mentionable(&connection, &access, data.mentions).await?;
    let turn = take_turn(&connection, &access)?;
    let action = Action::Send {
        sender: connection.card()?,
        client_id: data.client_id,
        text,
        reply_to: data.reply_to,
        mentions,
    };
    let permit = access.permit(&connection, Operation::MessageSend, true);
    let written = append(&connection, data.channel, permit, action).await;
    if let (Err(_), Some(room)) = (&written, turn) {
        connection.chat.slow_mode.give_back(room, connection.person());
    }
    let Written { seq, message } = written?;
    if let Some(channel) = connection.core.hub.open_channel(data.channel) {
        channel.typed(connection.person());
    }
    // A sender has read the channel.
    let to = Pointer { seq: message.seq, ordinal: message.ordinal };
    seen::advance(&connection, data.channel, to).await?;
    Ok(Sent { seq, message })
}

/// In a room with slow mode: takes the person's turn, or says when the next one is.
fn take_turn(connection: &Participant, access: &Access) -> Result<Option<RoomId>, Refusal> {
    let Some(room) = access.room else { return Ok(None) };
    let event = connection.event();
    let seconds = event.rooms.get(&room).map_or(0, |room| room.slow_mode_seconds);
    if seconds == 0 || connection.actor().level(Some(room)) >= Level::Moderator {
        return Ok(None);
    }
    let core = &connection.core;
    let turn =
        connection.chat.slow_mode.take(room, connection.person(), seconds, core.clock.uptime());
    turn.map(|()| Some(room)).map_err(|wait| {
        let message = format!("Slow mode: one message every {seconds} seconds. Please wait.");
        Refusal::new("chat.slow_mode", message).retry_after(wait)
    })
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Edit {
    channel: ChannelId,
    seq: u64,
    #[schema(value_type = MessageText)]
    text: String,
}

async fn edit(connection: Participant, data: Edit) -> Result<Changed, Refusal> {
    let access = speakable(&connection, data.channel, Operation::MessageSend).await?;
    let own = is_own(&connection, data.channel, data.seq).await?;
    connection.may(Operation::MessageEdit, Target::room(access.room).owned(own))?;
    let text = MessageText::try_from(data.text)?;
    connection.take_message()?;
    let action = Action::Edit { seq: data.seq, text };
    let permit = access.permit(&connection, Operation::MessageEdit, own);
    changed(append(&connection, data.channel, permit, action).await)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Delete {
    channel: ChannelId,
    seq: u64,
    /// Why, for the audit log, when it is somebody else's.
    #[serde(default)]
    reason: Reason,
}

async fn delete(connection: Participant, data: Delete) -> Result<Changed, Refusal> {
    let access = readable(&connection, data.channel).await?;
    let own = is_own(&connection, data.channel, data.seq).await?;
    let target = Target::room(access.room).owned(own);
    // Direct channels have no moderators.
    if access.direct.is_some() && !own {
        return Err(Denied::Role.into());
    }
    connection.may(Operation::MessageDelete, target)?;
    let action = Action::Delete { seq: data.seq, reason: (!own).then(|| data.reason.into()) };
    let permit = access.permit(&connection, Operation::MessageDelete, own);
    changed(append(&connection, data.channel, permit, action).await)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OneMessage {
    channel: ChannelId,
    seq: u64,
}

async fn restore(connection: Participant, data: OneMessage) -> Result<Changed, Refusal> {
    let access = moderated(&connection, data.channel).await?;
    connection.may(Operation::MessageRestore, Target::room(access.room))?;
    let permit = access.permit(&connection, Operation::MessageRestore, true);
    changed(append(&connection, data.channel, permit, Action::Restore { seq: data.seq }).await)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Pin {
    channel: ChannelId,
    seq: u64,
    /// Pinned or not.
    on: bool,
}

async fn pin(connection: Participant, data: Pin) -> Result<Changed, Refusal> {
    let access = moderated(&connection, data.channel).await?;
    connection.may(Operation::MessagePin, Target::room(access.room))?;
    let action = Action::Pin { seq: data.seq, on: data.on };
    let permit = access.permit(&connection, Operation::MessagePin, true);
    changed(append(&connection, data.channel, permit, action).await)
}

/// A channel that has moderators at all.
pub(super) async fn moderated(
    connection: &Participant,
    channel: ChannelId,
) -> Result<Access, Refusal> {
    let access = readable(connection, channel).await?;
    if access.direct.is_some() {
        return Err(Denied::Role.into());
    }
    Ok(access)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct React {
    channel: ChannelId,
    seq: u64,
    emoji: Emoji,
    /// Put or taken back.
    on: bool,
}

async fn react(connection: Participant, data: React) -> Result<Changed, Refusal> {
    let access = speakable(&connection, data.channel, Operation::MessageReact).await?;
    let action = Action::React { seq: data.seq, emoji: data.emoji, on: data.on };
    let permit = access.permit(&connection, Operation::MessageReact, true);
    changed(append(&connection, data.channel, permit, action).await)
}

async fn is_own(connection: &Participant, channel: ChannelId, seq: u64) -> Result<bool, Refusal> {
    let sender = store::sender_of(&connection.core.db, channel, seq).await?;
    sender.map(|id| id == connection.person()).ok_or_else(|| Refusal::not_found("message"))
}

async fn append(
    connection: &Participant,
    channel: ChannelId,
    permit: Permit,
    action: Action,
) -> Result<Written, Refusal> {
    let entry = Entry { channel, person: connection.person(), permit: Some(permit), action };
    Ok(connection.chat.log.append(entry).await?)
}

fn changed(written: Result<Written, Refusal>) -> Result<Changed, Refusal> {
    Ok(Changed { seq: written?.seq })
}

impl From<LogError> for Refusal {
    fn from(error: LogError) -> Self {
        let (code, retry) = match &error {
            LogError::Refused(refusal) => return refusal.clone(),
            LogError::Busy => ("server.busy", Some(1_000)),
            LogError::Draining => ("server.draining", Some(2_000)),
            LogError::Storage => ("server.storage", Some(2_000)),
            LogError::NotFound | LogError::NothingToAnswer => ("not_found", None),
            LogError::Deleted | LogError::DeletedByAuthor => ("chat.deleted", None),
            LogError::EditExpired => ("chat.edit_expired", None),
            LogError::TooManyReactions => ("chat.too_many_reactions", None),
            LogError::TooManyPinned => ("chat.too_many_pinned", None),
        };
        let field = (error == LogError::NothingToAnswer).then(|| "reply_to".to_owned());
        Self { retry_after_ms: retry, field, ..Self::new(code, error.to_string()) }
    }
}
