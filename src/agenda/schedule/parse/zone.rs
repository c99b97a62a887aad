//! The conference's time zone: stated, called by another program's name for it, or unknown.

use std::collections::BTreeSet;

use super::document::Object;
use crate::agenda::schedule::notes::Notes;
use crate::clock::Timestamp;
use crate::text::{TimeZoneName, shortened};
use jiff::Timestamp as Instant;
use jiff::tz::Offset;

/// The fields in which programs write the time zone.
const FIELDS: [&str; 3] = ["time_zone_name", "timezone", "time_zone"];
/// How much of a name is repeated in a note.
const NAME_SHOWN: usize = 60;

/// The parts of the world by which the database names zones, rather than by countries.
const REGIONS: [&str; 9] = [
    "Africa",
    "America",
    "Antarctica",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
];

/// Ruby on Rails' names of zones whose cities are not in the database.
const RAILS: [(&str, &str); 19] = [
    ("abu dhabi", "Asia/Dubai"),
    ("alaska", "America/Juneau"),
    ("arizona", "America/Phoenix"),
    ("atlantic time (canada)", "America/Halifax"),
    ("beijing", "Asia/Shanghai"),
    ("bern", "Europe/Zurich"),
    ("brasilia", "America/Sao_Paulo"),
    ("central time (us & canada)", "America/Chicago"),
    ("chennai", "Asia/Kolkata"),
    ("eastern time (us & canada)", "America/New_York"),
    ("edinburgh", "Europe/London"),
    ("hawaii", "Pacific/Honolulu"),
    ("mountain time (us & canada)", "America/Denver"),
    ("mumbai", "Asia/Kolkata"),
    ("new delhi", "Asia/Kolkata"),
    ("osaka", "Asia/Tokyo"),
    ("pacific time (us & canada)", "America/Los_Angeles"),
    ("st. petersburg", "Europe/Moscow"),
    ("wellington", "Pacific/Auckland"),
];

/// The zone that the conference names. A name that no list knows is odd and does no harm by itself.
pub(super) fn named(conference: &Object, notes: &mut Notes) -> Option<TimeZoneName> {
    let value = FIELDS.iter().find_map(|field| conference.get(*field).filter(|v| !v.is_null()))?;
    let name = value.as_str().map_or_else(|| value.to_string(), |name| name.trim().to_owned());
    if name.is_empty() {
        return None;
    }
    if let Ok(zone) = TimeZoneName::try_from(name.clone()) {
        return Some(zone);
    }
    let shown = shortened(&name, NAME_SHOWN);
    let zone = called_otherwise(&name);
    notes.warn(
        "conference",
        match &zone {
            Some(zone) => format!("Its time zone is called “{shown}”; that is {zone}."),
            None => format!("Its time zone is called “{shown}”, which is not a known one."),
        },
    );
    zone
}

/// The zone that programs call by its city alone (“Berlin”), or by a name of their own.
fn called_otherwise(name: &str) -> Option<TimeZoneName> {
    // “(GMT+01:00) Berlin” is how lists show them.
    let name =
        name.strip_prefix('(').and_then(|rest| rest.split_once(") ")).map_or(name, |(_, n)| n);
    let key = name.trim().to_lowercase();
    if let Some((_, zone)) = RAILS.iter().find(|(known, _)| *known == key) {
        return TimeZoneName::try_from((*zone).to_owned()).ok();
    }
    let database = jiff::tz::db();
    let cities = database.available().filter_map(|zone| {
        let (region, city) = (zone.as_str().split('/').next()?, zone.as_str().rsplit('/').next()?);
        let meant = REGIONS.contains(&region) && city.replace('_', " ").to_lowercase() == key;
        meant.then(|| zone.to_string())
    });
    TimeZoneName::try_from(cities.min()?).ok()
}

/// The moments of the sessions, with the offsets from UTC in which they were written.
#[derive(Debug, Default)]
pub(super) struct Offsets {
    seen: Vec<(Timestamp, Offset)>,
    distinct: BTreeSet<i32>,
}

