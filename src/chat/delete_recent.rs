//! Deleting somebody's messages of the last minutes at once.

use std::time::Duration;

use futures_util::future::join_all;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::log::{Action, Entry};
use super::message_live::moderated;
use super::participant::{MakeParticipant, Participant};
use super::store;
use crate::id::{ChannelId, PersonId};
use crate::moderation::may_act_on;
use crate::permission::{Operation, Target};
use crate::protocol::Refusal;
use crate::socket::Scope;

use crate::text::Reason;

/// How far back one may go: a day.
const MINUTES: u32 = 24 * 60;
/// How many messages are deleted at once.
const MESSAGES: usize = 500;

pub(super) fn operations(talk: &mut Scope<'_, impl MakeParticipant>) {
    talk.add("moderation.delete_recent", delete_recent);
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

#[derive(Debug, Serialize, ToSchema)]
struct DeletedRecent {
    /// How many messages were deleted.
    deleted: usize,
    /// Whether there are more: ask again.
    more: bool,
}

async fn delete_recent(
    connection: Participant,
    data: DeleteRecent,
) -> Result<DeletedRecent, Refusal> {
    let access = moderated(&connection, data.channel).await?;
    connection.may(Operation::DeleteRecent, Target::room(access.room))?;
    if !(1..=MINUTES).contains(&data.minutes) {
        return Err(Refusal::invalid("minutes", format!("minutes must be from 1 to {MINUTES}.")));
    }
    may_act_on(&connection, access.room, data.person).await?;
    let core = &connection.core;
    let since = connection.now().before(Duration::from_secs(u64::from(data.minutes) * 60));
    let mut found =
        store::recent_of(&core.db, data.channel, data.person, since, MESSAGES + 1).await?;
    let more = found.len() > MESSAGES;
    found.truncate(MESSAGES);
    // Each is a separate change with its own line in the audit log; the log's writer groups them.
    let changes = found.into_iter().map(|seq| {
        let action = Action::Delete { seq, reason: Some(data.reason.as_str().to_owned()) };
        let permit = Some(access.permit(&connection, Operation::DeleteRecent, true));
        let (channel, person) = (data.channel, connection.person());
        connection.chat.log.append(Entry { channel, person, permit, action })
    });
    let results = join_all(changes).await;
    let deleted = results.iter().filter(|result| result.is_ok()).count();
    match results.into_iter().find_map(Result::err) {
        Some(error) if deleted == 0 => Err(error.into()),
        failed => Ok(DeletedRecent { deleted, more: more || failed.is_some() }),
    }
}
