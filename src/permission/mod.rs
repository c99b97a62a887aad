//! Who may do what: one table, one function.
//!
//! Every operation, over REST or the socket, has a line in [`table::RULES`] and is let through by
//! [`Actor::may`] alone. Whether an object exists at all is asked after this, never before, so
//! that an answer tells a stranger nothing.

mod place;
mod table;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::Timestamp;
use crate::id::{PersonId, RoomId};

pub use place::{Place, PlaceKind};
pub use table::{Operation, RULES, Rule};

/// How far somebody is let in, each level including those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Anyone at all, signed in or not.
    Everyone,
    /// Anyone signed in, registered for the event or not.
    SignedIn,
    /// A read-only guest of the event.
    Guest,
    /// A person with a confirmed registration, or with any role in the event.
    Attendee,
    /// A moderator of the room concerned, or of the event.
    Moderator,
    /// An organizer of the event.
    Organizer,
    /// An organizer of the installation, who may create events.
    Administrator,
    /// Nobody, whatever their role.
    Nobody,
}

/// A role that can be granted to a person, for an event or for one of its rooms.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Takes part as if registered.
    Attendee,
    /// Speaks in a session.
    Speaker,
    /// Stands at a booth.
    Exhibitor,
    /// Keeps the peace, in a room or the whole event.
    Moderator,
    /// Runs the event.
    Organizer,
}

impl Role {
    /// Every role, least first.
    pub const ALL: [Self; 5] =
        [Self::Attendee, Self::Speaker, Self::Exhibitor, Self::Moderator, Self::Organizer];

    /// The name in the database and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Attendee => "attendee",
            Self::Speaker => "speaker",
            Self::Exhibitor => "exhibitor",
            Self::Moderator => "moderator",
            Self::Organizer => "organizer",
        }
    }

    /// The role of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// How far the role lets its holder in.
    pub fn level(self) -> Level {
        match self {
            Self::Attendee | Self::Speaker | Self::Exhibitor => Level::Attendee,
            Self::Moderator => Level::Moderator,
            Self::Organizer => Level::Organizer,
        }
    }
}

/// A role and where it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// The only room in which it holds; the whole event when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<RoomId>,
}

/// What a sanction takes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SanctionKind {
    /// Reading goes on, speaking does not.
    TimeOut,
    /// No access at all.
    Ban,
}

impl SanctionKind {
    /// The name in the database and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::TimeOut => "time_out",
            Self::Ban => "ban",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::TimeOut, Self::Ban].into_iter().find(|kind| kind.name() == name)
    }
}

/// The part of a sanction that decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restriction {
    /// What it takes away.
    pub kind: SanctionKind,
    /// The only room in which it holds; the whole event when there is none.
    pub room: Option<RoomId>,
    /// When it ends by itself; never when there is no time.
    pub until: Option<Timestamp>,
}

impl Restriction {
    /// Whether it takes this away at a place now.
    pub fn holds(&self, kind: SanctionKind, place: Option<Place>, now: Timestamp) -> bool {
        self.kind == kind
            && self.until.is_none_or(|until| until > now)
            && (self.room.is_none() || self.room.map(Place::room) == place)
    }
}

/// What an operation is aimed at.
#[derive(Clone, Copy, Debug, Default)]
pub struct Target {
    /// The room or other place it happens in, if it happens in one.
    pub place: Option<Place>,
    /// Whether the object belongs to somebody else than the actor.
    pub others: bool,
}

impl Target {
    /// The event as a whole, or something of the actor's own.
    pub const EVENT: Self = Self { place: None, others: false };

    /// Something in a room.
    pub fn room(room: Option<RoomId>) -> Self {
        Self::place(room.map(Place::room))
    }

    /// Something in a room or in a place of a capability's.
    pub fn place(place: Option<Place>) -> Self {
        Self { place, others: false }
    }

    /// The same, belonging to the actor or not.
    #[must_use]
    pub fn owned(self, own: bool) -> Self {
        Self { others: !own, ..self }
    }
}

