//! What `conference.json` holds.

use std::collections::BTreeMap;

use anyhow::Context as _;
use serde::Deserialize;

/// The conference; ids are names within the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Conference {
    pub(super) title: String,
    pub(super) description: String,
    pub(super) consent_text: String,
    pub(super) rooms: Vec<Room>,
    pub(super) tracks: Vec<Track>,
    pub(super) speakers: Vec<Speaker>,
    pub(super) sessions: Vec<Session>,
    pub(super) people: Vec<Person>,
    pub(super) talk: Vec<Said>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Room {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) capacity: Option<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Track {
    pub(super) name: String,
    pub(super) color: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Speaker {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) biography: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Session {
    /// -1 is yesterday, 0 today, 1 tomorrow.
    pub(super) day: i64,
    /// Hours from the full hour that has begun now.
    pub(super) hour: f64,
    pub(super) minutes: u32,
    pub(super) room: String,
    pub(super) track: String,
    pub(super) kind: String,
    pub(super) language: String,
    pub(super) title: String,
    #[serde(default)]
    pub(super) subtitle: String,
    #[serde(rename = "abstract")]
    pub(super) summary: String,
    #[serde(default)]
    pub(super) description: String,
    pub(super) speakers: Vec<String>,
}

/// Somebody with an account. Where the id is a speaker's, it is the same person.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    pub(super) id: String,
    pub(super) email: String,
    pub(super) name: String,
    pub(super) affiliation: String,
    pub(super) about: String,
    pub(super) languages: Vec<String>,
    pub(super) role: Option<crate::permission::Role>,
}

/// Something that was said in a room, or, without one, announced to everybody.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Said {
    pub(super) room: Option<String>,
    pub(super) by: String,
    pub(super) minutes_ago: i64,
    pub(super) text: String,
    /// What it answers: that room's messages are counted from 0.
    pub(super) reply_to: Option<usize>,
    /// Who reacted, by the emoji.
    #[serde(default)]
    pub(super) reactions: BTreeMap<String, Vec<String>>,
}

impl Conference {
    pub(super) fn read() -> anyhow::Result<Self> {
        serde_json::from_str(include_str!("conference.json")).context("conference.json")
    }
}
