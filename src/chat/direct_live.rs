//! The socket's operations on direct channels, and their part of the welcome.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Chat;
use super::direct::SILENT;
use super::direct_store::{self, DirectPage, DirectRow};
use super::live::{Done, InChannel, Nothing};
use super::message::Message;
use super::participant::{MakeParticipant, Participant};
use super::{GROUP_SIZE, access, announcements, block_store, may_read};
use crate::db::DbError;
use crate::id::{ChannelId, PersonId};
use crate::permission::{Operation, Target};
use crate::protocol::{Card, Refusal};
use crate::socket::{Connection, Scope};

/// How many direct channels a page has.
const PAGE: usize = 20;
/// How many channels with unread messages are in the welcome.
const UNREAD: usize = 100;

pub(super) fn operations(talk: &mut Scope<'_, impl MakeParticipant>) {
    talk.add("direct.open", open);
    talk.add("direct.list", list);
    talk.add("direct.hide", hide);
    talk.add("person.block", block);
    talk.add("person.unblock", unblock);
    talk.add("person.blocks", blocks);
}

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

/// A channel with something unread.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UnreadChannel {
    channel: ChannelId,
    unread: u64,
    mentions: u64,
}

/// What a person finds on arrival.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Overview {
    /// The newest direct channels, at most 20.
    directs: Vec<DirectSummary>,
    /// The channels with something unread.
    unread: Vec<UnreadChannel>,
}

/// The newest direct channels and what is unread; from now on the person is notified of more.
pub(super) async fn overview(
    chat: Arc<Chat>,
    connection: Arc<Connection>,
) -> Result<Overview, Refusal> {
    let connection = &Participant { chat, connection };
    let core = &connection.core;
    let event = connection.event();
    connection.chat.reading.write_now(connection.person()).await?;
    let following = connection.chat.followings.of(event.id, connection.person()).await?;
    let mut directs = Vec::new();
    if following.has_directs {
        directs = page(connection, i64::MAX).await?.0;
    }
    let mut unread = Vec::new();
    let actor = connection.actor();
    for followed in &following.channels {
        // Skips rooms that are gone, or that the person may no longer enter.
        let own = event.channels.get(&followed.channel);
        let readable =
            own.is_some_and(|info| may_read(&event, *info, &actor, connection.now()).is_ok());
        if !followed.direct && !readable {
            continue;
        }
        let waiting = followed.count.saturating_sub(followed.pointer.ordinal);
        if waiting == 0 {
            core.hub.follow(followed.channel, &connection.member, followed.pointer.ordinal);
        } else if unread.len() < UNREAD {
            unread.push(UnreadChannel {
                channel: followed.channel,
                unread: waiting,
                mentions: followed.mentions,
            });
        }
    }
    connection.chat.arrived.keep(connection.member.connection, following, core.clock.uptime());
    Ok(Overview { directs, unread })
}

async fn page(
    connection: &Participant,
    before: i64,
) -> Result<(Vec<DirectSummary>, Option<i64>), Refusal> {
    let core = &connection.core;
    let wanted = DirectPage::Before(before, PAGE + 1);
    let mut rows =
        direct_store::directs(&core.db, &connection.event(), connection.person(), wanted).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| more).map(|row| row.last_message_at);
    let mut directs = Vec::with_capacity(rows.len());
    for row in rows {
        directs.push(summary(connection, row).await?);
    }
    Ok((directs, next))
}

