//! The channels that belong to an event and its rooms.

use sha2::{Digest as _, Sha256};

use crate::clock::Timestamp;
use crate::db::dialect::value_groups;
use crate::db::{Db, DbError, Transaction};
use crate::events::ChannelKind;
use crate::id::{ChannelId, EventId, RoomId};
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

/// The unique key of a channel: its kind and owner.
fn key(kind: ChannelKind, event: EventId, room: Option<RoomId>) -> Vec<u8> {
    let owner = room.map_or(event.0, |room| room.0);
    Sha256::digest(format!("{}:{owner}", kind.name())).to_vec()
}
