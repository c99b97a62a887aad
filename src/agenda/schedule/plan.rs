//! A parsed and validated schedule.

use std::collections::HashSet;

use super::notes::Faults;
use crate::clock::Timestamp;
use crate::text::TimeZoneName;

/// A validated schedule. References are indexes into the plan's own lists.
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
    /// The sessions that are not among them, because something is wrong with them.
    pub left_out: LeftOut,
}

impl Plan {
    /// The keys of all sessions, those that were left out included.
    pub fn guids(&self) -> impl Iterator<Item = &str> {
        let planned = self.sessions.iter().map(|session| session.guid.as_str());
        planned.chain(self.left_out.guids.iter().map(String::as_str))
    }
}

/// The sessions that were left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Their keys, as far as they have any: they stay as they are stored.
    pub guids: HashSet<String>,
    /// What is wrong with them.
    pub faults: Faults,
}

/// A room of a schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedRoom {
    /// Its key in the schedule, if that is unique.
    pub guid: Option<String>,
    /// Its name.
    pub name: String,
    /// Its description, if given.
    pub description: Option<String>,
    /// Its capacity, if given.
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
    /// Their key in the schedule.
    pub key: String,
    /// The name.
    pub name: String,
    /// The biography.
    pub biography: String,
    /// The address of a picture.
    pub picture: Option<String>,
}

/// A session of a schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedSession {
    /// Its key in the schedule. Several sessions have the same one if it is repeated.
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
