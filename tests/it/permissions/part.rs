//! The parts that people play, what each may do, described by hand, and evaluated by the table.

use plenary::permission::{Level, Operation};

/// A part that somebody plays in the event `camp`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Not signed in.
    Stranger,
    /// Has an account, but no part in the event.
    SignedIn,
    /// A read-only guest.
    Guest,
    /// Registered.
    Attendee,
    /// Not registered, but granted the role.
    Speaker,
    /// Not registered, but granted the role.
    Exhibitor,
    /// Registered, and moderates the main hall.
    RoomModerator,
    /// Registered, and moderates the event.
    Moderator,
    /// Organizes the event.
    Organizer,
    /// Organizes another event, and has no part in this one.
    OrganizerElsewhere,
    /// Organizes the installation.
    Administrator,
    /// Registered, and banned from the event.
    Banned,
    /// Registered, and banned from the main hall.
    BannedFromRoom,
    /// Registered, and timed out in the event.
    TimedOut,
    /// Was registered.
    Cancelled,
}

/// Where something is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the event as a whole.
    Event,
    /// In the main hall.
    Room,
    /// In another room.
    OtherRoom,
    /// In another event.
    Elsewhere,
    /// In no event.
    Nowhere,
}

/// Whether the target belongs to the player.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// It is their own, or nobody's.
    Own,
    /// It is somebody else's.
    Foreign,
}

/// The outcome of an attempt: done, or the code of the refusal.
pub type Outcome = Result<(), String>;

impl Part {
    /// Everybody.
    pub const ALL: [Self; 15] = [
        Self::Stranger,
        Self::SignedIn,
        Self::Guest,
        Self::Attendee,
        Self::Speaker,
        Self::Exhibitor,
        Self::RoomModerator,
        Self::Moderator,
        Self::Organizer,
        Self::OrganizerElsewhere,
        Self::Administrator,
        Self::Banned,
        Self::BannedFromRoom,
        Self::TimedOut,
        Self::Cancelled,
    ];

    /// Whether they have, or had, a registration.
    pub fn is_registered(self) -> bool {
        matches!(
            self,
            Self::Attendee
                | Self::RoomModerator
                | Self::Moderator
                | Self::Banned
                | Self::BannedFromRoom
                | Self::TimedOut
                | Self::Cancelled
        )
    }

    /// Their level of access.
    fn level(self, place: Place) -> Level {
        match (place, self) {
            (_, Self::Stranger) => Level::Everyone,
            (_, Self::Administrator) => Level::Administrator,
            (Place::Elsewhere, Self::OrganizerElsewhere) => Level::Organizer,
            (Place::Elsewhere | Place::Nowhere, _) => Level::SignedIn,
            (_, Self::SignedIn | Self::OrganizerElsewhere | Self::Cancelled) => Level::SignedIn,
            (_, Self::Guest) => Level::Guest,
            (_, Self::Attendee | Self::Speaker | Self::Exhibitor) => Level::Attendee,
            (_, Self::Banned | Self::BannedFromRoom | Self::TimedOut) => Level::Attendee,
            (Place::Room, Self::RoomModerator) => Level::Moderator,
            (_, Self::RoomModerator) => Level::Attendee,
            (_, Self::Moderator) => Level::Moderator,
            (_, Self::Organizer) => Level::Organizer,
        }
    }

    fn is_banned(self, place: Place) -> bool {
        match self {
            Self::Banned => !matches!(place, Place::Elsewhere | Place::Nowhere),
            Self::BannedFromRoom => place == Place::Room,
            _ => false,
        }
    }

    fn is_timed_out(self, place: Place) -> bool {
        self == Self::TimedOut && !matches!(place, Place::Elsewhere | Place::Nowhere)
    }

    /// The outcome according to the permission table.
    pub fn may(self, operation: Operation, whose: Whose, place: Place) -> Outcome {
        let rule = operation.rule();
        let wanted = match whose {
            Whose::Own => rule.own,
            Whose::Foreign => rule.others,
        };
        let level = self.level(place);
        let refused = |code: &str| Err(code.to_owned());
        if wanted > Level::SignedIn && self.is_banned(place) {
            return refused("moderation.banned");
        }
        if wanted > Level::SignedIn && rule.speaks && self.is_timed_out(place) {
            return refused("moderation.timed_out");
        }
        match level {
            _ if wanted != Level::Nobody && level >= wanted => Ok(()),
            Level::Everyone => refused("sign_in.required"),
            Level::SignedIn | Level::Guest if wanted <= Level::Attendee => {
                refused("registration.required")
            }
            _ => refused("permission.denied"),
        }
    }

    /// Whether they get a socket of the event.
    pub fn connects(self) -> Outcome {
        self.may(Operation::Connect, Whose::Own, Place::Event)
    }
}
