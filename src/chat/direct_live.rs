//! The socket's operations on direct channels and blocks, and what a person finds on arrival.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::arrival::{self, Overview};
use super::direct_list::{self, DirectSummary};
use super::live::{Done, InChannel, MakeParticipant, Nothing, Participant};
use super::{Chat, blocks};
use crate::id::PersonId;
use crate::protocol::{Card, Refusal};
use crate::socket::{Connection, Scope};

pub(super) fn operations(talk: &mut Scope<'_, impl MakeParticipant>) {
    talk.add("direct.open", open);
    talk.add("direct.list", list);
    talk.add("direct.hide", hide);
    talk.add("person.block", block);
    talk.add("person.unblock", unblock);
    talk.add("person.blocks", blocked);
}

/// What a person finds on arrival; from now on they are notified of more.
pub(super) async fn overview(
    chat: Arc<Chat>,
    connection: Arc<Connection>,
) -> Result<Overview, Refusal> {
    arrival::overview(&chat, &connection.caller(), &connection.member).await
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

async fn open((chat, connection): Participant, data: Open) -> Result<Opened, Refusal> {
    let people = data.people.into_iter().collect();
    let direct = direct_list::open(&chat, &connection.caller(), people).await?;
    Ok(Opened { direct })
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

async fn list((chat, connection): Participant, data: List) -> Result<Directs, Refusal> {
    let (directs, next) = direct_list::list(&chat, &connection.caller(), data.cursor).await?;
    Ok(Directs { directs, next })
}

async fn hide((chat, connection): Participant, data: InChannel) -> Result<Done, Refusal> {
    let own = Some(&connection.member);
    direct_list::hide(&chat, &connection.caller(), own, data.channel).await?;
    Ok(Done {})
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Block {
    person: PersonId,
}

async fn block((chat, connection): Participant, data: Block) -> Result<Done, Refusal> {
    blocks::set(&chat, &connection.caller(), data.person, true).await?;
    Ok(Done {})
}

async fn unblock((chat, connection): Participant, data: Block) -> Result<Done, Refusal> {
    blocks::set(&chat, &connection.caller(), data.person, false).await?;
    Ok(Done {})
}

#[derive(Debug, Serialize, ToSchema)]
struct Blocks {
    people: Vec<Card>,
}

async fn blocked((chat, connection): Participant, _: Nothing) -> Result<Blocks, Refusal> {
    Ok(Blocks { people: blocks::list(&chat, &connection.caller()).await? })
}
