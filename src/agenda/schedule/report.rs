//! What an import did, or would do.

use std::fmt::Write as _;

use jiff::Timestamp as Instant;
use jiff::tz::TimeZone;
use serde::Serialize;
use utoipa::ToSchema;

use super::notes::{Fault, Faults, Warning};
use crate::clock::Timestamp;
use crate::protocol::ProblemDetail;

/// How many sessions of a kind are listed; the rest is counted.
const TOLD: usize = 1_000;

/// What an import did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ScheduleImportReport)]
pub struct ImportReport {
    /// Whether nothing was done, because only the difference was asked for.
    pub dry_run: bool,
    /// The event.
    pub event: ImportedEvent,
    /// What is new.
    pub created: Counts,
    /// What was there and is different now; of the rooms, those that were renamed or described.
    pub updated: Counts,
    /// What nobody needs any more and was removed. Rooms are never removed, sessions only cancelled.
    pub removed: Counts,
    /// The sessions that are different now: the first thousand.
    pub changed: Vec<SessionChange>,
    /// The sessions that are no longer in the schedule: the first thousand.
    pub cancelled: Vec<SessionBrief>,
    /// How many sessions were cancelled.
    pub cancelled_count: usize,
    /// How many sessions are as they were.
    pub unchanged: usize,
    /// The rooms that were renamed.
    pub rooms_renamed: Vec<Renamed>,
    /// The rooms that the schedule does not know. They stay.
    pub rooms_missing: Vec<String>,
    /// What is odd about the document.
    pub warnings: Vec<Warning>,
    /// The errors for which sessions were left out, where that was asked for: the first hundred.
    /// Where they are stored, they are as they were.
    pub left_out: Vec<ProblemDetail>,
    /// How many such errors there are.
    pub left_out_count: usize,
}

/// The event that was imported into.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ImportedEvent {
    /// Its name in addresses.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Whether it is new.
    pub created: bool,
    /// The time zone in which its times are shown.
    pub time_zone: String,
    /// The schedule's own name of its version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schedule_version: Option<String>,
}

/// How many of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ImportedCounts)]
pub struct Counts {
    /// Rooms.
    pub rooms: usize,
    /// Tracks.
    pub tracks: usize,
    /// Sessions.
    pub sessions: usize,
    /// Speakers.
    pub speakers: usize,
}

impl Counts {
    fn is_zero(self) -> bool {
        self == Self::default()
    }
}

/// In what way a session is different.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SessionDifference)]
pub enum Difference {
    /// It was cancelled and takes place after all.
    Reinstated,
    /// Its title.
    Renamed,
    /// Its room.
    Moved,
    /// When it begins or ends.
    Retimed,
    /// Who speaks.
    Speakers,
    /// Its track.
    Track,
    /// Subtitle, abstract or description.
    Text,
    /// Language, kind or address.
    Details,
}

impl Difference {
    fn word(self) -> &'static str {
        match self {
            Self::Reinstated => "reinstated",
            Self::Renamed => "renamed",
            Self::Moved => "moved",
            Self::Retimed => "retimed",
            Self::Speakers => "speakers",
            Self::Track => "track",
            Self::Text => "text",
            Self::Details => "details",
        }
    }
}

/// A session in a few words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SessionBrief {
    /// The key it has in the schedule.
    pub guid: String,
    /// Its title.
    pub title: String,
    /// The name of its room.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room: Option<String>,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
}

/// A session that is different.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SessionChange {
    /// The key it has in the schedule.
    pub guid: String,
    /// Its title, as it is now.
    pub title: String,
    /// In what ways it is different.
    pub what: Vec<Difference>,
    /// As it was.
    pub before: SessionBrief,
    /// As it is now.
    pub after: SessionBrief,
}

/// A name that was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RenamedRoom)]
pub struct Renamed {
    /// As it was.
    pub before: String,
    /// As it is now.
    pub after: String,
}

impl ImportReport {
    /// Notes the errors for which sessions were left out.
    pub(super) fn left_out(&mut self, faults: &Faults) {
        self.left_out_count = faults.count();
        self.left_out = faults.told.iter().cloned().map(ProblemDetail::from).collect();
    }

    /// Notes a session that is different.
    pub(super) fn session_changed(&mut self, change: SessionChange) {
        self.updated.sessions += 1;
        if self.changed.len() < TOLD {
            self.changed.push(change);
        }
    }

    /// Notes a session that is no longer in the schedule.
    pub(super) fn session_cancelled(&mut self, session: SessionBrief) {
        self.cancelled_count += 1;
        if self.cancelled.len() < TOLD {
            self.cancelled.push(session);
        }
    }

    /// Whether the schedule is what is stored already.
    pub fn is_empty(&self) -> bool {
        self.created.is_zero()
            && self.updated.is_zero()
            && self.removed.is_zero()
            && self.cancelled_count == 0
            && !self.event.created
    }

