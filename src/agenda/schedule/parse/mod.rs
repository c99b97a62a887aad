//! Parses a document into a plan, collecting all errors.
//!
//! Programs write schedules in many ways. Whatever the format, a document is first brought into the
//! shape of a `schedule.json` ([`document`]), which the rest reads. What is harmless is accepted with a
//! warning, and what is only shown is shortened; what would lose or confuse a session is an error
//! that names the session and the field.

mod conference;
mod document;
mod duration;
mod fields;
mod identity;
mod moment;
mod rest;
mod rooms;
mod sessions;
mod speakers;
mod timing;
mod tracks;
mod xml;
mod zone;

#[cfg(test)]
mod tests;

use jiff::tz::TimeZone;

pub(super) use fields::absolute;

use super::notes::{Faults, Notes, Warning};
use super::plan::{LeftOut, Plan};
use crate::text::TimeZoneName;

/// How to read a document, and what to assume where it says nothing.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The time zone of the place, whatever the document says.
    pub time_zone: Option<TimeZoneName>,
    /// The time zone of the event that the schedule is imported into.
    pub event_zone: Option<TimeZoneName>,
    /// The language to choose where a text is given in several, as a tag.
    pub language: String,
    /// Whether sessions with an error are left out, instead of refusing the document.
    pub skip_broken: bool,
}

/// Reads a document.
///
/// # Errors
/// Everything that is wrong with it.
pub fn parse(bytes: &[u8], options: &Options) -> Result<(Plan, Vec<Warning>), Faults> {
    let document = document::read(bytes, &options.language)?;
    let mut notes = Notes::default();
    for oddity in &document.oddities {
        notes.warn("the document", oddity.as_str());
    }
    let plan = conference::read(&document, options, &mut notes);
    let (faults, broken, warnings) = notes.finish();
    let skip = options.skip_broken && faults.count() == 0;
    match plan {
        Some(plan) if skip && !(plan.sessions.is_empty() && broken.count() > 0) => {
            let left_out = LeftOut { faults: broken, ..plan.left_out };
            Ok((Plan { left_out, ..plan }, warnings))
        }
        Some(plan) if faults.count() + broken.count() == 0 => Ok((plan, warnings)),
        _ => Err(faults.and(broken)),
    }
}

/// The context of the whole document for its parts.
#[derive(Debug)]
struct Context {
    /// The language to choose where a text is given in several.
    language: String,
    /// The base of relative addresses.
    base_url: Option<String>,
    /// The zone of times that are given without an offset.
    zone: Option<TimeZone>,
    /// What a duration of three numbers means.
    durations: duration::Convention,
}
