//! The days, their rooms, and their sessions.

use std::collections::HashMap;

use jiff::Timestamp as Instant;
use jiff::tz::Offset;
use serde_json::Value;

use super::Context;
use super::document::{Object, name_of};
use super::fields::{Fields, text_of};
use super::moment::Written;
use super::rooms::{LONGEST_KEY, Rooms};
use super::speakers::Speakers;
use super::timing::{self, Day, Timing};
use super::tracks::Tracks;
use crate::agenda::schedule::MAX_SESSIONS;
use crate::agenda::schedule::notes::Notes;
use crate::agenda::schedule::plan::PlannedSession;
use crate::clock::Timestamp;
use crate::text::{one_line, shortened};

const LONGEST_TITLE: usize = 300;
const LONGEST_SUBTITLE: usize = 500;
const LONGEST_ABSTRACT: usize = 20_000;
const LONGEST_DESCRIPTION: usize = 50_000;
const LONGEST_WORD: usize = 60;
/// How much of a title is part of a location.
const TITLE_SHOWN: usize = 60;

/// What has been read so far.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    /// What holds for the whole document.
    pub context: &'a Context,
    /// The rooms.
    pub rooms: Rooms,
    /// The tracks.
    pub tracks: Tracks,
    /// The speakers.
    pub speakers: Speakers,
    /// The sessions.
    pub sessions: Vec<PlannedSession>,
    /// The earliest start and the latest end of the days.
    pub span: Vec<Timestamp>,
    /// The first offset from UTC in which a session's date is written.
    pub offset: Option<Offset>,
    /// Where each guid was seen first.
    pub guids: HashMap<String, String>,
}

