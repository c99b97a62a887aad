//! Parses a document into a plan, collecting all errors.
//!
//! Programs write this format in many ways. What is harmless is accepted with a warning; what
//! would lose or confuse a session is an error that names the session and the field.

mod conference;
mod document;
mod duration;
mod fields;
mod moment;
mod rooms;
mod sessions;
mod speakers;
mod timing;
mod tracks;

#[cfg(test)]
mod tests;

use jiff::tz::TimeZone;

use super::notes::{Faults, Notes, Warning};
use super::plan::Plan;
use crate::text::TimeZoneName;

/// Defaults for what the document does not specify.
#[derive(Clone, Debug, Default)]
pub struct Defaults {
    /// The time zone of the event that the schedule is imported into.
    pub time_zone: Option<TimeZoneName>,
    /// The language to choose where a text is given in several, as a tag.
    pub language: String,
}

/// Reads a document.
///
/// # Errors
/// Everything that is wrong with it.
pub fn parse(bytes: &[u8], defaults: &Defaults) -> Result<(Plan, Vec<Warning>), Faults> {
    let document = document::read(bytes)?;
    let mut notes = Notes::default();
    for oddity in &document.oddities {
        notes.warn("the document", *oddity);
    }
    let plan = conference::read(&document, defaults, &mut notes);
    let (faults, warnings) = notes.finish();
    match plan {
        Some(plan) if faults.count() == 0 => Ok((plan, warnings)),
        _ => Err(faults),
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
}
