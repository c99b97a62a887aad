//! What was said before.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::access::readable;
use super::message::Message;
use super::{Chat, HISTORY_PAGE, store};
use crate::id::ChannelId;
use crate::identity::Caller;
use crate::protocol::Refusal;

/// Over how many numbers one may ask for one's own reactions.
const OWN_REACTIONS: u64 = 200;

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct HistoryPage {
    /// Oldest first.
    messages: Vec<Message>,
    /// Whether there are older ones.
    more: bool,
    /// With what this person reacted, by the messages' numbers.
    own_reactions: BTreeMap<u64, Vec<String>>,
}

/// At most `limit` messages before a number.
///
/// # Errors
/// When the caller may not read there, or wants too many.
pub(super) async fn page(
    chat: &Chat,
    caller: &Caller,
    channel: ChannelId,
    before: u64,
    limit: usize,
) -> Result<HistoryPage, Refusal> {
    readable(chat, caller, channel).await?;
    if !(1..=HISTORY_PAGE).contains(&limit) {
        return Err(Refusal::invalid("limit", format!("limit must be from 1 to {HISTORY_PAGE}.")));
    }
    let db = &chat.core.db;
    let (messages, more) =
        store::messages::history(db, &caller.event, channel, before, limit).await?;
    let own_reactions = match (messages.first(), messages.last()) {
        (Some(first), Some(last)) if messages.iter().any(|one| !one.reactions.is_empty()) => {
            store::reactions::own(db, channel, caller.person()?, first.seq, last.seq).await?
        }
        _ => BTreeMap::new(),
    };
    Ok(HistoryPage { messages, more, own_reactions })
}

/// With what the caller reacted, by the numbers of the messages from one to another.
///
/// # Errors
/// When they may not read there, or ask about too many.
pub(super) async fn own_reactions(
    chat: &Chat,
    caller: &Caller,
    channel: ChannelId,
    from: u64,
    to: u64,
) -> Result<BTreeMap<u64, Vec<String>>, Refusal> {
    readable(chat, caller, channel).await?;
    if to.saturating_sub(from) >= OWN_REACTIONS {
        let message = format!("One can ask about {OWN_REACTIONS} numbers at once.");
        return Err(Refusal::invalid("to", message));
    }
    Ok(store::reactions::own(&chat.core.db, channel, caller.person()?, from, to).await?)
}
