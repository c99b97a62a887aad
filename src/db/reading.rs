//! Connections of the pool and the time that they have to answer.
//!
//! A server can fall silent on a connection without closing it, and the network gives up much later.

use std::time::Duration;

use sqlx::any::Any;
use sqlx::pool::PoolConnection;
use tokio::time::error::Elapsed;

use super::{Connection, DbError};

/// How long reading may take.
pub const READ_TIMEOUT: Duration = Duration::from_secs(5);

/// Gives a connection back. One that did not answer in time is closed: otherwise sqlx pings it,
/// without a time limit, before it is used again.
pub(super) fn finish<T, E>(
    mut connection: PoolConnection<Any>,
    outcome: Result<Result<T, E>, Elapsed>,
) -> Result<T, DbError>
where
    DbError: From<E>,
{
    match outcome {
        Ok(answer) => Ok(answer?),
        Err(_) => {
            connection.close_on_drop();
            Err(DbError::TimedOut)
        }
    }
}

/// A connection that several statements read on.
#[derive(Debug)]
pub struct Reading(PoolConnection<Any>);

impl Reading {
    pub(super) fn new(connection: PoolConnection<Any>) -> Self {
        Self(connection)
    }

    /// The connection.
    pub fn connection(&mut self) -> &mut Connection {
        &mut self.0
    }

    /// Gives it back, with what came of the reading within [`READ_TIMEOUT`].
    ///
    /// # Errors
    /// Those of the reading; or when it took longer.
    pub fn finish<T>(self, outcome: Result<Result<T, DbError>, Elapsed>) -> Result<T, DbError> {
        finish(self.0, outcome)
    }
}
