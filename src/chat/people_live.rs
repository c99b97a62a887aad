//! The people in a channel, on request and by pages.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::access::readable;
use super::participant::{MakeParticipant, Participant};
use crate::id::{ChannelId, PersonId};
use crate::permission::{Operation, Target};
use crate::protocol::{Card, Refusal};
use crate::socket::Scope;

/// How many people a page has.
const PAGE: usize = 50;
/// How many characters a search may have.
const SEARCH: usize = 100;

pub(super) fn operations(talk: &mut Scope<'_, impl MakeParticipant>) {
    talk.add("channel.people", people);
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct People {
    channel: ChannelId,
    /// Where the page before ended.
    #[serde(default)]
    cursor: Option<String>,
    /// A part of the name.
    #[serde(default)]
    search: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct PeoplePage {
    #[schema(value_type = Vec<Card>)]
    people: Vec<Box<RawValue>>,
    /// How many people are there, those who are in no list included.
    total: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

async fn people(connection: Participant, data: People) -> Result<PeoplePage, Refusal> {
    let access = readable(&connection, data.channel).await?;
    connection.may(Operation::ChannelPeople, Target::room(access.room))?;
    let search = data.search.unwrap_or_default();
    if search.chars().count() > SEARCH {
        return Err(Refusal::invalid("search", format!("A search can have {SEARCH} characters.")));
    }
    let cursor = data.cursor.as_deref().map(read_cursor).transpose()?;
    let empty = PeoplePage { people: Vec::new(), total: 0, next: None };
    let Some(channel) = connection.core.hub.open_channel(data.channel) else { return Ok(empty) };
    let (people, next, total) = channel.people(cursor, search.trim(), PAGE);
    Ok(PeoplePage {
        people: people.into_iter().map(|present| present.appearance.card.clone()).collect(),
        total,
        next: next.map(write_cursor),
    })
}

fn write_cursor((name, person): (String, PersonId)) -> String {
    URL_SAFE_NO_PAD.encode(format!("{person}{name}"))
}

fn read_cursor(cursor: &str) -> Result<(String, PersonId), Refusal> {
    let read = || {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
        let (person, name) = text.split_at_checked(36)?;
        Some((name.to_owned(), person.parse().ok()?))
    };
    read().ok_or_else(|| Refusal::invalid("cursor", "The cursor is not one of this list."))
}
