//! Events, rooms, ticket types and registration fields as people see them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::EventState;
use crate::clock::Timestamp;
use crate::id::{ChannelId, EventId, FieldId, RoomId, TicketTypeId};

/// An event in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EventSummary {
    /// Its id.
    pub id: EventId,
    /// Its name in addresses.
    pub slug: String,
    /// Its name for people.
    pub title: String,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// Its IANA time zone.
    pub time_zone: String,
    /// Where it stands.
    pub state: EventState,
    /// Whether people can register by themselves.
    pub registration_open: bool,
}

/// A kind of ticket.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TicketType {
    /// Its id.
    pub id: TicketTypeId,
    /// Its name.
    pub name: String,
    /// What it includes: plain text.
    pub description: String,
    /// How many there are; unlimited when not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quota: Option<u32>,
    /// How many are left; may be some seconds old.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remaining: Option<u32>,
    /// When its sale begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sales_from: Option<Timestamp>,
    /// When its sale ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sales_until: Option<Timestamp>,
    /// Whether only organizers see it.
    pub hidden: bool,
    /// Its place in the list.
    pub position: u32,
    /// Whether it can be had now.
    pub on_sale: bool,
}

/// What kind of answer a registration field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// One line.
    Text,
    /// Some lines.
    LongText,
    /// One of the options.
    Choice,
    /// Yes or no.
    Checkbox,
}

impl FieldKind {
    /// The name in the database and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::LongText => "long_text",
            Self::Choice => "choice",
            Self::Checkbox => "checkbox",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Text, Self::LongText, Self::Choice, Self::Checkbox]
            .into_iter()
            .find(|kind| kind.name() == name)
    }
}

/// A question of the registration form.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Field {
    /// Its id.
    pub id: FieldId,
    /// The name of its answer.
    pub key: String,
    /// The question.
    pub label: String,
    /// What it takes.
    pub kind: FieldKind,
    /// What can be chosen.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// Whether it must be answered (a checkbox: ticked).
    pub required: bool,
    /// Its place in the form.
    pub position: u32,
}

/// A room.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Room {
    /// Its id.
    pub id: RoomId,
    /// Its name.
    pub name: String,
    /// What it is for: plain text.
    pub description: String,
    /// How many fit in, where there is such a limit on the spot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capacity: Option<u32>,
    /// Its place in the list.
    pub position: u32,
    /// Whether only organizers see it.
    pub hidden: bool,
    /// The least time between two messages of a person; 0 for none.
    pub slow_mode_seconds: u32,
    /// Whether only moderators may write.
    pub locked: bool,
    /// The channel of its talk.
    pub channel: ChannelId,
    /// The channel of its staff; only for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub staff_channel: Option<ChannelId>,
}