async fn summary(connection: &Participant, row: DirectRow) -> Result<DirectSummary, DbError> {
    let reading = &connection.chat.reading;
    let pointer = reading.get(connection.person(), row.channel).await?;
    Ok(DirectSummary {
        channel: row.channel,
        people: row.people,
        last: row.last,
        unread: row.count.saturating_sub(pointer.ordinal),
    })
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Open {
    /// The other people, 1 to 7.
    people: Vec<PersonId>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Opened {
    direct: DirectSummary,
}

async fn open(connection: Participant, data: Open) -> Result<Opened, Refusal> {
    connection.may(Operation::DirectOpen, Target::EVENT)?;
    let mut people: BTreeSet<PersonId> = data.people.into_iter().collect();
    people.insert(connection.person());
    if !(2..=GROUP_SIZE).contains(&people.len()) {
        let message = format!("A direct channel is for 2 to {GROUP_SIZE} people.");
        return Err(Refusal::invalid("people", message));
    }
    let core = &connection.core;
    let event = connection.event();
    if crate::identity::in_event(&core.db, event.id, &people).await? != people {
        return Err(Refusal::not_found("person in this event"));
    }
    if connection.chat.directs.any_block(&people).await? {
        let message = "You cannot write to each other, because one of you has blocked another.";
        return Err(Refusal::new("chat.blocked", message));
    }
    let (opener, now) = (connection.person(), connection.now());
    let opened = connection.chat.directs.open(event.id, &people, opener, now, &core.random).await?;
    let channel = opened.ok_or_else(|| {
        let message = format!(
            "You have opened {SILENT} conversations in which nothing was said. Write in one of \
             them before you open another."
        );
        Refusal::new("chat.too_many_conversations", message)
    })?;
    let one = DirectPage::One(channel);
    let rows = direct_store::directs(&core.db, &event, connection.person(), one).await?;
    let row = rows.into_iter().next().ok_or_else(|| Refusal::not_found("channel"))?;
    Ok(Opened { direct: summary(&connection, row).await? })
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct List {
    /// Where the page before ended.
    #[serde(default)]
    cursor: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Directs {
    directs: Vec<DirectSummary>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<i64>,
}

async fn list(connection: Participant, data: List) -> Result<Directs, Refusal> {
    connection.may(Operation::DirectRead, Target::EVENT)?;
    let (directs, next) = page(&connection, data.cursor.unwrap_or(i64::MAX)).await?;
    Ok(Directs { directs, next })
}

async fn hide(connection: Participant, data: InChannel) -> Result<Done, Refusal> {
    let access = access::readable(&connection, data.channel).await?;
    if access.direct.is_none() {
        return Err(Refusal::not_found("direct channel"));
    }
    let core = &connection.core;
    core.hub.leave(data.channel, &connection.member);
    let statement = core
        .db
        .query("UPDATE direct_members SET hidden = 1 WHERE channel_id = ? AND person_id = ?")
        .bind(data.channel.bytes())
        .bind(connection.person().bytes());
    core.db.run(statement).await?;
    Ok(Done {})
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Block {
    person: PersonId,
}

#[derive(Debug, Serialize, ToSchema)]
struct Blocks {
    people: Vec<Card>,
}

async fn block(connection: Participant, data: Block) -> Result<Done, Refusal> {
    set_block(&connection, data.person, true).await
}

async fn unblock(connection: Participant, data: Block) -> Result<Done, Refusal> {
    set_block(&connection, data.person, false).await
}

async fn set_block(connection: &Participant, person: PersonId, on: bool) -> Result<Done, Refusal> {
    connection.may(Operation::PersonBlock, Target::EVENT)?;
    if person == connection.person() {
        return Err(Refusal::invalid("person", "You cannot block yourself."));
    }
    let core = &connection.core;
    block_store::set(&core.db, connection.person(), person, on, connection.now()).await?;
    let people = [connection.person(), person];
    core.bus.announce(None, &announcements::Block { people });
    connection.chat.hear_of_block(people).await?;
    Ok(Done {})
}

async fn blocks(connection: Participant, _: Nothing) -> Result<Blocks, Refusal> {
    connection.may(Operation::PersonBlock, Target::EVENT)?;
    let core = &connection.core;
    let people = block_store::of(&core.db, &connection.event(), connection.person()).await?;
    Ok(Blocks { people })
}
