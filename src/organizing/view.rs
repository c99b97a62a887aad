//! The REST representation of an event.

use serde::Serialize;
use utoipa::ToSchema;

use crate::events::view::{EventSummary, Field, Room, TicketType};
use crate::id::ChannelId;

/// An event as everyone sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Event {
    /// The part shown in lists.
    #[serde(flatten)]
    pub summary: EventSummary,
    /// The description, as plain text.
    pub description: String,
    /// The language of its texts, as a tag.
    pub locale: String,
    /// Whether read-only guests are let in.
    pub guests_allowed: bool,
    /// What people agree to when they register; empty if there is nothing.
    pub consent_text: String,
    /// Raised when that text changes.
    pub consent_version: u64,
    /// The ticket types, without hidden ones.
    pub ticket_types: Vec<TicketType>,
    /// The questions of the registration form.
    pub fields: Vec<Field>,
    /// Raised by every change to the event or a part of it.
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

/// A list without pagination.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct List<T> {
    /// The items.
    pub items: Vec<T>,
}
