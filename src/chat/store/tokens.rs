//! Finds out whether a group was committed if the answer to the commit was lost.
//!
//! On a server every transaction of the log writes a token. To look it up, first take the lock of a
//! channel that the transaction held: once that is granted, the transaction has ended, and the
//! token is there, or never will be.
//!
//! If the token is there, the group is answered and published as if nothing had happened; if not,
//! it is written again. So edits, pins and reactions, which have no client id like messages, happen
//! once, too. Tokens are removed after a day. SQLite needs none: its commits cannot be lost on the
//! way.

use uuid::Uuid;

use super::channels;
use crate::clock::Timestamp;
use crate::db::{Connection, Db, DbError};
use crate::id::ChannelId;
use crate::random::Random;

/// How long tokens are kept; they are looked up within seconds of the server's return.
const KEPT: std::time::Duration = std::time::Duration::from_secs(24 * 60 * 60);

/// Names a group.
#[derive(Clone, Copy, Debug)]
pub(in crate::chat) struct Token(Uuid);

impl Token {
    pub(in crate::chat) fn new(now: Timestamp, random: &Random) -> Self {
        Self(random.uuid(now))
    }

    fn bytes(self) -> Vec<u8> {
        self.0.as_bytes().to_vec()
    }

    /// Writes the token, as part of the transaction and after its channels' locks.
    pub(in crate::chat) async fn leave(
        self,
        db: &Db,
        transaction: &mut Connection,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let insert = "INSERT INTO log_groups (id, written_at) VALUES (?, ?)";
        db.query(insert).bind(self.bytes()).bind(now.0).execute(transaction).await?;
        Ok(())
    }

    /// Whether the transaction that held this channel's lock has written the token. Reliable once
    /// the reading transaction is committed: InnoDB shows what is not on disk yet, and writes it
    /// with the next change.
    pub(in crate::chat) async fn is_there(
        self,
        db: &Db,
        transaction: &mut Connection,
        channel: ChannelId,
    ) -> Result<bool, DbError> {
        channels::lock(db, transaction, channel).await?;
        let touch = "UPDATE log_groups SET written_at = written_at + 1 WHERE id = ?";
        let touched = db.query(touch).bind(self.bytes()).execute(transaction).await?;
        Ok(touched.rows_affected() > 0)
    }
}

/// Removes tokens that are no longer needed.
///
/// # Errors
/// When the database refuses.
pub(in crate::chat) async fn sweep(db: &Db, now: Timestamp) -> Result<(), DbError> {
    // The time is the first part of a token.
    let kept = uuid::Builder::from_unix_timestamp_millis(
        u64::try_from(now.before(KEPT).0).unwrap_or(0),
        &[0; 10],
    );
    let sweep = db.query("DELETE FROM log_groups WHERE id < ?");
    db.run(sweep.bind(kept.into_uuid().as_bytes().to_vec())).await?;
    Ok(())
}
