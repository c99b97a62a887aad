//! The parts of an event that can change. A capability declares its parts as constants and
//! registers them; each says what the core has to do about a change.

use std::fmt;

use serde::{Serialize, Serializer};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use super::EventSnapshot;
use crate::id::PersonId;

/// How a part of an event affects who may do what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// It affects at most the people named in a change: they are checked from memory.
    OfThose,
    /// It affects everybody: all are checked from memory.
    OfEverybody,
    /// It affects the roles or registrations of the people named, which must be read again.
    ToBeRead,
}

/// The people for whom something differs between two versions of an event, the older one first.
pub type Differing = fn(&EventSnapshot, &EventSnapshot) -> Vec<PersonId>;

/// What has changed in an event.
#[derive(Clone, Copy)]
pub struct Part {
    name: &'static str,
    public: bool,
    access: Access,
    differing: Option<Differing>,
    covered_by: Option<&'static str>,
    object: Option<Uuid>,
}

impl Part {
    /// The event itself: title, dates, switches, ticket types, fields.
    pub const EVENT: Self = Self::new("event").public().access(Access::OfEverybody);
    /// Its rooms.
    pub const ROOMS: Self = Self::new("rooms").public().access(Access::OfEverybody);
    /// Slow mode or the lock of a room: only members of the room are notified, so that a switch
    /// does not make the whole event read its rooms again.
    pub const SWITCHES: Self = Self::new("switches").covered_by(Self::ROOMS);

    /// A part of that name, which no other capability uses. Capabilities are notified of its
    /// changes.
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            public: false,
            access: Access::OfThose,
            differing: None,
            covered_by: None,
            object: None,
        }
    }

    /// Everybody in the event is notified of its changes, by the push `event`, and reads it again
    /// over REST.
    #[must_use]
    pub const fn public(self) -> Self {
        Self { public: true, ..self }
    }

    /// How far it affects access.
    #[must_use]
    pub const fn access(self, access: Access) -> Self {
        Self { access, ..self }
    }

    /// Whom to notify after a gap: nobody when it finds none. Without this, nobody is named, and
    /// listeners find out whom it concerns.
    #[must_use]
    pub const fn to_those(self, differing: Differing) -> Self {
        Self { differing: Some(differing), ..self }
    }

    /// After a gap it is not told, because a change of this other part says as much.
    #[must_use]
    pub const fn covered_by(self, other: Self) -> Self {
        Self { covered_by: Some(other.name), ..self }
    }

    /// A change of this object alone: a room, a booth. Without one, any may have changed.
    #[must_use]
    pub const fn of(self, object: Uuid) -> Self {
        Self { object: Some(object), ..self }
    }

    /// The name on the wire and between nodes.
    pub fn name(self) -> &'static str {
        self.name
    }

    /// Whether everybody is notified.
    pub fn is_public(self) -> bool {
        self.public
    }

    /// How it affects who may do what.
    pub fn decides(self) -> Access {
        self.access
    }

    /// The only object that has changed.
    pub fn object(self) -> Option<Uuid> {
        self.object
    }

    /// Whether it is this part, of whichever object.
    pub fn is(self, part: Self) -> bool {
        self.name == part.name
    }

    /// Whom to notify that something may have changed between these versions; `None` when it is not
    /// to be announced.
    pub(super) fn missed(
        self,
        before: &EventSnapshot,
        now: &EventSnapshot,
    ) -> Option<Vec<PersonId>> {
        if self.covered_by.is_some() {
            return None;
        }
        match self.differing {
            Some(differing) => Some(differing(before, now)).filter(|people| !people.is_empty()),
            // Nobody is named: whom it concerns is for the listeners to find out.
            None => Some(Vec::new()),
        }
    }
}

/// Parts are told apart by name and object alone.
impl PartialEq for Part {
    fn eq(&self, other: &Self) -> bool {
        (self.name, self.object) == (other.name, other.object)
    }
}

impl Eq for Part {}

impl fmt::Debug for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.object {
            Some(object) => write!(formatter, "{}({object})", self.name),
            None => formatter.write_str(self.name),
        }
    }
}

impl Serialize for Part {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name)
    }
}

/// The documents list the registered values.
impl PartialSchema for Part {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String);
        text.description(Some("What has changed in an event.")).into()
    }
}

impl ToSchema for Part {}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::events::snapshot::at_version;

    const BOOTHS: Part = Part::new("booths").public();

    fn one(before: &EventSnapshot, now: &EventSnapshot) -> Vec<PersonId> {
        let differs = before.version != now.version;
        differs.then_some(PersonId(Uuid::from_u128(1))).into_iter().collect()
    }

    #[test]
    fn after_a_gap_every_part_is_told_to_those_it_may_concern() {
        let (before, now) = (at_version(1), at_version(2));
        assert_eq!(BOOTHS.missed(&before, &now), Some(vec![]), "everybody");
        let staff = BOOTHS.to_those(one);
        assert_eq!(staff.missed(&before, &now), Some(one(&before, &now)));
        assert_eq!(staff.missed(&now, &now), None, "nobody");
        assert_eq!(Part::SWITCHES.missed(&before, &now), None, "the rooms are told");
    }

    #[test]
    fn a_part_is_the_same_whichever_object_has_changed() {
        let object = BOOTHS.of(Uuid::from_u128(7));
        assert!(object.is(BOOTHS) && object != BOOTHS && object.is_public());
        assert_eq!(serde_json::to_string(&[object, Part::EVENT]).unwrap(), r#"["booths","event"]"#);
    }
}
