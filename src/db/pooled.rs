//! Connections of the pool and the time that they have to answer.
//!
//! A server can fall silent on a connection without closing it, and the network gives up much later.

use std::time::Duration;

use sqlx::any::Any;
use sqlx::pool::PoolConnection;
use tokio::time::error::Elapsed;

use super::{Backend, Connection, DbError};

/// How long reading may take.
pub const READ_TIMEOUT: Duration = Duration::from_secs(5);

/// A connection of the pool on which an answer is awaited. Without an answer in time it is closed,
/// also when the caller has given up waiting: sqlx would ping it, without a time limit, before it is
/// used again, and keep its place in the pool meanwhile.
#[derive(Debug)]
pub struct Pooled {
    connection: PoolConnection<Any>,
    /// Whether it can be used again.
    is_usable: bool,
}

impl Pooled {
    pub(super) fn new(backend: Backend, connection: PoolConnection<Any>) -> Self {
        // A file does not fall silent; and a statement goes on in its own thread.
        Self { connection, is_usable: backend == Backend::Sqlite }
    }

    /// The connection.
    pub fn connection(&mut self) -> &mut Connection {
        &mut self.connection
    }

    /// Gives it back, with the outcome of a wait that was limited, by [`READ_TIMEOUT`] for example.
    ///
    /// # Errors
    /// Those of the statements; or [`DbError::TimedOut`].
    pub fn finish<T, E>(mut self, outcome: Result<Result<T, E>, Elapsed>) -> Result<T, DbError>
    where
        DbError: From<E>,
    {
        let answer = outcome.map_err(|_| DbError::TimedOut)?;
        self.is_usable = true;
        Ok(answer?)
    }
}

impl Drop for Pooled {
    fn drop(&mut self) {
        if !self.is_usable {
            self.connection.close_on_drop();
        }
    }
}