    /// The report for a terminal.
    pub fn text(&self) -> String {
        let zone = TimeZone::get(&self.event.time_zone).unwrap_or(TimeZone::UTC);
        let mut text = String::new();
        // Writing to a String cannot fail, here and below.
        let _ = writeln!(text, "{}", self.headline());
        for (name, created, updated, removed) in self.lines() {
            let line = format!("  {name:<9} {created:>6} new {updated:>6} changed {removed}");
            let _ = writeln!(text, "{}", line.trim_end());
        }
        for change in &self.changed {
            let _ = writeln!(text, "{}", change_line(change, &zone));
        }
        more(&mut text, self.updated.sessions - self.changed.len(), "changed");
        for session in &self.cancelled {
            let when = clock_of(session.starts_at, &zone);
            let _ = writeln!(text, "  cancelled: “{}” ({when})", session.title);
        }
        more(&mut text, self.cancelled_count - self.cancelled.len(), "cancelled");
        for room in &self.rooms_renamed {
            let _ = writeln!(text, "  room renamed: {} → {}", room.before, room.after);
        }
        for room in &self.rooms_missing {
            let _ = writeln!(text, "  room not in the schedule, kept: {room}");
        }
        for fault in &self.left_out {
            let _ = writeln!(text, "  left out: {}", fault_line(fault));
        }
        more(&mut text, self.left_out_count - self.left_out.len(), "errors");
        for warning in &self.warnings {
            let _ = writeln!(text, "  note: {}: {}", warning.place, warning.message);
        }
        text
    }

    fn headline(&self) -> String {
        let ImportedEvent { slug, title, created, schedule_version, .. } = &self.event;
        let version = schedule_version.as_ref().map(|version| format!(", schedule {version}"));
        let version = version.unwrap_or_default();
        let what = match (self.dry_run, created, self.is_empty()) {
            (_, _, true) => "nothing has changed",
            (true, true, _) => "would be a new event",
            (true, false, _) => "would change",
            (false, true, _) => "is a new event, a draft that only organizers see",
            (false, false, _) => "has changed",
        };
        format!("{title} ({slug}{version}): {what}")
    }

    fn lines(&self) -> [(&'static str, usize, usize, String); 4] {
        let removed = |count: usize| match count {
            0 => String::new(),
            count => format!("{count:>6} removed"),
        };
        let Self { created, updated, .. } = self;
        [
            ("rooms", created.rooms, updated.rooms, String::new()),
            ("tracks", created.tracks, updated.tracks, removed(self.removed.tracks)),
            ("speakers", created.speakers, updated.speakers, removed(self.removed.speakers)),
            (
                "sessions",
                created.sessions,
                updated.sessions,
                format!("{:>6} cancelled {:>6} unchanged", self.cancelled_count, self.unchanged),
            ),
        ]
    }
}

fn more(text: &mut String, count: usize, what: &str) {
    if count > 0 {
        let _ = writeln!(text, "  … and {count} more {what}");
    }
}

fn change_line(change: &SessionChange, zone: &TimeZone) -> String {
    let words: Vec<_> = change.what.iter().map(|what| what.word()).collect();
    let mut line = format!("  {}: “{}”", words.join(", "), change.title);
    let (before, after) = (&change.before, &change.after);
    if before.title != after.title {
        let _ = write!(line, ", was “{}”", before.title);
    }
    if before.room != after.room {
        let name = |room: &Option<String>| room.clone().unwrap_or_else(|| "no room".to_owned());
        let _ = write!(line, ", {} → {}", name(&before.room), name(&after.room));
    }
    if (before.starts_at, before.ends_at) != (after.starts_at, after.ends_at) {
        let _ = write!(line, ", {} → {}", time_of(before, zone), time_of(after, zone));
    }
    line
}

fn time_of(session: &SessionBrief, zone: &TimeZone) -> String {
    let minutes = session.ends_at.since(session.starts_at).as_secs() / 60;
    format!("{} for {}:{:02}", clock_of(session.starts_at, zone), minutes / 60, minutes % 60)
}

fn clock_of(at: Timestamp, zone: &TimeZone) -> String {
    let Ok(instant) = Instant::from_millisecond(at.0) else { return at.0.to_string() };
    instant.to_zoned(zone.clone()).strftime("%a %Y-%m-%d %H:%M").to_string()
}

impl Faults {
    /// What is wrong, for a terminal.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for fault in &self.told {
            let _ = writeln!(text, "  {}", fault_line(&fault.clone().into()));
        }
        more(&mut text, self.more, "errors");
        text
    }
}

impl From<Fault> for ProblemDetail {
    fn from(Fault { row, field, message }: Fault) -> Self {
        Self { row, field, message }
    }
}

fn fault_line(fault: &ProblemDetail) -> String {
    let place: Vec<_> =
        [fault.row.as_deref(), fault.field.as_deref()].into_iter().flatten().collect();
    let place = if place.is_empty() { String::new() } else { place.join(", ") + ": " };
    format!("{place}{}", fault.message)
}
