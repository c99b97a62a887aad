//! A connection outside the pool for one task alone: it is available however busy the pool is, and
//! whatever goes wrong on it does not affect others.
//!
//! Servers are told to roll back a transaction that has been idle for three seconds, so that a node
//! frozen in the middle of one blocks the others no longer than that; its own commit then fails.
//! Waiting for locks takes longer, up to five seconds, so that they are granted rather than
//! refused.

use std::time::Duration;

use sqlx::any::Any;
use sqlx::{AnyConnection, Connection as _};
use tokio::time::{Instant, timeout};

use super::{Backend, Db, DbError};

/// How long opening a connection may take.
const OPEN_TIMEOUT: Duration = Duration::from_secs(3);
/// After how much idle time the connection is checked before use.
const IDLE_LIMIT: Duration = Duration::from_secs(5);
/// How long that check may take.
const PING: Duration = Duration::from_secs(1);

/// The connection, opened on demand. For SQLite the one shared writing connection is used instead,
/// as it cannot be lost.
#[derive(Debug)]
pub struct Dedicated {
    db: Db,
    open: Option<(AnyConnection, Instant)>,
}

impl Dedicated {
    pub(super) fn new(db: Db) -> Self {
        Self { db, open: None }
    }

    /// Whether it is a connection to a server, which can be lost before an answer arrives.
    pub fn can_be_lost(&self) -> bool {
        self.db.backend != Backend::Sqlite
    }

    /// Begins a transaction that may write. After any failure, call [`Dedicated::let_go`].
    ///
    /// # Errors
    /// When no connection can be opened.
    pub async fn begin(&mut self) -> Result<sqlx::Transaction<'_, Any>, DbError> {
        if self.db.backend == Backend::Sqlite {
            return self.db.begin().await;
        }
        if self.is_stale().await {
            self.open = None;
        }
        let connection = match self.open.take() {
            Some((connection, _)) => connection,
            None => timeout(OPEN_TIMEOUT, self.db.open()).await.map_err(|_| {
                DbError::Unreachable(format!("no answer within {} seconds", OPEN_TIMEOUT.as_secs()))
            })??,
        };
        let (connection, _) = self.open.insert((connection, Instant::now()));
        Ok(connection.begin().await?)
    }

    /// Drops the connection, whatever its state; the server rolls back what was in progress on it.
    pub fn let_go(&mut self) {
        self.open = None;
    }

    /// Closes the connection cleanly.
    pub async fn close(mut self) {
        if let Some((connection, _)) = self.open.take() {
            // A server that does not answer is abandoned.
            let _ = timeout(PING, connection.close()).await;
        }
    }

    /// A server may have closed an idle connection; a firewall may have dropped it.
    async fn is_stale(&mut self) -> bool {
        let Some((connection, used)) = &mut self.open else { return false };
        used.elapsed() > IDLE_LIMIT && !matches!(timeout(PING, connection.ping()).await, Ok(Ok(())))
    }
}
