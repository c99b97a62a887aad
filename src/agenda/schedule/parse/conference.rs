//! The conference's own fields.

use std::collections::HashMap;

use jiff::civil::Time;
use jiff::tz::{Offset, TimeZone};
use serde_json::Value;

use super::document::{Document, Object};
use super::fields::{Fields, absolute};
use super::moment::Written;
use super::rooms::Rooms;
use super::sessions::Reader;
use super::speakers::Speakers;
use super::tracks::Tracks;
use super::{Context, Defaults};
use crate::agenda::schedule::notes::Notes;
use crate::agenda::schedule::plan::Plan;
use crate::clock::Timestamp;
use crate::text::{TimeZoneName, Title};

const LONGEST_VERSION: usize = 200;
const A_DAY: i64 = 24 * 60 * 60 * 1_000;

/// Reads everything; `None` if it is unusable, and then there are errors.
pub(super) fn read(document: &Document, defaults: &Defaults, notes: &mut Notes) -> Option<Plan> {
    let conference = &document.conference;
    let known = time_zone(conference, notes).or_else(|| defaults.time_zone.clone());
    let base_url = document.schedule.get("base_url").and_then(Value::as_str).map(str::trim);
    let context = Context {
        language: defaults.language.clone(),
        base_url: base_url.and_then(|base| absolute(base, None)),
        zone: known.as_ref().map(TimeZoneName::zone),
    };
    let mut reader = Reader {
        context: &context,
        rooms: Rooms::listed(conference.get("rooms"), &context, notes),
        tracks: Tracks::listed(conference.get("tracks"), &context, notes),
        speakers: Speakers::default(),
        sessions: vec![],
        span: vec![],
        offset: None,
        guids: HashMap::new(),
    };
    reader.days(conference.get("days"), notes);
    if reader.sessions.is_empty() {
        notes.warn("conference", "There are no sessions in it.");
    }
    let time_zone = known.or_else(|| fixed_zone(reader.offset, notes))?;
    let zone = time_zone.zone();
    let (starts_at, ends_at) = span(conference, &reader, &zone, notes);
    let conference = Fields { object: conference, row: "", path: "conference.", context: &context };
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
    })
}

/// The time zone given by the conference.
fn time_zone(conference: &Object, notes: &mut Notes) -> Option<TimeZoneName> {
    let (field, value) = ["time_zone_name", "timezone", "time_zone"]
        .iter()
        .find_map(|field| Some((*field, conference.get(*field)?)))
        .filter(|(_, value)| !value.is_null())?;
    let name = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if name.trim().is_empty() {
        return None;
    }
    let zone = TimeZoneName::try_from(name);
    zone.map_err(|why| notes.fault(None, &format!("conference.{field}"), sentence(&why))).ok()
}

fn sentence(why: &impl std::fmt::Display) -> String {
    format!("{why}.")
}

/// A time zone made from the offset of the first session's date.
fn fixed_zone(offset: Option<Offset>, notes: &mut Notes) -> Option<TimeZoneName> {
    let seconds = offset.unwrap_or(Offset::UTC).seconds();
    let hours = seconds / 3_600;
    let name = if hours == 0 || seconds % 3_600 != 0 {
        "UTC".to_owned()
    } else {
        // The names of these zones count westward.
        format!("Etc/GMT{:+}", -hours)
    };
    let message = format!("It names no time zone (time_zone_name); times are shown in {name}.");
    notes.warn("conference", message);
    let zone = TimeZoneName::try_from(name);
    zone.map_err(|why| notes.fault(None, "conference.time_zone_name", sentence(&why))).ok()
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