impl Offsets {
    /// A session begins at this moment, written with this offset.
    pub(super) fn add(&mut self, at: Timestamp, offset: Offset) {
        if self.distinct.insert(offset.seconds()) {
            self.seen.push((at, offset));
        }
    }

    /// A zone for a conference that names none. Without a single offset everywhere it has to be
    /// asked for: nobody knows the clocks of a place that is not named.
    pub(super) fn zone(&self, notes: &mut Notes) -> Option<TimeZoneName> {
        const ASK: &str = "Say which it is: --time-zone Europe/Berlin, or time_zone over REST.";
        let field = "conference.time_zone_name";
        if notes.unzoned_count() > 0 {
            let count = notes.unzoned_count();
            let which = if count == 1 { "A session has" } else { "Sessions have" };
            let message =
                format!("{which} no offset from UTC, and the conference names no time zone. {ASK}");
            notes.fault(None, field, message);
            return None;
        }
        if self.distinct.len() > 1 {
            let offsets = self.seen.iter().map(|(_, offset)| offset.to_string());
            let message = format!(
                "It names no time zone, and its dates have different offsets from UTC ({}). {ASK}",
                offsets.take(5).collect::<Vec<_>>().join(", ")
            );
            notes.fault(None, field, message);
            return None;
        }
        let name = self.seen.first().map_or_else(|| "UTC".to_owned(), |(at, o)| fixed(*at, *o));
        let message = format!(
            "It names no time zone; times are shown in {name}. Another can be given by --time-zone."
        );
        notes.warn("conference", message);
        TimeZoneName::try_from(name).or_else(|_| TimeZoneName::try_from("UTC".to_owned())).ok()
    }
}

/// A zone in which clocks have this offset at that moment.
fn fixed(at: Timestamp, offset: Offset) -> String {
    let seconds = offset.seconds();
    match seconds / 3_600 {
        0 if seconds == 0 => "UTC".to_owned(),
        // The names of these zones count westward.
        hours if seconds % 3_600 == 0 => format!("Etc/GMT{:+}", -hours),
        _ => {
            let instant = Instant::from_millisecond(at.0).unwrap_or_default();
            let database = jiff::tz::db();
            let mut fitting = database.available().filter(|name| {
                let zone = database.get(name.as_str());
                zone.is_ok_and(|zone| zone.to_offset(instant) == offset)
            });
            fitting.next().map_or_else(|| "UTC".to_owned(), |name| name.to_string())
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn zone_of(name: &str) -> Option<String> {
        let Value::Object(conference) = json!({ "time_zone_name": name }) else { return None };
        named(&conference, &mut Notes::default()).map(String::from)
    }

    #[test]
    fn other_programs_names_are_known() {
        for (name, zone) in [
            ("Europe/Berlin", "Europe/Berlin"),
            ("Berlin", "Europe/Berlin"),
            ("(GMT+01:00) Berlin", "Europe/Berlin"),
            ("Eastern Time (US & Canada)", "America/New_York"),
            ("Buenos Aires", "America/Argentina/Buenos_Aires"),
            ("Tokyo", "Asia/Tokyo"),
            ("Edinburgh", "Europe/London"),
        ] {
            assert_eq!(zone_of(name).as_deref(), Some(zone), "{name}");
        }
        for name in ["Atlantis", "CEST", "Eastern", ""] {
            assert_eq!(zone_of(name), None, "{name}");
        }
    }

    #[test]
    fn half_hours_are_shown_as_such() {
        let offset = Offset::from_seconds(19_800).expect("an offset");
        let zone = fixed(Timestamp(1_800_000_000_000), offset);
        let zone = jiff::tz::TimeZone::get(&zone).expect("a zone");
        assert_eq!(
            zone.to_offset(Instant::from_millisecond(1_800_000_000_000).expect("a moment")),
            offset
        );
    }
}
