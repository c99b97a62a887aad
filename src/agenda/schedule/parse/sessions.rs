//! The days, their rooms, and their sessions.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp as Instant;
use serde_json::Value;

use super::Context;
use super::document::{Object, name_of};
use super::fields::{Fields, text_of};
use super::identity::identifier;
use super::moment::Written;
use super::rooms::Rooms;
use super::speakers::Speakers;
use super::timing::{self, Day, Timing};
use super::tracks::Tracks;
use super::zone::Offsets;
use crate::agenda::schedule::MAX_SESSIONS;
use crate::agenda::schedule::notes::Notes;
use crate::agenda::schedule::plan::PlannedSession;
use crate::clock::Timestamp;
use crate::text::{name_key, one_line, shortened};

const LONGEST_TITLE: usize = 300;
const LONGEST_SUBTITLE: usize = 500;
const LONGEST_ABSTRACT: usize = 20_000;
const LONGEST_DESCRIPTION: usize = 50_000;
const LONGEST_WORD: usize = 60;
/// How much of a title identifies a session, in characters: as long as other keys.
const LONGEST_TITLE_KEY: usize = 140;
/// How often a guid may be repeated.
const MAX_REPETITIONS: usize = 1_000;
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
    /// The offsets from UTC in which the sessions' dates are written.
    pub offsets: Offsets,
    /// The sessions of each guid, as indexes.
    pub seen: HashMap<String, Vec<usize>>,
    /// The guids of the sessions with an error.
    pub left_out: HashSet<String>,
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
                notes.fault(Some(&row), "rooms", message);
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
                    notes.broken(&row, "rooms", message);
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
        let faults_before = notes.fault_count();
        let title = fields.line(notes, "title", LONGEST_TITLE);
        if title.is_none() {
            fields.fault(notes, "title", "There is no title.");
        }
        let title = title.unwrap_or_default();
        let guid = guid(fields, &title, notes);
        let timing = timing::read(fields, day, notes);
        if let Some(timing) = timing {
            self.compare_offset(fields, timing, notes);
        }
        self.compare_room(fields, room_name, notes);
        let session = PlannedSession {
            guid,
            title,
            subtitle: fields.line(notes, "subtitle", LONGEST_SUBTITLE).unwrap_or_default(),
            summary: fields.prose(notes, "abstract", LONGEST_ABSTRACT).unwrap_or_default(),
            description: fields
                .prose(notes, "description", LONGEST_DESCRIPTION)
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
        if notes.fault_count() > faults_before {
            self.left_out.insert(session.guid);
        } else {
            self.add(session, fields, notes);
        }
    }

    /// Adds the session. The same guid may stand in the schedule several times: what takes place
    /// again is another session, what is merely listed again is not.
    fn add(&mut self, session: PlannedSession, fields: &Fields<'_>, notes: &mut Notes) {
        let same = self.seen.entry(session.guid.clone()).or_default();
        let place = |one: &PlannedSession| (one.room, one.starts_at, one.title.clone());
        let listed = |at: &&usize| self.sessions.get(**at).map(place) == Some(place(&session));
        if same.iter().any(|at| listed(&at)) {
            return fields.warn(notes, "It is listed twice, with the same guid, room and time.");
        }
        if same.len() >= MAX_REPETITIONS {
            let message = format!("Its guid stands in more than {MAX_REPETITIONS} sessions.");
            return fields.fault(notes, "guid", message);
        }
        if !same.is_empty() {
            fields.warn(notes, "Its guid is repeated; each repetition is a session of its own.");
        }
        same.push(self.sessions.len());
        self.sessions.push(session);
    }

    fn compare_offset(&mut self, fields: &Fields<'_>, timing: Timing, notes: &mut Notes) {
        let Some(offset) = timing.offset else { return };
        self.offsets.add(timing.starts_at, offset);
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

/// The session's key for later imports: its guid, or what else identifies it, or at least its title.
fn guid(fields: &Fields<'_>, title: &str, notes: &mut Notes) -> String {
    if let Some(guid) = identifier(fields.object.get("guid")) {
        return guid;
    }
    let others = ["id", "code", "slug"].iter();
    let mut others =
        others.filter_map(|field| Some((field, identifier(fields.object.get(*field))?)));
    if let Some((field, key)) = others.next() {
        fields.warn(notes, format!("It has no guid; it is known by its {field} instead."));
        return format!("{field}:{key}");
    }
    if !title.is_empty() {
        let message = "It has neither a guid nor an id nor a code; it is known by its title.";
        fields.warn(notes, message);
    }
    format!("title:{}", name_key(title).chars().take(LONGEST_TITLE_KEY).collect::<String>())
}

fn row_of(row: &str, object: &Object, language: &str) -> String {
    let title = object.get("title").and_then(|title| text_of(title, language).ok().flatten());
    match title.map(|title| shortened(&title, TITLE_SHOWN)).filter(|title| !title.is_empty()) {
        Some(title) => format!("{row} “{title}”"),
        None => row.to_owned(),
    }
}
