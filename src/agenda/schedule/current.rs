//! The stored agenda before an import.

use super::store;
use crate::agenda::view::Session;
use crate::db::{Db, DbError};
use crate::events::EventChange;
use crate::events::store::rooms::{self, RoomRow};
use crate::id::{PersonId, SpeakerId, TrackId};

/// An agenda as it is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Current {
    /// The rooms.
    pub rooms: Vec<RoomRow>,
    /// The tracks.
    pub tracks: Vec<TrackRow>,
    /// The speakers.
    pub speakers: Vec<SpeakerRow>,
    /// The sessions.
    pub sessions: Vec<Session>,
}

/// A track as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrackRow {
    /// Its id.
    pub id: TrackId,
    /// Its name.
    pub name: String,
    /// Its color.
    pub color: Option<String>,
    /// Its place in the list.
    pub position: u32,
}

/// A speaker as they are stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpeakerRow {
    /// Their id.
    pub id: SpeakerId,
    /// Their key in the schedule.
    pub key: String,
    /// The name.
    pub name: String,
    /// The biography.
    pub biography: String,
    /// The address of a picture.
    pub picture: Option<String>,
    /// The person with an account that this is.
    pub person: Option<PersonId>,
}

/// Reads the agenda as the change sees it.
pub(super) async fn read(db: &Db, change: &mut EventChange<'_>) -> Result<Current, DbError> {
    Ok(Current {
        rooms: rooms::read_in(db, change).await?,
        tracks: store::tracks(db, change).await?,
        speakers: store::speakers(db, change).await?,
        sessions: store::sessions(db, change).await?,
    })
}
