//! The channels that belong to an event, its rooms, and the objects of capabilities.

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::clock::Timestamp;
use crate::db::dialect::value_groups;
use crate::db::{Db, DbError, Transaction};
use crate::events::{ChannelKind, EventChange};
use crate::id::{ChannelId, EventId};
use crate::random::Random;

/// Rows in one INSERT: nine values each stay far below what every database takes.
const ROWS: usize = 500;

/// Opens channels of kinds that are registered, each belonging to an object (a room, a booth) or, without
/// one, to the event itself: one of a kind.
///
/// # Errors
/// When the database refuses, or one of them is open.
pub async fn open(
    change: &mut EventChange<'_>,
    channels: &[(ChannelKind, Option<Uuid>)],
) -> Result<Vec<ChannelId>, DbError> {
    let (db, random, event, now) = (change.db(), change.random(), change.event, change.now);
    open_in(db, &mut change.transaction, event, channels, now, random).await
}

/// The same in a transaction that makes the event.
pub(super) async fn open_in(
    db: &Db,
    transaction: &mut Transaction,
    event: EventId,
    channels: &[(ChannelKind, Option<Uuid>)],
    now: Timestamp,
    random: &Random,
) -> Result<Vec<ChannelId>, DbError> {
    let ids: Vec<_> = channels.iter().map(|_| ChannelId::new(now, random)).collect();
    let rows: Vec<_> = ids.iter().zip(channels).collect();
    for chunk in rows.chunks(ROWS) {
        let mut statement = db.query_built(format!(
            "INSERT INTO channels (id, event_id, room_id, kind, channel_key, last_seq,
                                   message_count, last_message_at, created_at)
             VALUES {}",
            value_groups(chunk.len(), 9)
        ));
        for (id, (kind, object)) in chunk {
            statement = statement
                .bind(id.bytes())
                .bind(event.bytes())
                .bind(object.map(|object| object.into_bytes().to_vec()))
                .bind(kind.name())
                .bind(key(*kind, event, *object))
                .bind(0_i64)
                .bind(0_i64)
                .bind(None::<i64>)
                .bind(now.0);
        }
        statement.execute(&mut **transaction).await?;
    }
    Ok(ids)
}

/// What makes a channel the only one of its kind: the kind and whose it is.
fn key(kind: ChannelKind, event: EventId, object: Option<Uuid>) -> Vec<u8> {
    let owner = object.unwrap_or(event.0);
    Sha256::digest(format!("{}:{owner}", kind.name())).to_vec()
}
