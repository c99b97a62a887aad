//! Deleting somebody's messages of the last minutes at once.

use std::time::Duration;

use futures_util::future::join_all;
use serde::Serialize;
use utoipa::ToSchema;

use super::access::moderated;
use super::log::{Action, Entry};
use super::{Chat, store};
use crate::id::{ChannelId, PersonId};
use crate::identity::Caller;
use crate::moderation::may_act_on;
use crate::permission::Operation;
use crate::protocol::Refusal;
use crate::text::Reason;

/// How far back one may go: a day.
const MINUTES: u32 = 24 * 60;
/// How many messages are deleted at once.
pub(super) const MESSAGES: usize = 500;

/// What somebody has said in a channel in the last minutes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Recent {
    pub(super) channel: ChannelId,
    pub(super) person: PersonId,
    pub(super) minutes: u32,
}

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DeletedRecent {
    /// How many messages were deleted.
    deleted: usize,
    /// Their numbers, to restore them with `moderation.restore`.
    messages: Vec<u64>,
    /// Whether there are more: ask again.
    more: bool,
}

/// Deletes what somebody has said in the last minutes, for a reason that is recorded in the audit
/// log.
///
/// # Errors
/// When the caller may not, or the log takes none of it.
pub(super) async fn delete(
    chat: &Chat,
    caller: &Caller,
    Recent { channel, person, minutes }: Recent,
    reason: &Reason,
) -> Result<DeletedRecent, Refusal> {
    let access = moderated(chat, caller, channel).await?;
    caller.may(Operation::DeleteRecent, access.target())?;
    if !(1..=MINUTES).contains(&minutes) {
        return Err(Refusal::invalid("minutes", format!("minutes must be from 1 to {MINUTES}.")));
    }
    let core = &chat.core;
    may_act_on(core, caller, access.place, person).await?;
    let since = caller.now.before(Duration::from_secs(u64::from(minutes) * 60));
    let mut found =
        store::messages::recent_of(&core.db, channel, person, since, MESSAGES + 1).await?;
    let more = found.len() > MESSAGES;
    found.truncate(MESSAGES);
    let moderator = caller.person()?;
    // Each is a change of its own with its own line in the audit log; the log's writer groups them.
    let changes = found.iter().map(|&seq| {
        let action = Action::Delete { seq, reason: Some(reason.as_str().to_owned()) };
        let permit = Some(access.permit(caller, Operation::DeleteRecent, true));
        chat.log.append(Entry { channel, person: moderator, permit, action })
    });
    let results = join_all(changes).await;
    let done = found.iter().zip(&results).filter(|(_, result)| result.is_ok());
    let messages: Vec<u64> = done.map(|(&seq, _)| seq).collect();
    match results.into_iter().find_map(Result::err) {
        Some(error) if messages.is_empty() => Err(error.into()),
        failed => {
            let more = more || failed.is_some();
            Ok(DeletedRecent { deleted: messages.len(), messages, more })
        }
    }
}
