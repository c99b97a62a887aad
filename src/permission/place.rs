//! Where in an event something is done, when it is not the event as a whole.

use uuid::Uuid;

use crate::id::RoomId;

/// A kind of place, by a name of its own: a room, or what a capability has people act in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PlaceKind(&'static str);

impl PlaceKind {
    /// The event's rooms.
    pub const ROOM: Self = Self("room");

    /// A kind of that name, which no other capability uses.
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        self.0
    }

    /// The place of this kind with this id.
    pub const fn of(self, id: Uuid) -> Place {
        Place { id, kind: self }
    }
}

/// A place in an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// What its capability knows it by.
    pub id: Uuid,
    /// What it is.
    pub kind: PlaceKind,
}

impl Place {
    /// A room.
    pub const fn room(room: RoomId) -> Self {
        PlaceKind::ROOM.of(room.0)
    }

    /// The room that it is, if it is one.
    pub fn as_room(self) -> Option<RoomId> {
        (self.kind == PlaceKind::ROOM).then_some(RoomId(self.id))
    }
}
