//! The SQL: here an event's snapshot, beside it one file per thing.

pub mod channels;
pub mod details;
pub mod fields;
pub mod rooms;
pub mod ticket_types;

use std::collections::HashMap;

use sqlx::any::AnyRow;

use crate::clock::Timestamp;
use crate::db::dialect::placeholders;
use crate::db::{Columns, Connection, Db, DbError, Transaction};
use crate::events::Registered;
use crate::events::piece::Pieces;
use crate::events::snapshot::{ChannelInfo, EventSnapshot, EventState, RoomInfo};
use crate::id::{ChannelId, EventId, PersonId, RoomId};
use crate::permission::{Grant, Role};

/// Raises the event's version, within the transaction that changes it.
///
/// # Errors
/// When the database refuses.
pub async fn touch(db: &Db, transaction: &mut Transaction, id: EventId) -> Result<(), DbError> {
    db.query("UPDATE events SET version = version + 1 WHERE id = ?")
        .bind(id.bytes())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// The event's version, as this transaction has made it.
///
/// # Errors
/// When the database refuses, or there is no such event.
pub async fn version_in(
    db: &Db,
    transaction: &mut Transaction,
    id: EventId,
) -> Result<u64, DbError> {
    let statement = db.query("SELECT version FROM events WHERE id = ?").bind(id.bytes());
    statement.fetch_one(&mut **transaction).await?.count("version")
}

/// The event's version, which stays so until the transaction ends; 0 when there is no such event.
///
/// # Errors
/// When the database refuses.
pub async fn hold_version(
    db: &Db,
    transaction: &mut Connection,
    id: EventId,
) -> Result<u64, DbError> {
    let text = format!("SELECT version FROM events WHERE id = ?{}", db.backend().for_share());
    let row = db.query_built(text).bind(id.bytes()).fetch_optional(transaction).await?;
    row.map_or(Ok(0), |row| row.count("version"))
}

pub(in crate::events) async fn id_of_slug(db: &Db, slug: &str) -> Result<Option<EventId>, DbError> {
    let row =
        db.one(db.query("SELECT id FROM events WHERE slug = ?").bind(slug.to_owned())).await?;
    row.map(|row| row.uuid("id").map(EventId)).transpose()
}

/// Every event's version.
pub(in crate::events) async fn versions(db: &Db) -> Result<Vec<(EventId, u64)>, DbError> {
    let rows = db.all(db.query("SELECT id, version FROM events")).await?;
    rows.iter().map(|row| Ok((EventId(row.uuid("id")?), row.count("version")?))).collect()
}

pub(in crate::events) async fn snapshot(
    db: &Db,
    connection: &mut Connection,
    id: EventId,
    registered: &Registered,
    now: Timestamp,
) -> Result<Option<EventSnapshot>, DbError> {
    // The version is read first: what is read after it is at least as new, never older.
    let event = db
        .query(
            "SELECT slug, title, starts_at, ends_at, time_zone, locale, state, registration_open,
                        guests_allowed, version
                 FROM events WHERE id = ?",
        )
        .bind(id.bytes())
        .fetch_optional(&mut *connection)
        .await?;
    let Some(event) = event else { return Ok(None) };
    Ok(Some(EventSnapshot {
        id,
        slug: event.text("slug")?,
        title: event.text("title")?,
        starts_at: event.time("starts_at")?,
        ends_at: event.time("ends_at")?,
        time_zone: event.text("time_zone")?,
        locale: event.text("locale")?,
        state: event_state(&event)?,
        registration_open: event.flag("registration_open")?,
        guests_allowed: event.flag("guests_allowed")?,
        version: event.count("version")?,
        rooms: rooms(db, connection, id).await?,
        channels: channels(db, connection, id, registered).await?,
        grants: grants(db, connection, id).await?,
        pieces: Pieces::load(registered.pieces(), db, connection, id, now).await?,
    }))
}

async fn rooms(
    db: &Db,
    connection: &mut Connection,
    id: EventId,
) -> Result<HashMap<RoomId, RoomInfo>, DbError> {
    let rows = db
        .query(
            "SELECT id, name, hidden, slow_mode_seconds, locked
                 FROM rooms WHERE event_id = ? AND deleted_at IS NULL",
        )
        .bind(id.bytes())
        .fetch_all(&mut *connection)
        .await?;
    rows.iter()
        .map(|row| {
            let info = RoomInfo {
                name: row.text("name")?,
                hidden: row.flag("hidden")?,
                slow_mode_seconds: small(row, "slow_mode_seconds")?,
                locked: row.flag("locked")?,
            };
            Ok((RoomId(row.uuid("id")?), info))
        })
        .collect()
}

/// The event's own channels, of the kinds that are registered, those of deleted rooms included.
async fn channels(
    db: &Db,
    connection: &mut Connection,
    id: EventId,
    registered: &Registered,
) -> Result<HashMap<ChannelId, ChannelInfo>, DbError> {
    let kinds = registered.channel_kinds().iter();
    let of_people: Vec<_> = kinds.filter(|kind| kind.belongs_to_people()).collect();
    // Those of deleted rooms are among them: members who are still in one have to leave it.
    let mut text = String::from("SELECT id, kind, room_id FROM channels WHERE event_id = ?");
    if !of_people.is_empty() {
        text += &format!(" AND kind NOT IN ({})", placeholders(of_people.len()));
    }
    let statement = db.query_built(text).bind(id.bytes());
    let statement = of_people.iter().fold(statement, |one, kind| one.bind(kind.name()));
    let mut channels = HashMap::new();
    for row in statement.fetch_all(&mut *connection).await? {
        let Some(kind) = registered.channel_kind_named(&row.text("kind")?) else { continue };
        let place = row.optional_uuid("room_id")?.and_then(|object| kind.place(object));
        channels.insert(ChannelId(row.uuid("id")?), ChannelInfo { kind, place });
    }
    Ok(channels)
}

async fn grants(
    db: &Db,
    connection: &mut Connection,
    id: EventId,
) -> Result<HashMap<PersonId, Vec<Grant>>, DbError> {
    let rows = db
        .query("SELECT person_id, role, room_id FROM role_grants WHERE event_id = ?")
        .bind(id.bytes())
        .fetch_all(&mut *connection)
        .await?;
    collect(&rows, |row| {
        let role = row.text("role")?;
        Ok(Grant {
            role: Role::from_name(&role).ok_or_else(|| unknown("role", &role))?,
            room: row.optional_uuid("room_id")?.map(RoomId),
        })
    })
}

fn collect<T>(
    rows: &[AnyRow],
    read: impl Fn(&AnyRow) -> Result<T, DbError>,
) -> Result<HashMap<PersonId, Vec<T>>, DbError> {
    let mut by_person: HashMap<PersonId, Vec<T>> = HashMap::new();
    for row in rows {
        by_person.entry(PersonId(row.uuid("person_id")?)).or_default().push(read(row)?);
    }
    Ok(by_person)
}

fn unknown(what: &str, name: &str) -> DbError {
    DbError::Value(format!("the {what} {name:?} is not known to this version"))
}

fn event_state(row: &AnyRow) -> Result<EventState, DbError> {
    let name = row.text("state")?;
    EventState::from_name(&name).ok_or_else(|| unknown("event state", &name))
}

/// A number that is small by the rules for what is stored.
fn small(row: &AnyRow, column: &str) -> Result<u32, DbError> {
    Ok(u32::try_from(row.count(column)?).unwrap_or(u32::MAX))
}

fn optional_small(row: &AnyRow, column: &str) -> Result<Option<u32>, DbError> {
    let number = row.optional_number(column)?;
    Ok(number.map(|number| u32::try_from(number.max(0)).unwrap_or(u32::MAX)))
}

/// A number in the database's type.
fn stored(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