/// Why an operation was not let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// Nobody is signed in, and somebody must be.
    #[error("Sign in first.")]
    SignIn,
    /// The person is not registered for this event.
    #[error("Register for this event first.")]
    Register,
    /// The person's role does not allow it.
    #[error("Your role in this event does not allow this.")]
    Role,
    /// The person is banned, until the time if there is one.
    #[error("You have been banned by the moderators.")]
    Banned(Option<Timestamp>),
    /// The person is timed out, until the time if there is one.
    #[error("You have been timed out by the moderators. You can read, but not write.")]
    TimedOut(Option<Timestamp>),
}

/// Somebody who wants to do something in an event (or outside of any), with all that decides.
#[derive(Clone, Debug, Default)]
pub struct Actor {
    /// The person signed in, if one is.
    pub person: Option<PersonId>,
    /// Whether that person is a read-only guest.
    pub guest: bool,
    /// Whether that person has a confirmed registration.
    pub registered: bool,
    /// Whether that person holds an installation-wide organizer grant.
    pub administrator: bool,
    /// The roles granted in the event.
    pub grants: Vec<Grant>,
    /// The sanctions in force or past; what has ended is ignored.
    pub restrictions: Vec<Restriction>,
    /// How far capabilities let the person in at single places, if the person takes part at all:
    /// the staff of a booth at their booth.
    pub levels: Vec<(Place, Level)>,
}

impl Actor {
    /// Lets the operation through, or says why not. The one permission function.
    ///
    /// # Errors
    /// The reason, which is safe to show to the person concerned.
    pub fn may(&self, operation: Operation, target: Target, now: Timestamp) -> Result<(), Denied> {
        let rule = operation.rule();
        let wanted = if target.others { rule.others } else { rule.own };
        let level = self.level_at(target.place);
        if wanted > Level::SignedIn {
            self.check_restrictions(rule, target.place, now)?;
        }
        if level >= wanted && wanted != Level::Nobody {
            return Ok(());
        }
        Err(match (self.person, level) {
            (None, _) => Denied::SignIn,
            (Some(_), Level::SignedIn | Level::Guest) if wanted <= Level::Attendee => {
                Denied::Register
            }
            _ => Denied::Role,
        })
    }

    /// How far this person is let in, in the room or (without one) the whole event.
    pub fn level(&self, room: Option<RoomId>) -> Level {
        self.level_at(room.map(Place::room))
    }

    /// How far this person is let in, at the place or (without one) the whole event.
    pub fn level_at(&self, place: Option<Place>) -> Level {
        if self.person.is_none() {
            return Level::Everyone;
        }
        if self.administrator {
            return Level::Administrator;
        }
        let granted = self
            .grants
            .iter()
            .map(|grant| {
                let here = grant.room.is_none() || grant.room.map(Place::room) == place;
                // A role in one room still makes its holder a participant of the event.
                if here { grant.role.level() } else { Level::Attendee }
            })
            .max();
        let base = match (self.registered, self.guest) {
            (true, _) => Level::Attendee,
            (false, true) => Level::Guest,
            (false, false) => Level::SignedIn,
        };
        let level = granted.map_or(base, |granted| granted.max(base));
        let held = self.levels.iter().filter(|(held, _)| Some(*held) == place);
        match held.map(|(_, level)| *level).max() {
            // Who is written down as staff and does not take part any more is nobody there.
            Some(held) if level >= Level::Attendee => level.max(held),
            _ => level,
        }
    }

    fn check_restrictions(
        &self,
        rule: &Rule,
        place: Option<Place>,
        now: Timestamp,
    ) -> Result<(), Denied> {
        let until = |kind| {
            self.restrictions
                .iter()
                .filter(|restriction| restriction.holds(kind, place, now))
                .map(|restriction| restriction.until)
                // The longest decides, and "for ever" is the longest.
                .max_by_key(|until| until.map_or(i64::MAX, |until| until.0))
        };
        if let Some(until) = until(SanctionKind::Ban) {
            return Err(Denied::Banned(until));
        }
        if let Some(until) = until(SanctionKind::TimeOut).filter(|_| rule.speaks) {
            return Err(Denied::TimedOut(until));
        }
        Ok(())
    }
}
