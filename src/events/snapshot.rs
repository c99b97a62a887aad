//! An event as the rules see it.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ChannelKind;
use super::piece::Pieces;
use crate::clock::Timestamp;
use crate::id::{ChannelId, EventId, PersonId, RoomId};
use crate::permission::{Actor, Grant, Level, Operation, Place, Target};
use crate::protocol::Refusal;

/// Where an event stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EventState {
    /// Being prepared: only organizers see it.
    #[default]
    Draft,
    /// Open to everybody it is for.
    Open,
    /// Over: people can read, only its staff can write.
    Closed,
}

impl EventState {
    /// The name in the database and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }

    /// The state of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Draft, Self::Open, Self::Closed].into_iter().find(|state| state.name() == name)
    }
}

/// A room and its switches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomInfo {
    /// Its name.
    pub name: String,
    /// Whether only organizers see it.
    pub hidden: bool,
    /// The least time between two messages of a person; 0 for none.
    pub slow_mode_seconds: u32,
    /// Whether only moderators may write.
    pub locked: bool,
}

/// A channel that belongs to the event (not to people).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChannelInfo {
    /// What it is for.
    pub kind: ChannelKind,
    /// The room or other place it belongs to; the event itself when there is none.
    pub place: Option<Place>,
}

impl ChannelInfo {
    /// The room it belongs to, if it is a room's.
    pub fn room(&self) -> Option<RoomId> {
        self.place.and_then(Place::as_room)
    }

    /// The target of operations in it.
    pub fn target(&self) -> Target {
        Target::place(self.place)
    }
}

/// An event at one version, complete.
#[derive(Clone, Debug)]
pub struct EventSnapshot {
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
    /// The language of its texts, which is also that of its mails.
    pub locale: String,
    /// Where it stands.
    pub state: EventState,
    /// Whether people can register by themselves.
    pub registration_open: bool,
    /// Whether read-only guests are let in.
    pub guests_allowed: bool,
    /// Raised by every change.
    pub version: u64,
    /// Its rooms, without the deleted ones.
    pub rooms: HashMap<RoomId, RoomInfo>,
    /// Its channels, those of deleted rooms included: nobody may read these.
    pub channels: HashMap<ChannelId, ChannelInfo>,
    /// The roles granted in it.
    pub grants: HashMap<PersonId, Vec<Grant>>,
    /// What capabilities keep of it.
    pub(super) pieces: Pieces,
}

impl EventSnapshot {
    /// Whether somebody is shown a room: only organizers a hidden one, and nobody a deleted one.
    pub fn shows_room(&self, room: RoomId, actor: &Actor) -> bool {
        let room = self.rooms.get(&room);
        room.is_some_and(|room| !room.hidden || actor.level(None) >= Level::Organizer)
    }

    /// Whether somebody can only read: guests always, and in a closed event everybody but its staff.
    pub fn is_read_only_for(&self, actor: &Actor) -> bool {
        let least =
            if self.state == EventState::Closed { Level::Moderator } else { Level::Attendee };
        actor.level(None) < least
    }

    /// Lets the operation through, or says why not. In a closed event only its staff may write.
    ///
    /// # Errors
    /// The permission function's answer.
    pub fn may(
        &self,
        actor: &Actor,
        operation: Operation,
        target: Target,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        actor.may(operation, target, now)?;
        let closed = self.state == EventState::Closed;
        if closed && operation.rule().speaks && actor.level_at(target.place) < Level::Moderator {
            let message = "This event is over. You can still read, but no longer post.";
            return Err(Refusal::new("chat.read_only", message));
        }
        Ok(())
    }

    /// The roles granted to a person.
    pub fn grants_of(&self, person: PersonId) -> Vec<Grant> {
        self.grants.get(&person).cloned().unwrap_or_default()
    }
}

/// An empty event at this version.
#[cfg(test)]
pub(crate) fn at_version(version: u64) -> EventSnapshot {
    EventSnapshot {
        id: EventId(uuid::Uuid::nil()),
        slug: "camp".to_owned(),
        title: "Camp".to_owned(),
        starts_at: Timestamp(0),
        ends_at: Timestamp(1),
        time_zone: "UTC".to_owned(),
        locale: "en".to_owned(),
        state: EventState::Open,
        registration_open: true,
        guests_allowed: true,
        version,
        rooms: HashMap::new(),
        channels: HashMap::new(),
        grants: HashMap::new(),
        pieces: Pieces::default(),
    }
}
