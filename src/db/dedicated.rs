//! A connection that one task has for itself, outside of the pool: whatever waits for the pool's
//! connections, this one is there; and whatever goes wrong on it, nobody else gets it afterwards.
//!
//! Servers are told to roll back a transaction that has been silent for three seconds, so that a
//! node that was frozen in the middle of one holds the others up no longer than that; its own
//! commit then fails. Locks are waited for longer, five seconds, so that they are granted rather
//! than refused.

use std::time::Duration;

use sqlx::any::Any;
use sqlx::{AnyConnection, Connection as _};
use tokio::time::{Instant, timeout};

use super::{Backend, Db, DbError};

/// How long opening a connection may take.
const OPEN: Duration = Duration::from_secs(3);
/// After how long a silence it is asked whether the connection still is one.
const SILENCE: Duration = Duration::from_secs(5);
/// How long that answer may take.
const PING: Duration = Duration::from_secs(1);

/// The connection, opened when it is needed. SQLite has one writing connection for everybody, as
/// nothing stands between it and its file; that one is used instead.
#[derive(Debug)]
pub struct Dedicated {
    db: Db,
    open: Option<(AnyConnection, Instant)>,
}

impl Dedicated {
    pub(super) fn new(db: Db) -> Self {
        Self { db, open: None }
    }

    /// Whether it is a server's connection, which can be lost with an answer on the way.
    pub fn can_be_lost(&self) -> bool {
        self.db.backend != Backend::Sqlite
    }

    /// Begins a transaction that may write. After any failure [`Dedicated::let_go`] must follow.
    ///
    /// # Errors
    /// When no connection is to be had.
    pub async fn begin(&mut self) -> Result<sqlx::Transaction<'_, Any>, DbError> {
        if self.db.backend == Backend::Sqlite {
            return self.db.begin().await;
        }
        if self.is_stale().await {
            self.open = None;
        }
        let connection = match self.open.take() {
            Some((connection, _)) => connection,
            None => timeout(OPEN, self.db.open()).await.map_err(|_| {
                DbError::Unreachable(format!("no answer within {} seconds", OPEN.as_secs()))
            })??,
        };
        let (connection, _) = self.open.insert((connection, Instant::now()));
        Ok(connection.begin().await?)
    }

    /// Forgets the connection, in whatever state it is; the server rolls back what was under way
    /// on it.
    pub fn let_go(&mut self) {
        self.open = None;
    }

    /// Ends the connection in good order.
    pub async fn close(mut self) {
        if let Some((connection, _)) = self.open.take() {
            // Whoever does not answer is left.
            let _ = timeout(PING, connection.close()).await;
        }
    }

    /// A server may have closed a silent connection; a firewall may have forgotten it.
    async fn is_stale(&mut self) -> bool {
        let Some((connection, used)) = &mut self.open else { return false };
        used.elapsed() > SILENCE && !matches!(timeout(PING, connection.ping()).await, Ok(Ok(())))
    }
}
