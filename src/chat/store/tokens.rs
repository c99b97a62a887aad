//! Whether a group was committed, when the answer to that was lost.
//!
//! On a server every transaction of the log leaves a token. Whoever asks for it first takes the
//! lock of a channel that the transaction had: that is to be had when the transaction has ended,
//! and then the token is there, or it never will be.
//!
//! If the token is there, the group is answered and published as if nothing had happened; if not,
//! it is written again. So edits, pins and reactions happen once, too, which have no client id as
//! messages have. Tokens are removed after a day. SQLite has none: nothing stands between the log
//! and its file.

use uuid::Uuid;

use super::channels;
use crate::clock::Timestamp;
use crate::db::{Connection, Db, DbError};
use crate::id::ChannelId;
use crate::random::Random;

/// For how long tokens are kept; looked for they are within seconds of the server's return.
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

    /// Leaves the token, as a part of the transaction and after its channels' locks.
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

    /// Whether the transaction that had this channel's lock has left the token. To be relied upon
    /// when the asking transaction is committed: InnoDB shows what is not on disk yet, and
    /// writes it with the next change.
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

/// Removes the tokens that nobody asks for any more.
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
