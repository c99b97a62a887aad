//! The socket's operations on what was said before.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::access::readable;
use super::message::Message;
use super::participant::{MakeParticipant, Participant};
use super::{HISTORY_PAGE, store};
use crate::id::ChannelId;
use crate::protocol::Refusal;
use crate::socket::Scope;

/// Over how many numbers one may ask for one's own reactions.
const OWN_REACTIONS: u64 = 200;

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

#[derive(Debug, Serialize, ToSchema)]
struct HistoryPage {
    /// Oldest first.
    messages: Vec<Message>,
    /// Whether there are older ones.
    more: bool,
    /// With what this person reacted, by the messages' numbers.
    own_reactions: BTreeMap<u64, Vec<String>>,
}

async fn history(connection: Participant, data: History) -> Result<HistoryPage, Refusal> {
    readable(&connection, data.channel).await?;
    if !(1..=HISTORY_PAGE).contains(&data.limit) {
        return Err(Refusal::invalid("limit", format!("limit must be from 1 to {HISTORY_PAGE}.")));
    }
    let db = &connection.core.db;
    let event = connection.event();
    let (messages, more) =
        store::history(db, &event, data.channel, data.before, data.limit).await?;
    let own_reactions = match (messages.first(), messages.last()) {
        (Some(first), Some(last)) if messages.iter().any(|one| !one.reactions.is_empty()) => {
            let person = connection.person();
            store::own_reactions(db, data.channel, person, first.seq, last.seq).await?
        }
        _ => BTreeMap::new(),
    };
    Ok(HistoryPage { messages, more, own_reactions })
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
    connection: Participant,
    data: OwnReactionsOf,
) -> Result<OwnReactions, Refusal> {
    readable(&connection, data.channel).await?;
    if data.to.saturating_sub(data.from) >= OWN_REACTIONS {
        let message = format!("One can ask about {OWN_REACTIONS} numbers at once.");
        return Err(Refusal::invalid("to", message));
    }
    let db = &connection.core.db;
    let person = connection.person();
    let own = store::own_reactions(db, data.channel, person, data.from, data.to).await?;
    Ok(OwnReactions { own })
}
