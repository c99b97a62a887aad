//! Who is in a channel, on request and by pages.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::Chat;
use super::access::readable;
use crate::id::{ChannelId, PersonId};
use crate::identity::Caller;
use crate::moderation::Restrictions;
use crate::permission::{Level, Operation, SanctionKind};
use crate::protocol::{Card, Refusal};

/// How many people a page has.
const PAGE: usize = 50;
/// How many characters a search may have.
const SEARCH: usize = 100;

#[derive(Debug, Default, Serialize, ToSchema)]
pub(super) struct PeoplePage {
    #[schema(value_type = Vec<Card>)]
    people: Vec<Box<RawValue>>,
    /// How many people are there, those who are in no list included.
    total: usize,
    /// Who of them may not write here for some time; for moderators only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    timed_out: Vec<PersonId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// The people in a channel whose name contains `search`, from where the previous page ended.
///
/// # Errors
/// When the caller may not see them.
pub(super) async fn page(
    chat: &Chat,
    caller: &Caller,
    channel: ChannelId,
    search: &str,
    cursor: Option<&str>,
) -> Result<PeoplePage, Refusal> {
    let access = readable(chat, caller, channel).await?;
    caller.may(Operation::ChannelPeople, access.target())?;
    if search.chars().count() > SEARCH {
        return Err(Refusal::invalid("search", format!("A search can have {SEARCH} characters.")));
    }
    let cursor = cursor.map(read_cursor).transpose()?;
    let Some(open) = chat.core.hub.open_channel(channel) else { return Ok(PeoplePage::default()) };
    let (people, next, total) = open.people(cursor, search.trim(), PAGE);
    let mut timed_out = Vec::new();
    if caller.actor.level_at(access.place) >= Level::Moderator {
        let is_timed_out = |person: &PersonId| {
            let restrictions = Restrictions::on(&caller.event, *person);
            let place = access.place;
            restrictions.iter().any(|one| one.holds(SanctionKind::TimeOut, place, caller.now))
        };
        timed_out = people.iter().map(|present| present.person).filter(is_timed_out).collect();
    }
    Ok(PeoplePage {
        timed_out,
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
