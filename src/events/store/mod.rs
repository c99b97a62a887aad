//! The SQL: here an event's snapshot, beside it one file per thing.

mod channels;
pub mod details;
pub mod fields;
pub mod rooms;
pub mod ticket_types;

use std::collections::HashMap;

use sqlx::any::AnyRow;

use crate::clock::Timestamp;
use crate::db::{Columns, Connection, Db, DbError, Transaction};
use crate::events::snapshot::{ChannelInfo, ChannelKind, EventSnapshot, EventState, RoomInfo};
use crate::id::{ChannelId, EventId, PersonId, RoomId};
use crate::permission::{Grant, Restriction, Role, SanctionKind};

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
        channels: channels_of(db, connection, id).await?,
        grants: grants(db, connection, id).await?,
        restrictions: restrictions(db, connection, id, now).await?,
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

async fn channels_of(
    db: &Db,
    connection: &mut Connection,
    id: EventId,
) -> Result<HashMap<ChannelId, ChannelInfo>, DbError> {
    let rows = db
        .query(
            "SELECT c.id, c.kind, c.room_id
                 FROM channels c LEFT JOIN rooms r ON r.id = c.room_id
                 WHERE c.event_id = ? AND c.kind <> 'direct' AND r.deleted_at IS NULL",
        )
        .bind(id.bytes())
        .fetch_all(&mut *connection)
        .await?;
    rows.iter()
        .map(|row| {
            let kind = row.text("kind")?;
            let info = ChannelInfo {
                kind: ChannelKind::from_name(&kind)
                    .ok_or_else(|| unknown("channel kind", &kind))?,
                room: row.optional_uuid("room_id")?.map(RoomId),
            };
            Ok((ChannelId(row.uuid("id")?), info))
        })
        .collect()
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

async fn restrictions(
    db: &Db,
    connection: &mut Connection,
    id: EventId,
    now: Timestamp,
) -> Result<HashMap<PersonId, Vec<Restriction>>, DbError> {
    let rows = db
        .query(
            "SELECT person_id, kind, room_id, expires_at FROM sanctions
                 WHERE event_id = ? AND lifted_at IS NULL
                   AND (expires_at IS NULL OR expires_at > ?)",
        )
        .bind(id.bytes())
        .bind(now.0)
        .fetch_all(&mut *connection)
        .await?;
    collect(&rows, |row| {
        let kind = row.text("kind")?;
        Ok(Restriction {
            kind: SanctionKind::from_name(&kind).ok_or_else(|| unknown("sanction", &kind))?,
            room: row.optional_uuid("room_id")?.map(RoomId),
            until: row.optional_time("expires_at")?,
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
