//! The socket's operations on messages.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::actions::{self, NewMessage};
use super::delete_recent::{self, DeletedRecent, Recent};
use super::live::{MakeParticipant, Participant};
use super::log::Written;
use super::message::Message;
use super::restore_several::{self, Restored};
use super::text::{Emoji, MessageText};
use crate::id::{ChannelId, ClientMessageId, PersonId};
use crate::protocol::Refusal;
use crate::socket::Scope;
use crate::text::Reason;

pub(super) fn operations(talk: &mut Scope<'_, impl MakeParticipant>) {
    talk.add("message.send", send);
    talk.add("message.edit", edit);
    talk.add("message.delete", delete);
    talk.add("message.restore", restore);
    talk.add("message.react", react);
    talk.add("message.pin", pin);
    talk.add("moderation.delete_recent", delete_recent);
    talk.add("moderation.restore", restore_several);
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

async fn send((chat, connection): Participant, data: Send) -> Result<Sent, Refusal> {
    let Send { channel, client_id, text, reply_to, mentions } = data;
    let sender = connection.card()?;
    let new = NewMessage { sender, client_id, text, reply_to, mentions };
    let own = Some(&connection.member);
    let Written { seq, message } =
        actions::send(&chat, &connection.caller(), own, channel, new).await?;
    Ok(Sent { seq, message })
}

/// The number that a change took.
#[derive(Debug, Serialize, ToSchema)]
struct Changed {
    seq: u64,
}

impl From<Written> for Changed {
    fn from(written: Written) -> Self {
        Self { seq: written.seq }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Edit {
    channel: ChannelId,
    seq: u64,
    #[schema(value_type = MessageText)]
    text: String,
    /// The people mentioned now, at most 10; left out, the same as before.
    #[serde(default)]
    mentions: Option<Vec<PersonId>>,
}

async fn edit((chat, connection): Participant, data: Edit) -> Result<Changed, Refusal> {
    let Edit { channel, seq, text, mentions } = data;
    Ok(actions::edit(&chat, &connection.caller(), channel, seq, text, mentions).await?.into())
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

async fn delete((chat, connection): Participant, data: Delete) -> Result<Changed, Refusal> {
    let Delete { channel, seq, reason } = data;
    Ok(actions::delete(&chat, &connection.caller(), channel, seq, reason).await?.into())
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OneMessage {
    channel: ChannelId,
    seq: u64,
}

async fn restore((chat, connection): Participant, data: OneMessage) -> Result<Changed, Refusal> {
    let OneMessage { channel, seq } = data;
    Ok(actions::restore(&chat, &connection.caller(), channel, seq).await?.into())
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Pin {
    channel: ChannelId,
    seq: u64,
    /// Pinned or not.
    on: bool,
}

async fn pin((chat, connection): Participant, data: Pin) -> Result<Changed, Refusal> {
    let Pin { channel, seq, on } = data;
    Ok(actions::pin(&chat, &connection.caller(), channel, seq, on).await?.into())
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

async fn react((chat, connection): Participant, data: React) -> Result<Changed, Refusal> {
    let React { channel, seq, emoji, on } = data;
    Ok(actions::react(&chat, &connection.caller(), channel, seq, (emoji, on)).await?.into())
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DeleteRecent {
    channel: ChannelId,
    /// Whose messages.
    person: PersonId,
    /// Those of the last so many minutes.
    #[schema(minimum = 1, maximum = 1_440)]
    minutes: u32,
    /// Why, for the audit log.
    #[serde(default)]
    reason: Reason,
}

async fn delete_recent(
    (chat, connection): Participant,
    data: DeleteRecent,
) -> Result<DeletedRecent, Refusal> {
    let DeleteRecent { channel, person, minutes, reason } = data;
    let recent = Recent { channel, person, minutes };
    delete_recent::delete(&chat, &connection.caller(), recent, &reason).await
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RestoreSeveral {
    channel: ChannelId,
    /// The numbers of the messages, at most 500.
    messages: BTreeSet<u64>,
}

async fn restore_several(
    (chat, connection): Participant,
    data: RestoreSeveral,
) -> Result<Restored, Refusal> {
    let RestoreSeveral { channel, messages } = data;
    restore_several::restore(&chat, &connection.caller(), channel, messages).await
}
