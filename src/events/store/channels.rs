//! All writes to `channels`: those of an event and its rooms are opened with them, direct ones by
//! talk, whose log also advances them.

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::clock::Timestamp;
use crate::db::dialect::value_groups;
use crate::db::{Connection, Db, DbError, Transaction, signed};
use crate::events::{ChannelKind, EventChange};
use crate::id::{ChannelId, EventId, PersonId};
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

/// A direct channel to be opened.
#[derive(Debug)]
pub struct NewDirect {
    /// Its identifier.
    pub id: ChannelId,
    /// The event it is in.
    pub event: EventId,
    /// Its kind.
    pub kind: ChannelKind,
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
    .bind(new.kind.name())
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

/// Advances a channel, whose row the transaction has locked: by the log alone, with every group of
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

/// What makes a channel the only one of its kind: the kind and its owner.
fn key(kind: ChannelKind, event: EventId, object: Option<Uuid>) -> Vec<u8> {
    let owner = object.unwrap_or(event.0);
    Sha256::digest(format!("{}:{owner}", kind.name())).to_vec()
}