impl Reader<'_> {
    /// Reads the days of the conference.
    pub(super) fn days(&mut self, days: Option<&Value>, notes: &mut Notes) {
        match days {
            Some(Value::Array(days)) => {
                for (index, day) in days.iter().enumerate() {
                    self.day(day, index, notes);
                }
            }
            None => notes.fault(None, "conference.days", "There are no days."),
            Some(other) => {
                let message = format!("They must be a list and are {}.", name_of(other));
                notes.fault(None, "conference.days", message);
            }
        }
    }

    fn day(&mut self, value: &Value, index: usize, notes: &mut Notes) {
        let Value::Object(object) = value else {
            let row = format!("day {}", index + 1);
            let message = format!("A day must be an object and is {}.", name_of(value));
            return notes.fault(Some(&row), "days", message);
        };
        let number = object.get("index").and_then(Value::as_u64);
        let row = format!("day {}", number.unwrap_or(index as u64 + 1));
        let fields = Fields { object, row: &row, path: "", context: self.context };
        let day = self.day_itself(&fields, notes);
        match object.get("rooms") {
            None | Some(Value::Null) => {}
            Some(Value::Object(rooms)) => {
                for (name, events) in rooms {
                    self.room(name, events, &row, day, notes);
                }
            }
            // An empty list is how some programs write an empty object.
            Some(Value::Array(list)) if list.is_empty() => {}
            Some(other) => {
                let message =
                    format!("They must be an object of rooms by name and are {}.", name_of(other));
                fields.fault(notes, "rooms", message);
            }
        }
    }

    /// The day's own date and times. They are only a fallback for sessions, so that unreadable ones
    /// do no harm by themselves.
    fn day_itself(&mut self, fields: &Fields<'_>, notes: &mut Notes) -> Day {
        let mut written = |field: &str| {
            let text = fields.object.get(field).and_then(Value::as_str)?;
            let written = Written::read(text).ok();
            if written.is_none() {
                fields.warn(notes, format!("Its {field} cannot be read."));
            }
            written
        };
        let date = written("date").map(|written| written.date);
        let mut moment = |field: &str| {
            let written = written(field)?;
            Some(written.at(written.time?, self.context.zone.as_ref())?.at)
        };
        let (begins, ends) = (moment("day_start"), moment("day_end"));
        self.span.extend(begins.into_iter().chain(ends));
        Day { date, begins }
    }

    fn room(&mut self, name: &str, events: &Value, day_row: &str, day: Day, notes: &mut Notes) {
        let row = format!("{day_row}, room {}", shortened(name, TITLE_SHOWN));
        let events = match events {
            Value::Array(events) => events,
            Value::Null => return,
            other => {
                let message =
                    format!("A room's sessions must be a list and are {}.", name_of(other));
                return notes.fault(Some(&row), "rooms", message);
            }
        };
        // A room without sessions on that day is a room nevertheless.
        let room = self.rooms.named(name, &row, notes);
        for (index, event) in events.iter().enumerate() {
            let row = format!("{row}, event {}", index + 1);
            if self.sessions.len() >= MAX_SESSIONS {
                let message = format!("An agenda has at most {MAX_SESSIONS} sessions.");
                return notes.fault(Some(&row), "days", message);
            }
            match event {
                Value::Object(object) => {
                    let row = row_of(&row, object, &self.context.language);
                    let fields = Fields { object, row: &row, path: "", context: self.context };
                    self.session(&fields, name, room, day, notes);
                }
                other => {
                    let message = format!("A session must be an object and is {}.", name_of(other));
                    notes.fault(Some(&row), "rooms", message);
                }
            }
        }
    }

    fn session(
        &mut self,
        fields: &Fields<'_>,
        room_name: &str,
        room: Option<usize>,
        day: Day,
        notes: &mut Notes,
    ) {
        let guid = self.guid(fields, notes);
        let faults_before = notes.fault_count();
        let title = fields.line(notes, "title", LONGEST_TITLE);
        if title.is_none() && notes.fault_count() == faults_before {
            fields.fault(notes, "title", "There is no title.");
        }
        let timing = timing::read(fields, day, notes);
        if let Some(timing) = timing {
            self.compare_offset(fields, timing, notes);
        }
        self.compare_room(fields, room_name, notes);
        let session = PlannedSession {
            guid: guid.unwrap_or_default(),
            title: title.unwrap_or_default(),
            subtitle: fields.line(notes, "subtitle", LONGEST_SUBTITLE).unwrap_or_default(),
            summary: fields.lines(notes, "abstract", LONGEST_ABSTRACT).unwrap_or_default(),
            description: fields
                .lines(notes, "description", LONGEST_DESCRIPTION)
                .unwrap_or_default(),
            language: fields.line(notes, "language", LONGEST_WORD),
            kind: fields.line(notes, "type", LONGEST_WORD),
            track: self.tracks.of_session(fields, notes),
            room,
            starts_at: timing.map(|timing| timing.starts_at).unwrap_or_default(),
            ends_at: timing.map(|timing| timing.ends_at).unwrap_or_default(),
            url: fields.url(notes, "url").or_else(|| fields.url(notes, "origin_url")),
            speakers: self.speakers.of_session(fields, notes),
        };
        self.sessions.push(session);
    }

    /// The session's key for later imports.
    fn guid(&mut self, fields: &Fields<'_>, notes: &mut Notes) -> Option<String> {
        let faults_before = notes.fault_count();
        let guid = fields.line(notes, "guid", LONGEST_KEY).map(|guid| {
            // The same UUID can be written in capitals.
            uuid::Uuid::try_parse(&guid).map_or(guid, |uuid| uuid.to_string())
        });
        let guid = guid.or_else(|| {
            let (field, key) = ["id", "code", "slug"]
                .iter()
                .find_map(|field| Some((field, fields.line(notes, field, LONGEST_KEY)?)))?;
            fields.warn(notes, format!("It has no guid; it is known by its {field} instead."));
            Some(format!("{field}:{key}"))
        });
        let Some(guid) = guid else {
            if notes.fault_count() == faults_before {
                let message = "There is neither a guid nor an id nor a code by which a later \
                               import could know the session again.";
                fields.fault(notes, "guid", message);
            }
            return None;
        };
        if let Some(first) = self.guids.get(&guid) {
            fields.fault(notes, "guid", format!("{guid} is the guid of {first} already."));
            return None;
        }
        self.guids.insert(guid.clone(), fields.row.to_owned());
        Some(guid)
    }

    fn compare_offset(&mut self, fields: &Fields<'_>, timing: Timing, notes: &mut Notes) {
        let Some(offset) = timing.offset else { return };
        self.offset.get_or_insert(offset);
        let Some(zone) = &self.context.zone else { return };
        let instant = Instant::from_millisecond(timing.starts_at.0);
        if instant.is_ok_and(|instant| zone.to_offset(instant) != offset) {
            let message = "Its date is written with another offset from UTC than the conference's \
                           time zone has; the moment was taken, and is shown in the time zone.";
            fields.warn(notes, message);
        }
    }

    fn compare_room(&self, fields: &Fields<'_>, name: &str, notes: &mut Notes) {
        let named = fields.object.get("room").map(|room| text_of(room, &self.context.language));
        if let Some(Ok(Some(named))) = named
            && !named.trim().is_empty()
            && one_line(&named) != one_line(name)
        {
            fields.warn(notes, "It names another room than it is listed under, which was taken.");
        }
    }
}

fn row_of(row: &str, object: &Object, language: &str) -> String {
    let title = object.get("title").and_then(|title| text_of(title, language).ok().flatten());
    match title.map(|title| shortened(&title, TITLE_SHOWN)).filter(|title| !title.is_empty()) {
        Some(title) => format!("{row} “{title}”"),
        None => row.to_owned(),
    }
}
