//! What a schedule says, checked and typed.

use crate::clock::Timestamp;
use crate::text::TimeZoneName;

/// A schedule as it should be. References are places in the plan's own lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The conference's title.
    pub title: Option<String>,
    /// The schedule's own name of its version.
    pub version: Option<String>,
    /// The conference's time zone.
    pub time_zone: TimeZoneName,
    /// When the conference begins.
    pub starts_at: Timestamp,
    /// When the conference ends.
    pub ends_at: Timestamp,
    /// The rooms, in their order.
    pub rooms: Vec<PlannedRoom>,
    /// The tracks, in their order.
    pub tracks: Vec<PlannedTrack>,
    /// The speakers, as they first appear.
    pub speakers: Vec<PlannedSpeaker>,
    /// The sessions, as they stand in the document.
    pub sessions: Vec<PlannedSession>,
}

/// A room of a schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedRoom {
    /// What the schedule knows it by, if that is known to be its own.
    pub guid: Option<String>,
    /// Its name.
    pub name: String,
    /// What it is for, if that is said.
    pub description: Option<String>,
    /// How many fit in, if that is said.
    pub capacity: Option<u32>,
}

/// A track of a schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedTrack {
    /// Its name.
    pub name: String,
    /// Its color, as `#rrggbb`.
    pub color: Option<String>,
}

/// A speaker of a schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedSpeaker {
    /// What the schedule knows them by.
    pub key: String,
    /// The name.
    pub name: String,
    /// Who that is.
    pub biography: String,
    /// The address of a picture.
    pub picture: Option<String>,
}

/// A session of a schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedSession {
    /// What the schedule knows it by.
    pub guid: String,
    /// Its title.
    pub title: String,
    /// A second title.
    pub subtitle: String,
    /// What it is about, in short.
    pub summary: String,
    /// What it is about.
    pub description: String,
    /// Its language, as a tag.
    pub language: Option<String>,
    /// What kind of session it is.
    pub kind: Option<String>,
    /// Its track.
    pub track: Option<usize>,
    /// Its room.
    pub room: Option<usize>,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// Its page elsewhere.
    pub url: Option<String>,
    /// Its speakers, each once, in order.
    pub speakers: Vec<usize>,
}
