//! The event itself.

use sqlx::any::AnyRow;

use super::channels;
use crate::clock::Timestamp;
use crate::db::{Columns, Db, DbError, Transaction};
use crate::events::ChannelKind;
use crate::events::view::EventSummary;
use crate::events::{EventChange, EventState};
use crate::id::{EventId, PersonId};
use crate::random::Random;

/// How many events a list holds at most; the latest are in it.
const LISTED: i64 = 200;

/// An event as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRow {
    /// Its id.
    pub id: EventId,
    /// Its name in addresses.
    pub slug: String,
    /// Its name for people.
    pub title: String,
    /// What it is about.
    pub description: String,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// Its IANA time zone.
    pub time_zone: String,
    /// The language of its texts.
    pub locale: String,
    /// Where it stands.
    pub state: EventState,
    /// Whether people can register by themselves.
    pub registration_open: bool,
    /// Whether read-only guests are let in.
    pub guests_allowed: bool,
    /// What people agree to when they register.
    pub consent_text: String,
    /// Raised when that text changes.
    pub consent_version: u64,
}

impl EventRow {
    /// What lists show of it.
    pub fn summary(&self) -> EventSummary {
        EventSummary {
            id: self.id,
            slug: self.slug.clone(),
            title: self.title.clone(),
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            time_zone: self.time_zone.clone(),
            state: self.state,
            registration_open: self.registration_open,
        }
    }
}

const READ: &str =
    "SELECT id, slug, title, description, starts_at, ends_at, time_zone, locale, state,
                           registration_open, guests_allowed, consent_text, consent_version
                    FROM events WHERE id = ?";

/// The event as committed.
///
/// # Errors
/// When the database does not answer.
pub async fn read(db: &Db, id: EventId) -> Result<Option<EventRow>, DbError> {
    db.one(db.query(READ).bind(id.bytes())).await?.as_ref().map(event_row).transpose()
}

/// The event as this change sees it.
///
/// # Errors
/// When the database does not answer.
pub async fn read_in(db: &Db, change: &mut EventChange<'_>) -> Result<Option<EventRow>, DbError> {
    let statement = db.query(READ).bind(change.event.bytes());
    let row = statement.fetch_optional(&mut *change.transaction).await?;
    row.as_ref().map(event_row).transpose()
}

fn event_row(row: &AnyRow) -> Result<EventRow, DbError> {
    Ok(EventRow {
        id: EventId(row.uuid("id")?),
        slug: row.text("slug")?,
        title: row.text("title")?,
        description: row.text("description")?,
        starts_at: row.time("starts_at")?,
        ends_at: row.time("ends_at")?,
        time_zone: row.text("time_zone")?,
        locale: row.text("locale")?,
        state: super::event_state(row)?,
        registration_open: row.flag("registration_open")?,
        guests_allowed: row.flag("guests_allowed")?,
        consent_text: row.text("consent_text")?,
        consent_version: row.count("consent_version")?,
    })
}

/// Stores a new event and opens its channel for announcements.
///
/// # Errors
/// When the database refuses, by a unique violation when the slug is taken.
pub async fn insert(
    db: &Db,
    transaction: &mut Transaction,
    event: &EventRow,
    now: Timestamp,
    random: &Random,
) -> Result<(), DbError> {
    db.query(
        "INSERT INTO events
             (id, slug, title, description, starts_at, ends_at, time_zone, locale, state,
              registration_open, guests_allowed, consent_text, consent_version, version,
              created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)",
    )
    .bind(event.id.bytes())
    .bind(event.slug.clone())
    .bind(event.title.clone())
    .bind(event.description.clone())
    .bind(event.starts_at.0)
    .bind(event.ends_at.0)
    .bind(event.time_zone.clone())
    .bind(event.locale.clone())
    .bind(event.state.name())
    .bind(i64::from(event.registration_open))
    .bind(i64::from(event.guests_allowed))
    .bind(event.consent_text.clone())
    .bind(super::stored(event.consent_version))
    .bind(now.0)
    .bind(now.0)
    .execute(&mut **transaction)
    .await?;
    let channel = [(ChannelKind::ANNOUNCEMENTS, None)];
    channels::open_in(db, transaction, event.id, &channel, now, random).await?;
    Ok(())
}

