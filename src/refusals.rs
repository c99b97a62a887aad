//! Converts database errors to refusals, here because neither `db/` nor `protocol/` knows the
//! other.

use crate::db::DbError;
use crate::protocol::Refusal;

impl From<DbError> for Refusal {
    fn from(error: DbError) -> Self {
        tracing::error!(%error, "a request failed at the database");
        let message = "The database did not answer. Nothing was changed; please try again.";
        Self::new("server.storage", message).retry_after(2_000)
    }
}
