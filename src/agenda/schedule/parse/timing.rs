//! The start and end of a session.

use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{Timestamp as Instant, ToSpan as _};
use serde_json::Value;

use super::duration::{self, LONGEST_MINUTES};
use super::fields::Fields;
use super::moment::{Moment, Written, clock};
use crate::agenda::schedule::notes::Notes;
use crate::clock::Timestamp;
use crate::text::quoted;

/// The day under which a session is listed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Day {
    /// Its date.
    pub date: Option<Date>,
    /// When it begins; what is earlier by the clock belongs to the night after it.
    pub begins: Option<Timestamp>,
}

/// When a session takes place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timing {
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// The offset from UTC in which that was written.
    pub offset: Option<Offset>,
}

/// Reads a session's times, and notes their errors.
pub(super) fn read(fields: &Fields<'_>, day: Day, notes: &mut Notes) -> Option<Timing> {
    let start = match text(fields, "date") {
        Some(date) => from_date(fields, date, notes),
        None => from_clock(fields, day, notes).map(|start| (start, None)),
    };
    let Some((start, offset)) = start else {
        // All errors are reported at once, even those that matter only once this one is fixed.
        if let Some(Err(why)) = fields.object.get("duration").map(read_duration(fields)) {
            fields.fault(notes, "duration", why);
        }
        return None;
    };
    if let Some(date) = day.date
        && start.wall.date() != date
        && date.tomorrow().ok() != Some(start.wall.date())
    {
        fields.warn(notes, "It is listed under another day than its date, which was taken.");
    }
    let ends_at = end(fields, start, offset, notes)?;
    Some(Timing { starts_at: start.at, ends_at, offset })
}

fn text<'a>(fields: &Fields<'a>, field: &str) -> Option<&'a str> {
    fields.object.get(field).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
}

/// From the date alone, or from the date and `start`.
fn from_date(
    fields: &Fields<'_>,
    date: &str,
    notes: &mut Notes,
) -> Option<(Moment, Option<Offset>)> {
    let written = Written::read(date).map_err(|why| fields.fault(notes, "date", why)).ok()?;
    let start = text(fields, "start").and_then(clock);
    let Some(time) = written.time.or(start) else {
        fields.fault(notes, "start", "There is no time of day, neither here nor in the date.");
        return None;
    };
    let zone = fields.context.zone.as_ref();
    let Some(moment) = written.at(time, zone) else {
        notes.unzoned();
        return None;
    };
    if let Some(start) = start {
        let here = zone.and_then(|zone| {
            let instant = Instant::from_millisecond(moment.at.0).ok()?;
            Some(zone.to_datetime(instant).time())
        });
        let shown = [Some(moment.wall.time()), here];
        let agrees = shown
            .iter()
            .flatten()
            .any(|time| (time.hour(), time.minute()) == (start.hour(), start.minute()));
        if !agrees {
            fields.warn(notes, "Its start is not the time in its date, which was taken.");
        }
    }
    Some((moment, written.offset))
}

/// Without a date, from the day and `start`.
fn from_clock(fields: &Fields<'_>, day: Day, notes: &mut Notes) -> Option<Moment> {
    let Some(start) = text(fields, "start") else {
        fields.fault(notes, "date", "There is no date.");
        return None;
    };
    if let Some(written) = Written::read(start).ok().filter(|written| written.time.is_some()) {
        let moment = written.time.and_then(|time| written.at(time, fields.context.zone.as_ref()));
        if moment.is_some() {
            return moment;
        }
    }
    let Some(time) = clock(start) else {
        fields.fault(notes, "start", format!("{} is no time of day like 11:00.", quoted(start)));
        return None;
    };
    let Some(date) = day.date else {
        fields.fault(notes, "date", "There is no date, and the day has none either.");
        return None;
    };
    let Some(zone) = fields.context.zone.as_ref() else {
        notes.unzoned();
        return None;
    };
    let moment = |date: Date| Written { date, time: Some(time), offset: None }.at(time, Some(zone));
    let same_day = moment(date)?;
    let at_night = day.begins.is_some_and(|begins| same_day.at < begins);
    if at_night { moment(date.tomorrow().ok()?) } else { Some(same_day) }
}

fn read_duration(
    fields: &Fields<'_>,
) -> impl Fn(&Value) -> Result<Option<duration::Duration>, String> {
    let convention = fields.context.durations;
    move |value| duration::read(value, convention)
}

fn end(
    fields: &Fields<'_>,
    start: Moment,
    offset: Option<Offset>,
    notes: &mut Notes,
) -> Option<Timestamp> {
    let end = match text(fields, "end") {
        Some(text) => Some(explicit_end(fields, text, start, offset, notes)?),
        None => None,
    };
    let duration = match fields.object.get("duration").map_or(Ok(None), read_duration(fields)) {
        Ok(duration) => duration,
        Err(_) if end.is_some() => {
            fields.warn(notes, "Its duration cannot be read; its end was taken.");
            None
        }
        Err(why) => {
            fields.fault(notes, "duration", why);
            return None;
        }
    };
    let by_duration = duration.map(|duration| {
        let minutes = u64::try_from(duration.minutes).unwrap_or(0);
        start.at.after(Duration::from_secs(minutes * 60))
    });
    let ends_at = match (end, by_duration) {
        (Some(end), by_duration) => {
            if by_duration.is_some_and(|other| other != end) {
                fields.warn(notes, "Its duration and its end disagree; the end was taken.");
            }
            end
        }
        (None, Some(end)) => {
            if duration.is_some_and(|duration| duration.doubtful) {
                fields
                    .warn(notes, "Its duration could be read in two ways; the shorter was taken.");
            }
            end
        }
        (None, None) => {
            fields.fault(notes, "duration", "There is neither a duration nor an end.");
            return None;
        }
    };
    if ends_at == start.at {
        fields.warn(notes, "It ends when it begins.");
    }
    Some(ends_at)
}

fn explicit_end(
    fields: &Fields<'_>,
    text: &str,
    start: Moment,
    offset: Option<Offset>,
    notes: &mut Notes,
) -> Option<Timestamp> {
    let zone = fields.context.zone.as_ref();
    let end = if let Some(time) = clock(text) {
        let on = |date| Written { date, time: Some(time), offset }.at(time, zone);
        let date = start.wall.date();
        // A time of day earlier than that of the day's start is after midnight.
        on(date).filter(|end| end.at >= start.at).or_else(|| on(date.checked_add(1.day()).ok()?))
    } else {
        let written = Written::read(text).map_err(|why| fields.fault(notes, "end", why)).ok()?;
        let time = written.time.unwrap_or_default();
        Written { offset: written.offset.or(offset), ..written }.at(time, zone)
    };
    let Some(end) = end else {
        notes.unzoned();
        return None;
    };
    if end.at < start.at {
        fields.fault(notes, "end", "It ends before it begins.");
        return None;
    }
    let minutes = end.at.since(start.at).as_secs() / 60;
    if minutes > LONGEST_MINUTES.unsigned_abs() {
        fields.fault(notes, "end", "It is too late; a session lasts at most 31 days.");
        return None;
    }
    Some(end.at)
}
