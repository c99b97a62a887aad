//! What REST answers of an event.

use serde::Serialize;
use utoipa::ToSchema;

use crate::events::view::{EventSummary, Field, Room, TicketType};
use crate::id::ChannelId;

/// An event as everybody sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Event {
    /// What lists show of it.
    #[serde(flatten)]
    pub summary: EventSummary,
    /// What it is about: plain text.
    pub description: String,
    /// The language of its texts, as a tag.
    pub locale: String,
    /// Whether read-only guests are let in.
    pub guests_allowed: bool,
    /// What people agree to when they register; empty when nothing is asked.
    pub consent_text: String,
    /// Raised when that text changes.
    pub consent_version: u64,
    /// The tickets, without the hidden ones.
    pub ticket_types: Vec<TicketType>,
    /// The questions of the registration form.
    pub fields: Vec<Field>,
    /// Raised by every change of the event or a part of it.
    pub version: u64,
}

/// An event's rooms.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Rooms {
    /// The rooms, in their order.
    pub items: Vec<Room>,
    /// The channel of the organizers' announcements.
    pub announcements: ChannelId,
}

/// A list that is always sent whole.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct List<T> {
    /// What is in it.
    pub items: Vec<T>,
}
