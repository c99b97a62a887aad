//! The conference's own fields.

use std::collections::{HashMap, HashSet};

use jiff::civil::Time;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::document::{Document, Object};
use super::duration::Convention;
use super::fields::{Fields, absolute};
use super::moment::Written;
use super::rooms::Rooms;
use super::sessions::Reader;
use super::speakers::Speakers;
use super::tracks::Tracks;
use super::zone::{self, Offsets};
use super::{Context, Options};
use crate::agenda::schedule::notes::Notes;
use crate::agenda::schedule::plan::{LeftOut, Plan};
use crate::clock::Timestamp;
use crate::text::{TimeZoneName, Title};

const LONGEST_VERSION: usize = 200;
const A_DAY: i64 = 24 * 60 * 60 * 1_000;

/// Reads everything; `None` if it is unusable, and then there are errors.
pub(super) fn read(document: &Document, options: &Options, notes: &mut Notes) -> Option<Plan> {
    let conference = &document.conference;
    let named = zone::named(conference, notes);
    let known = options.time_zone.clone().or(named).or_else(|| options.event_zone.clone());
    let base_url = document.schedule.get("base_url").and_then(Value::as_str).map(str::trim);
    let context = Context {
        language: options.language.clone(),
        base_url: base_url.and_then(|base| absolute(base, None)),
        zone: known.as_ref().map(TimeZoneName::zone),
        durations: Convention::of(document),
    };
    let mut reader = Reader {
        context: &context,
        rooms: Rooms::listed(conference.get("rooms"), &context, notes),
        tracks: Tracks::listed(conference.get("tracks"), &context, notes),
        speakers: Speakers::knowing(document, &context.language),
        sessions: vec![],
        left_out: HashSet::new(),
        span: vec![],
        offsets: Offsets::default(),
        seen: HashMap::new(),
    };
    reader.days(conference.get("days"), notes);
    if reader.sessions.is_empty() {
        notes.warn("conference", "There are no sessions in it.");
    }
    let time_zone = known.or_else(|| reader.offsets.zone(notes))?;
    let zone = time_zone.zone();
    let (starts_at, ends_at) = span(conference, &reader, &zone, notes);
    let conference =
        Fields { object: conference, row: "the document", path: "conference.", context: &context };
    let schedule = Fields { object: &document.schedule, path: "schedule.", ..conference };
    Some(Plan {
        title: conference.line(notes, "title", Title::MOST),
        version: schedule.line(notes, "version", LONGEST_VERSION),
        time_zone,
        starts_at,
        ends_at,
        rooms: reader.rooms.into_list(),
        tracks: reader.tracks.into_list(),
        speakers: reader.speakers.into_list(),
        sessions: reader.sessions,
        left_out: LeftOut { guids: reader.left_out, ..LeftOut::default() },
    })
}

/// Start and end: from the first session to the last; without sessions, as given by the days or the
/// conference.
fn span(
    conference: &Object,
    reader: &Reader<'_>,
    zone: &TimeZone,
    notes: &mut Notes,
) -> (Timestamp, Timestamp) {
    let mut moment = |field: &str, days_on: i64| {
        let text = conference.get(field).and_then(Value::as_str)?;
        let Ok(written) = Written::read(text) else {
            notes.warn("conference", format!("Its {field} cannot be read."));
            return None;
        };
        let at = written.at(written.time.unwrap_or(Time::midnight()), Some(zone))?.at;
        // A day without a time of day lasts to its end.
        Some(if written.time.is_none() { Timestamp(at.0 + days_on * A_DAY) } else { at })
    };
    let (start, end) = (moment("start", 0), moment("end", 1));
    let sessions = &reader.sessions;
    let starts = sessions.iter().map(|session| session.starts_at);
    let ends = sessions.iter().map(|session| session.ends_at);
    // Days begin and end in the small hours, which is not worth showing.
    let days = || reader.span.iter().copied();
    let (first, last) = (starts.min().or(days().min()), ends.max().or(days().max()));
    let starts_at = first.or(start).or(end).unwrap_or_default();
    let ends_at = last.or(end).unwrap_or_default();
    (starts_at, ends_at.max(Timestamp(starts_at.0 + A_DAY / 24)))
}
