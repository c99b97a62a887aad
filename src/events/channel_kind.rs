//! What a channel of an event is for, and what it takes to read and write in it. A capability
//! declares its kinds as constants and registers them; talk itself knows none of them.

use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Serialize, Serializer};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::EventSnapshot;
use crate::permission::{Actor, Operation, Place, PlaceKind};

/// Whether somebody may see a place.
pub type Shown = fn(&EventSnapshot, Place, &Actor) -> bool;

/// What a channel is for.
#[derive(Clone, Copy)]
pub struct ChannelKind {
    name: &'static str,
    read: Operation,
    write: Option<Operation>,
    place: Option<(PlaceKind, Shown)>,
    of_people: bool,
}

impl ChannelKind {
    /// A room's talk.
    pub const ROOM: Self =
        Self::new("room", Operation::ChannelRead).at(PlaceKind::ROOM, is_room_shown);
    /// A room's staff.
    pub const STAFF: Self =
        Self::new("staff", Operation::StaffChannelRead).at(PlaceKind::ROOM, is_room_shown);
    /// Announcements by the organizers.
    pub const ANNOUNCEMENTS: Self =
        Self::new("announcements", Operation::ChannelRead).written_by(Operation::AnnouncementSend);

    /// A kind of that name, which no other capability uses. Whoever may do this may read it.
    pub const fn new(name: &'static str, read: Operation) -> Self {
        Self { name, read, write: None, place: None, of_people: false }
    }

    /// To write in it takes this too. Whoever reads it can still react.
    #[must_use]
    pub const fn written_by(self, write: Operation) -> Self {
        Self { write: Some(write), ..self }
    }

    /// Its channels belong to places of this kind, each visible only to those who may see its
    /// place. Otherwise they belong to the event.
    #[must_use]
    pub const fn at(self, place: PlaceKind, shown: Shown) -> Self {
        Self { place: Some((place, shown)), ..self }
    }

    /// Its channels belong to people, not to the event: the event does not know of them.
    #[must_use]
    pub const fn of_people(self) -> Self {
        Self { of_people: true, ..self }
    }

    /// The name in the database and on the wire.
    pub fn name(self) -> &'static str {
        self.name
    }

    /// What it takes to read it.
    pub fn read(self) -> Operation {
        self.read
    }

    /// What it takes to write in it, beside what every channel takes.
    pub fn write(self) -> Option<Operation> {
        self.write
    }

    /// Whether it belongs to people.
    pub(super) fn belongs_to_people(self) -> bool {
        self.of_people
    }

    /// The place that a channel of this kind belongs to, whose object has this id.
    pub fn place(self, object: uuid::Uuid) -> Option<Place> {
        self.place.map(|(kind, _)| kind.of(object))
    }

    /// Whether somebody may see the place that a channel of this kind belongs to.
    pub fn is_shown(self, event: &EventSnapshot, place: Place, actor: &Actor) -> bool {
        self.place.is_none_or(|(_, shown)| shown(event, place, actor))
    }
}

fn is_room_shown(event: &EventSnapshot, place: Place, actor: &Actor) -> bool {
    place.as_room().is_some_and(|room| event.shows_room(room, actor))
}

/// Two of a name are the same kind.
impl PartialEq for ChannelKind {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for ChannelKind {}

impl Hash for ChannelKind {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl fmt::Debug for ChannelKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)
    }
}

impl Serialize for ChannelKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name)
    }
}

/// The documents list the registered values.
impl PartialSchema for ChannelKind {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String);
        text.description(Some("What a channel is for.")).into()
    }
}

impl ToSchema for ChannelKind {}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::events::RoomInfo;
    use crate::events::snapshot::at_version;
    use crate::id::{PersonId, RoomId};
    use crate::permission::{Grant, Role};

    #[test]
    fn a_hidden_room_is_shown_to_organizers_alone() {
        let (room, hidden) = (RoomId(Uuid::from_u128(1)), RoomId(Uuid::from_u128(2)));
        let mut event = at_version(1);
        for (id, hidden) in [(room, false), (hidden, true)] {
            let name = "Hall".to_owned();
            event.rooms.insert(id, RoomInfo { name, hidden, slow_mode_seconds: 0, locked: false });
        }
        let person = Some(PersonId(Uuid::from_u128(3)));
        let attendee = Actor { person, registered: true, ..Actor::default() };
        let grants = vec![Grant { role: Role::Organizer, room: None }];
        let organizer = Actor { grants, ..attendee.clone() };
        let shown = |room: RoomId, actor| {
            let place = ChannelKind::STAFF.place(room.0).unwrap();
            ChannelKind::STAFF.is_shown(&event, place, actor)
        };
        assert!(shown(room, &attendee) && shown(hidden, &organizer) && !shown(hidden, &attendee));
        assert!(!shown(RoomId(Uuid::from_u128(4)), &organizer), "it was taken away");
    }
}
