//! Cached answers that are the same for everyone.

use std::sync::Arc;
use std::time::Duration;

use super::Organizing;
use super::view::{Event, List, Rooms};
use crate::clock::Timestamp;
use crate::events::store::{details, fields, rooms, ticket_types};
use crate::events::view::Room;
use crate::events::{ChannelKind, EventSnapshot, Versioned};
use crate::http::conditional::Document;
use crate::id::{ChannelId, EventId};
use crate::protocol::Refusal;

/// How old the number of remaining tickets may be.
const REMAINING_MAX_AGE: Duration = Duration::from_secs(5);

/// The rooms of an event: all of them, and the answer for people who are not staff.
#[derive(Debug)]
pub(super) struct RoomsDocument {
    /// All rooms, as their staff sees them.
    pub(super) all: Vec<Room>,
    /// The channel of the announcements.
    pub(super) announcements: ChannelId,
    /// The answer for people who are not staff.
    pub(super) public: Document,
}

/// The answers that are the same for everyone.
#[derive(Debug, Default)]
pub(super) struct Documents {
    open_events: Versioned<(), Document>,
    event: Versioned<EventId, Document>,
    rooms: Versioned<EventId, RoomsDocument>,
}

/// The open events.
pub(super) async fn open_events(own: &Organizing) -> Result<Arc<Document>, Refusal> {
    let make = async {
        let items = details::open_events(&own.core.db).await?;
        Ok::<_, Refusal>((Document::new(&List { items })?, None))
    };
    let kept = &own.documents.open_events;
    kept.get((), own.core.events.list_version(), own.core.clock.now(), make).await
}

/// The event as everyone sees it.
pub(super) async fn event(
    own: &Organizing,
    event: &EventSnapshot,
) -> Result<Arc<Document>, Refusal> {
    let now = own.core.clock.now();
    let make = async {
        let row = details::read(&own.core.db, event.id).await?;
        let row = row.ok_or_else(|| Refusal::not_found("event"))?;
        let ticket_types = ticket_types::read(&own.core.db, event.id).await?;
        let until = ticket_types
            .iter()
            .filter(|ticket_type| !ticket_type.hidden)
            .flat_map(|ticket_type| {
                let counted = ticket_type.quota.map(|_| now.after(REMAINING_MAX_AGE));
                [ticket_type.next_turn(now), counted]
            })
            .flatten()
            .min();
        let public = ticket_types.into_iter().filter(|ticket_type| !ticket_type.hidden);
        let view = Event {
            summary: row.summary(),
            description: row.description,
            locale: row.locale,
            guests_allowed: row.guests_allowed,
            consent_text: row.consent_text,
            consent_version: row.consent_version,
            ticket_types: public.map(|ticket_type| ticket_type.view(now)).collect(),
            fields: fields::read(&own.core.db, event.id).await?,
            version: event.version,
        };
        Ok::<_, Refusal>((Document::new(&view)?, until))
    };
    own.documents.event.get(event.id, event.version, now, make).await
}

/// The event's rooms.
pub(super) async fn rooms(
    own: &Organizing,
    event: &EventSnapshot,
) -> Result<Arc<RoomsDocument>, Refusal> {
    let make = async {
        let all = rooms::view(&own.core.db, event.id).await?;
        let announcements = announcements(event)?;
        let visible = all.iter().filter(|room| !room.hidden).cloned();
        let items = visible.map(|room| Room { staff_channel: None, ..room }).collect();
        let public = Document::new(&Rooms { items, announcements })?;
        Ok::<_, Refusal>((RoomsDocument { all, announcements, public }, None::<Timestamp>))
    };
    own.documents.rooms.get(event.id, event.version, own.core.clock.now(), make).await
}

fn announcements(event: &EventSnapshot) -> Result<ChannelId, Refusal> {
    let mut channels = event.channels.iter();
    let found = channels.find(|(_, info)| info.kind == ChannelKind::ANNOUNCEMENTS);
    found.map(|(id, _)| *id).ok_or_else(|| {
        tracing::error!(event = %event.id, "an event has no channel for announcements");
        Refusal::failed()
    })
}
