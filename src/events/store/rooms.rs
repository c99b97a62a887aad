//! Rooms.

use std::collections::HashMap;

use sqlx::any::AnyRow;

use super::channels;
use crate::db::dialect::value_groups;
use crate::db::{Columns, Db, DbError};
use crate::events::view::Room;
use crate::events::{ChannelKind, EventChange};
use crate::id::{ChannelId, EventId, RoomId};

/// Rows in one INSERT: eleven values each stay far below what every database takes.
const ROWS: usize = 500;

/// The channels of a room.
const KINDS: [ChannelKind; 2] = [ChannelKind::ROOM, ChannelKind::STAFF];

/// A room as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomRow {
    /// Its id.
    pub id: RoomId,
    /// What an import knows it by; unique in the event.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// How many fit in.
    pub capacity: Option<u32>,
    /// Its place in the list.
    pub position: u32,
    /// Whether only organizers see it.
    pub hidden: bool,
    /// The least time between two messages of a person; 0 for none.
    pub slow_mode_seconds: u32,
    /// Whether only moderators may write.
    pub locked: bool,
}

impl RoomRow {
    /// The room as its staff sees it; nothing when a channel is missing, which cannot be.
    fn view(self, channels: &HashMap<(RoomId, ChannelKind), ChannelId>) -> Option<Room> {
        let channel = |kind| channels.get(&(self.id, kind)).copied();
        Some(Room {
            channel: channel(ChannelKind::ROOM)?,
            staff_channel: Some(channel(ChannelKind::STAFF)?),
            id: self.id,
            name: self.name,
            description: self.description,
            capacity: self.capacity,
            position: self.position,
            hidden: self.hidden,
            slow_mode_seconds: self.slow_mode_seconds,
            locked: self.locked,
        })
    }
}

const READ: &str = "SELECT id, room_key, name, description, capacity, position, hidden,
                           slow_mode_seconds, locked
                    FROM rooms WHERE event_id = ? AND deleted_at IS NULL
                    ORDER BY position, name, id";

/// The event's rooms as their staff sees them, in order.
///
/// # Errors
/// When the database does not answer.
pub async fn view(db: &Db, event: EventId) -> Result<Vec<Room>, DbError> {
    let text = "SELECT id, kind, room_id FROM channels WHERE event_id = ? AND kind IN (?, ?)";
    let statement = db.query(text).bind(event.bytes());
    let statement = KINDS.iter().fold(statement, |one, kind| one.bind(kind.name()));
    let mut channels = HashMap::new();
    for row in db.all(statement).await? {
        let name = row.text("kind")?;
        let kind = KINDS.into_iter().find(|kind| kind.name() == name);
        if let (Some(kind), Some(room)) = (kind, row.optional_uuid("room_id")?) {
            channels.insert((RoomId(room), kind), ChannelId(row.uuid("id")?));
        }
    }
    let rows = db.all(db.query(READ).bind(event.bytes())).await?;
    let rooms = rows.iter().map(room_row).collect::<Result<Vec<_>, _>>()?;
    Ok(rooms.into_iter().filter_map(|room| room.view(&channels)).collect())
}

/// The event's rooms as this change sees them, in order.
///
/// # Errors
/// When the database does not answer.
pub async fn read_in(db: &Db, change: &mut EventChange<'_>) -> Result<Vec<RoomRow>, DbError> {
    let statement = db.query(READ).bind(change.event.bytes());
    statement.fetch_all(&mut *change.transaction).await?.iter().map(room_row).collect()
}

fn room_row(row: &AnyRow) -> Result<RoomRow, DbError> {
    Ok(RoomRow {
        id: RoomId(row.uuid("id")?),
        key: row.text("room_key")?,
        name: row.text("name")?,
        description: row.text("description")?,
        capacity: super::optional_small(row, "capacity")?,
        position: super::small(row, "position")?,
        hidden: row.flag("hidden")?,
        slow_mode_seconds: super::small(row, "slow_mode_seconds")?,
        locked: row.flag("locked")?,
    })
}

