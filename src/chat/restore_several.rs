//! Bringing messages back that were deleted at once, for the undo of a moderator.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use serde::Serialize;
use utoipa::ToSchema;

use super::Chat;
use super::access::moderated;
use super::delete_recent::MESSAGES;
use super::log::{Action, Entry};
use crate::id::ChannelId;
use crate::identity::Caller;
use crate::permission::Operation;
use crate::protocol::Refusal;

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Restored {
    /// How many messages are there again, or still.
    restored: usize,
}

/// Restores messages that moderators deleted. Those that their authors deleted stay away.
///
/// # Errors
/// When the caller may not, or none can be restored.
pub(super) async fn restore(
    chat: &Chat,
    caller: &Caller,
    channel: ChannelId,
    messages: BTreeSet<u64>,
) -> Result<Restored, Refusal> {
    let access = moderated(chat, caller, channel).await?;
    caller.may(Operation::MessageRestore, access.target())?;
    if messages.len() > MESSAGES {
        let message = format!("{MESSAGES} messages can be restored at once.");
        return Err(Refusal::invalid("messages", message));
    }
    let person = caller.person()?;
    let changes = messages.into_iter().map(|seq| {
        let permit = Some(access.permit(caller, Operation::MessageRestore, true));
        chat.log.append(Entry { channel, person, permit, action: Action::Restore { seq } })
    });
    let results = join_all(changes).await;
    let restored = results.iter().filter(|result| result.is_ok()).count();
    match results.into_iter().find_map(Result::err) {
        Some(error) if restored == 0 => Err(error.into()),
        _ => Ok(Restored { restored }),
    }
}
