//! The agenda as it goes over the wire.

use serde::Serialize;
use utoipa::ToSchema;

use super::SessionState;
use crate::clock::Timestamp;
use crate::id::{PersonId, RoomId, SessionId, SpeakerId, TrackId};

/// An event's agenda.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Agenda {
    /// The event's version.
    pub version: u64,
    /// The event's IANA time zone.
    pub time_zone: String,
    /// The days on which a session begins, in that time zone, in order.
    #[schema(example = json!(["2019-08-21"]))]
    pub days: Vec<String>,
    /// The rooms in which there are sessions, in order.
    pub rooms: Vec<AgendaRoom>,
    /// The tracks, in order.
    pub tracks: Vec<Track>,
    /// The sessions, by time.
    pub sessions: Vec<Session>,
    /// The speakers, by name.
    pub speakers: Vec<Speaker>,
}

/// A room of the agenda.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AgendaRoom {
    /// Its id.
    pub id: RoomId,
    /// Its name.
    pub name: String,
}

/// A track: sessions that belong together.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Track {
    /// Its id.
    pub id: TrackId,
    /// Its name.
    pub name: String,
    /// Its color, as `#rrggbb`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
}

/// A session. Abstract and description are plain text with a few marks of Markdown: paragraphs, line
/// breaks, `*emphasis*`, `**strong emphasis**`, `` `code` ``, `[links](https://…)`, lists, quotes and blocks of
/// code. There is no HTML in them that would mean anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// The key it has in the schedule it came from.
    pub guid: String,
    /// Its title.
    pub title: String,
    /// A second title.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub subtitle: String,
    /// What it is about, in short.
    #[serde(rename = "abstract", skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// What it is about.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Its language, as a tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// What kind of session it is: talk, workshop …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Its track.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub track: Option<TrackId>,
    /// Its room.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room: Option<RoomId>,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// Whether it takes place.
    pub state: SessionState,
    /// Its speakers, in order.
    pub speakers: Vec<SpeakerId>,
    /// Its page elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// A speaker.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Speaker {
    /// Its id.
    pub id: SpeakerId,
    /// The name.
    pub name: String,
    /// Who that is, with the marks that a session's description has.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub biography: String,
    /// The address of the picture, within this site and as of people; missing until the hub has fetched
    /// it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// The person with an account that this is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
}

/// The sessions that a person has starred.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Stars {
    /// Their ids.
    pub sessions: Vec<SessionId>,
}