/// Stores new rooms and opens their channels.
///
/// # Errors
/// When the database refuses.
pub async fn insert(
    db: &Db,
    change: &mut EventChange<'_>,
    rooms: &[RoomRow],
) -> Result<(), DbError> {
    for chunk in rooms.chunks(ROWS) {
        let mut statement = db.query_built(format!(
            "INSERT INTO rooms (id, event_id, room_key, name, description, capacity, position,
                                hidden, slow_mode_seconds, locked, created_at)
             VALUES {}",
            value_groups(chunk.len(), 11)
        ));
        for room in chunk {
            statement = statement
                .bind(room.id.bytes())
                .bind(change.event.bytes())
                .bind(room.key.clone())
                .bind(room.name.clone())
                .bind(room.description.clone())
                .bind(room.capacity.map(i64::from))
                .bind(i64::from(room.position))
                .bind(i64::from(room.hidden))
                .bind(i64::from(room.slow_mode_seconds))
                .bind(i64::from(room.locked))
                .bind(change.now.0);
        }
        statement.execute(&mut *change.transaction).await?;
    }
    let channels = rooms.iter().flat_map(|room| KINDS.map(|kind| (kind, Some(room.id.0))));
    channels::open(change, &channels.collect::<Vec<_>>()).await?;
    Ok(())
}

/// Stores a changed room.
///
/// # Errors
/// When the database refuses.
pub async fn update(db: &Db, change: &mut EventChange<'_>, room: &RoomRow) -> Result<(), DbError> {
    db.query(
        "UPDATE rooms SET room_key = ?, name = ?, description = ?, capacity = ?, position = ?,
                hidden = ?, slow_mode_seconds = ?, locked = ?
         WHERE id = ? AND event_id = ?",
    )
    .bind(room.key.clone())
    .bind(room.name.clone())
    .bind(room.description.clone())
    .bind(room.capacity.map(i64::from))
    .bind(i64::from(room.position))
    .bind(i64::from(room.hidden))
    .bind(i64::from(room.slow_mode_seconds))
    .bind(i64::from(room.locked))
    .bind(room.id.bytes())
    .bind(change.event.bytes())
    .execute(&mut *change.transaction)
    .await?;
    Ok(())
}

/// Deletes a room. Its row, its channels and their messages stay; its key becomes free.
pub(in crate::events) async fn delete(
    db: &Db,
    change: &mut EventChange<'_>,
    room: RoomId,
) -> Result<(), DbError> {
    db.query("UPDATE rooms SET deleted_at = ?, room_key = ? WHERE id = ? AND event_id = ?")
        .bind(change.now.0)
        .bind(format!("deleted:{room}"))
        .bind(room.bytes())
        .bind(change.event.bytes())
        .execute(&mut *change.transaction)
        .await?;
    Ok(())
}

/// A room's switch for moderators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    /// The least time between two messages of a person, in seconds; 0 for none.
    SlowMode(u32),
    /// Whether only moderators may write.
    Lock(bool),
}

/// Turns a switch of a room.
///
/// # Errors
/// When the database refuses.
pub async fn turn(
    db: &Db,
    change: &mut EventChange<'_>,
    room: RoomId,
    switch: Switch,
) -> Result<(), DbError> {
    let statement = match switch {
        Switch::SlowMode(seconds) => db
            .query("UPDATE rooms SET slow_mode_seconds = ? WHERE id = ? AND event_id = ?")
            .bind(i64::from(seconds)),
        Switch::Lock(locked) => db
            .query("UPDATE rooms SET locked = ? WHERE id = ? AND event_id = ?")
            .bind(i64::from(locked)),
    };
    statement
        .bind(room.bytes())
        .bind(change.event.bytes())
        .execute(&mut *change.transaction)
        .await?;
    Ok(())
}
