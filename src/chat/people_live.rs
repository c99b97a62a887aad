//! The socket's operation on the people in a channel.

use serde::Deserialize;
use utoipa::ToSchema;

use super::live::{MakeParticipant, Participant};
use super::people::{self, PeoplePage};
use crate::id::ChannelId;
use crate::protocol::Refusal;
use crate::socket::Scope;

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

async fn people((chat, connection): Participant, data: People) -> Result<PeoplePage, Refusal> {
    let (search, cursor) = (data.search.as_deref().unwrap_or_default(), data.cursor.as_deref());
    people::page(&chat, &connection.caller(), data.channel, search, cursor).await
}
