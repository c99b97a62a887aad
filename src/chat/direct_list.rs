//! A person's direct channels: the list of them, opening one, and taking one out of the list.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use super::access::readable;
use super::direct::SILENT;
use super::message::Message;
use super::store::directs::{self, DirectPage, DirectRow};
use super::{Chat, GROUP_SIZE};
use crate::db::DbError;
use crate::hub::Member;
use crate::id::{ChannelId, PersonId};
use crate::identity::{Caller, in_event};
use crate::permission::{Operation, Target};
use crate::protocol::{Card, Refusal};

/// How many direct channels a page has.
const PAGE: usize = 20;

/// A direct channel in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DirectSummary {
    pub(super) channel: ChannelId,
    /// Everybody in it, oneself included.
    pub(super) people: Vec<Card>,
    /// The last message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) last: Option<Message>,
    /// How many messages are unread.
    pub(super) unread: u64,
}

/// A page of a person's direct channels, the newest first, and where the next one begins.
pub(super) type Page = (Vec<DirectSummary>, Option<i64>);

/// The caller's direct channels, from where the page before ended.
///
/// # Errors
/// When they may have none.
pub(super) async fn list(
    chat: &Chat,
    caller: &Caller,
    cursor: Option<i64>,
) -> Result<Page, Refusal> {
    caller.may(Operation::DirectRead, Target::EVENT)?;
    page(chat, caller, cursor).await
}

/// The same, whatever the caller may do.
pub(super) async fn page(
    chat: &Chat,
    caller: &Caller,
    cursor: Option<i64>,
) -> Result<Page, Refusal> {
    let (db, person) = (&chat.core.db, caller.person()?);
    chat.reading.write_now(person).await?;
    let wanted = DirectPage::Before(cursor.unwrap_or(i64::MAX), PAGE + 1);
    let mut rows = directs::list(db, &caller.event, person, wanted).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| more).map(|row| row.last_message_at);
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        found.push(summary(chat, person, row).await?);
    }
    Ok((found, next))
}

async fn summary(chat: &Chat, person: PersonId, row: DirectRow) -> Result<DirectSummary, DbError> {
    let pointer = chat.reading.get(person, row.channel).await?;
    Ok(DirectSummary {
        channel: row.channel,
        people: row.people,
        last: row.last,
        unread: row.count.saturating_sub(pointer.ordinal).saturating_sub(row.deleted),
    })
}

/// Finds or makes the channel of the caller and these people.
///
/// # Errors
/// When the caller may not write to them.
pub(super) async fn open(
    chat: &Chat,
    caller: &Caller,
    mut people: BTreeSet<PersonId>,
) -> Result<DirectSummary, Refusal> {
    caller.may(Operation::DirectOpen, Target::EVENT)?;
    let (core, event, opener) = (&chat.core, &caller.event, caller.person()?);
    people.insert(opener);
    if !(2..=GROUP_SIZE).contains(&people.len()) {
        let message = format!("A direct channel is for 2 to {GROUP_SIZE} people.");
        return Err(Refusal::invalid("people", message));
    }
    if in_event(&core.db, event.id, &people).await? != people {
        return Err(Refusal::not_found("person in this event"));
    }
    if chat.directs.any_block(&people).await? {
        let message = "You cannot write to each other, because one of you has blocked another.";
        return Err(Refusal::new("chat.blocked", message));
    }
    let opened = chat.directs.open(event.id, &people, opener, caller.now, &core.random).await?;
    let channel = opened.ok_or_else(|| {
        let message = format!(
            "You have opened {SILENT} conversations in which nothing was said. Write in one of \
             them before you open another."
        );
        Refusal::new("chat.too_many_conversations", message)
    })?;
    let rows = directs::list(&core.db, event, opener, DirectPage::One(channel)).await?;
    let row = rows.into_iter().next().ok_or_else(|| Refusal::not_found("channel"))?;
    Ok(summary(chat, opener, row).await?)
}

/// Takes a channel out of the caller's list until something is said. The connection it came
/// from, `own`, leaves the channel.
///
/// # Errors
/// When it is not theirs.
pub(super) async fn hide(
    chat: &Chat,
    caller: &Caller,
    own: Option<&Arc<Member>>,
    channel: ChannelId,
) -> Result<(), Refusal> {
    let access = readable(chat, caller, channel).await?;
    if access.direct.is_none() {
        return Err(Refusal::not_found("direct channel"));
    }
    if let Some(own) = own {
        chat.core.hub.leave(channel, own);
    }
    Ok(directs::hide(&chat.core.db, channel, caller.person()?).await?)
}
