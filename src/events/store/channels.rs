//! Everything that is written of channels: those of an event and its rooms are opened with them,
//! direct ones by talk, whose log also moves them on.

use sha2::{Digest as _, Sha256};

use crate::clock::Timestamp;
use crate::db::dialect::value_groups;
use crate::db::{Connection, Db, DbError, Transaction, signed};
use crate::events::ChannelKind;
use crate::id::{ChannelId, EventId, PersonId, RoomId};
use crate::random::Random;

/// Rows in one INSERT: nine values each stay far below what every database takes.
const ROWS: usize = 500;

/// Opens the event's channel for announcements.
pub(super) async fn open_announcements(
    db: &Db,
    transaction: &mut Transaction,
    event: EventId,
    now: Timestamp,
    random: &Random,
) -> Result<(), DbError> {
    open(db, transaction, event, &[(None, ChannelKind::Announcements)], now, random).await
}

/// Opens the two channels of each of these rooms: the talk and the staff's.
pub(super) async fn open_of_rooms(
    db: &Db,
    transaction: &mut Transaction,
    event: EventId,
    rooms: &[RoomId],
    now: Timestamp,
    random: &Random,
) -> Result<(), DbError> {
    let kinds = [ChannelKind::Room, ChannelKind::Staff];
    let channels: Vec<_> =
        rooms.iter().flat_map(|room| kinds.map(|kind| (Some(*room), kind))).collect();
    open(db, transaction, event, &channels, now, random).await
}

async fn open(
    db: &Db,
    transaction: &mut Transaction,
    event: EventId,
    channels: &[(Option<RoomId>, ChannelKind)],
    now: Timestamp,
    random: &Random,
) -> Result<(), DbError> {
    for chunk in channels.chunks(ROWS) {
        let mut statement = db.query_built(format!(
            "INSERT INTO channels (id, event_id, room_id, kind, channel_key, last_seq,
                                   message_count, last_message_at, created_at)
             VALUES {}",
            value_groups(chunk.len(), 9)
        ));
        for (room, kind) in chunk {
            statement = statement
                .bind(ChannelId::new(now, random).bytes())
                .bind(event.bytes())
                .bind(room.map(RoomId::bytes))
                .bind(kind.name())
                .bind(key(*kind, event, *room))
                .bind(0_i64)
                .bind(0_i64)
                .bind(None::<i64>)
                .bind(now.0);
        }
        statement.execute(&mut **transaction).await?;
    }
    Ok(())
}

/// A direct channel to be opened.
#[derive(Debug)]
pub struct NewDirect {
    /// Its identifier.
    pub id: ChannelId,
    /// The event it is in.
    pub event: EventId,
    /// What makes it the only one of its people.
    pub key: Vec<u8>,
    /// Who opens it.
    pub opener: PersonId,
    /// When.
    pub now: Timestamp,
}

/// Opens a direct channel.
///
/// # Errors
/// When the database refuses; with a unique violation when its people have one already.
pub async fn open_direct(
    db: &Db,
    transaction: &mut Connection,
    new: NewDirect,
) -> Result<(), DbError> {
    db.query(
        "INSERT INTO channels
             (id, event_id, kind, channel_key, opened_by, last_seq, message_count, created_at)
         VALUES (?, ?, ?, ?, ?, 0, 0, ?)",
    )
    .bind(new.id.bytes())
    .bind(new.event.bytes())
    .bind(ChannelKind::Direct.name())
    .bind(new.key)
    .bind(new.opener.bytes())
    .bind(new.now.0)
    .execute(transaction)
    .await?;
    Ok(())
}

/// How far a channel has come.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// The number of its last change.
    pub seq: u64,
    /// How many messages there have been.
    pub count: u64,
    /// When the last change was made.
    pub at: Timestamp,
}

/// Moves a channel on, whose row the transaction has locked: by the log alone, with every group of
/// changes.
///
/// # Errors
/// When the database refuses.
pub async fn advance(
    db: &Db,
    transaction: &mut Connection,
    channel: ChannelId,
    to: Progress,
) -> Result<(), DbError> {
    db.query(
        "UPDATE channels SET last_seq = ?, message_count = ?, last_message_at = ? WHERE id = ?",
    )
    .bind(signed(to.seq))
    .bind(signed(to.count))
    .bind(to.at.0)
    .bind(channel.bytes())
    .execute(transaction)
    .await?;
    Ok(())
}

/// What makes a channel the only one of its kind: the kind and whose it is.
fn key(kind: ChannelKind, event: EventId, room: Option<RoomId>) -> Vec<u8> {
    let owner = room.map_or(event.0, |room| room.0);
    Sha256::digest(format!("{}:{owner}", kind.name())).to_vec()
}
