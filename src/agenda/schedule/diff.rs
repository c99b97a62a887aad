//! The difference between a schedule and what is stored.

mod repeats;
mod rooms;
mod sessions;
mod speakers;
mod tracks;

#[cfg(test)]
mod tests;

use std::collections::HashSet;

pub use super::current::{Current, SpeakerRow, TrackRow};
use super::plan::Plan;
use super::report::ImportReport;
pub use crate::agenda::view::Session;
use crate::clock::Timestamp;
use crate::events::store::rooms::RoomRow;
use crate::id::{SessionId, SpeakerId, TrackId};
use crate::random::Random;

pub use repeats::guid_of;

/// The changes that make the stored agenda match the schedule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Rooms to insert.
    pub rooms_created: Vec<RoomRow>,
    /// Rooms to update.
    pub rooms_updated: Vec<RoomRow>,
    /// Tracks to insert or update.
    pub tracks: Vec<TrackRow>,
    /// Tracks without sessions.
    pub tracks_removed: Vec<TrackId>,
    /// Speakers to insert or update.
    pub speakers: Vec<SpeakerRow>,
    /// Speakers without sessions.
    pub speakers_removed: Vec<SpeakerId>,
    /// Sessions to insert or update.
    pub sessions: Vec<Session>,
    /// Those of them whose speakers have changed.
    pub speakers_changed: HashSet<SessionId>,
    /// The same for people.
    pub report: ImportReport,
}

impl Changes {
    /// Whether there is nothing to change.
    pub fn is_empty(&self) -> bool {
        self.rooms_created.is_empty()
            && self.rooms_updated.is_empty()
            && self.tracks.is_empty()
            && self.tracks_removed.is_empty()
            && self.speakers.is_empty()
            && self.speakers_removed.is_empty()
            && self.sessions.is_empty()
    }
}

/// The source of new ids.
#[derive(Clone, Copy, Debug)]
pub struct Ids<'a> {
    /// When they are made.
    pub now: Timestamp,
    /// Randomness.
    pub random: &'a Random,
}

/// Compares.
pub fn diff(current: &Current, plan: &Plan, ids: Ids<'_>) -> Changes {
    let mut changes = Changes::default();
    let rooms = rooms::diff(&current.rooms, &plan.rooms, ids, &mut changes);
    let tracks = tracks::diff(&current.tracks, &plan.tracks, ids, &mut changes);
    let speakers = speakers::diff(&current.speakers, &plan.speakers, ids, &mut changes);
    let places = sessions::Places { rooms: &rooms, tracks: &tracks, speakers: &speakers };
    let kept = sessions::diff(current, plan, places, ids, &mut changes);
    tracks::remove_unused(&current.tracks, &tracks, &kept, &mut changes);
    speakers::remove_unused(&current.speakers, &speakers, &kept, &mut changes);
    changes
}