/// Stores a changed event.
///
/// # Errors
/// When the database refuses.
pub async fn update(
    db: &Db,
    change: &mut EventChange<'_>,
    event: &EventRow,
) -> Result<(), DbError> {
    db.query(
        "UPDATE events SET title = ?, description = ?, starts_at = ?, ends_at = ?, time_zone = ?,
                locale = ?, state = ?, registration_open = ?, guests_allowed = ?,
                consent_text = ?, consent_version = ?, updated_at = ?
         WHERE id = ?",
    )
    .bind(event.title.clone())
    .bind(event.description.clone())
    .bind(event.starts_at.0)
    .bind(event.ends_at.0)
    .bind(event.time_zone.clone())
    .bind(event.locale.clone())
    .bind(event.state.name())
    .bind(i64::from(event.registration_open))
    .bind(i64::from(event.guests_allowed))
    .bind(event.consent_text.clone())
    .bind(super::stored(event.consent_version))
    .bind(change.now.0)
    .bind(event.id.bytes())
    .execute(&mut *change.transaction)
    .await?;
    Ok(())
}

/// Notes which version of its schedule the event has.
///
/// # Errors
/// When the database refuses.
pub async fn set_schedule_version(
    db: &Db,
    change: &mut EventChange<'_>,
    version: Option<String>,
) -> Result<(), DbError> {
    db.query("UPDATE events SET schedule_version = ? WHERE id = ?")
        .bind(version)
        .bind(change.event.bytes())
        .execute(&mut *change.transaction)
        .await?;
    Ok(())
}

/// Whether there is any event.
///
/// # Errors
/// When the database does not answer.
pub async fn any(db: &Db) -> Result<bool, DbError> {
    Ok(db.one(db.query("SELECT id FROM events LIMIT 1")).await?.is_some())
}

const SUMMARY: &str =
    "SELECT id, slug, title, starts_at, ends_at, time_zone, state, registration_open FROM events";

/// The open events, the latest first.
///
/// # Errors
/// When the database does not answer.
pub async fn open_events(db: &Db) -> Result<Vec<EventSummary>, DbError> {
    let text = format!("{SUMMARY} WHERE state = 'open' ORDER BY starts_at DESC, id LIMIT {LISTED}");
    db.all(db.query_built(text)).await?.iter().map(summary).collect()
}

/// The events that are not open and that this person organizes, the latest first.
///
/// # Errors
/// When the database does not answer.
pub async fn organized_by(db: &Db, person: PersonId) -> Result<Vec<EventSummary>, DbError> {
    let text = format!(
        "{SUMMARY} WHERE state <> 'open' AND id IN (
             SELECT event_id FROM role_grants
             WHERE person_id = ? AND role = 'organizer' AND room_id IS NULL
               AND event_id IS NOT NULL)
         ORDER BY starts_at DESC, id LIMIT {LISTED}"
    );
    db.all(db.query_built(text).bind(person.bytes())).await?.iter().map(summary).collect()
}

/// All events that are not open, the latest first.
///
/// # Errors
/// When the database does not answer.
pub async fn not_open(db: &Db) -> Result<Vec<EventSummary>, DbError> {
    let text =
        format!("{SUMMARY} WHERE state <> 'open' ORDER BY starts_at DESC, id LIMIT {LISTED}");
    db.all(db.query_built(text)).await?.iter().map(summary).collect()
}

fn summary(row: &AnyRow) -> Result<EventSummary, DbError> {
    Ok(EventSummary {
        id: EventId(row.uuid("id")?),
        slug: row.text("slug")?,
        title: row.text("title")?,
        starts_at: row.time("starts_at")?,
        ends_at: row.time("ends_at")?,
        time_zone: row.text("time_zone")?,
        state: super::event_state(row)?,
        registration_open: row.flag("registration_open")?,
    })
}
