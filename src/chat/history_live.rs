//! The socket's operations on what was said before.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::history::{self, HistoryPage};
use super::live::{MakeParticipant, Participant};
use crate::id::ChannelId;
use crate::protocol::Refusal;
use crate::socket::Scope;

pub(super) fn operations(talk: &mut Scope<'_, impl MakeParticipant>) {
    talk.add("channel.history", history);
    talk.add("channel.own_reactions", own_reactions);
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct History {
    channel: ChannelId,
    /// Messages before this number.
    before: u64,
    /// How many, at most 100.
    #[schema(minimum = 1, maximum = 100)]
    limit: usize,
}

async fn history((chat, connection): Participant, data: History) -> Result<HistoryPage, Refusal> {
    let History { channel, before, limit } = data;
    history::page(&chat, &connection.caller(), channel, before, limit).await
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OwnReactionsOf {
    channel: ChannelId,
    from: u64,
    to: u64,
}

#[derive(Debug, Serialize, ToSchema)]
struct OwnReactions {
    /// By the messages' numbers.
    own: BTreeMap<u64, Vec<String>>,
}

async fn own_reactions(
    (chat, connection): Participant,
    data: OwnReactionsOf,
) -> Result<OwnReactions, Refusal> {
    let OwnReactionsOf { channel, from, to } = data;
    let own = history::own_reactions(&chat, &connection.caller(), channel, from, to).await?;
    Ok(OwnReactions { own })
}
