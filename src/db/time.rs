//! The common time of all nodes: the database's.

use super::{Backend, Columns as _, Db, DbError};
use crate::clock::Timestamp;

impl Db {
    /// The database server's time; `None` for a file.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn time(&self) -> Result<Option<Timestamp>, DbError> {
        let text = match self.backend() {
            Backend::Sqlite => return Ok(None),
            // The time of the statement, not of the transaction's begin.
            Backend::Mysql => "SELECT CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED) AS present",
            Backend::Postgres => {
                "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) AS present"
            }
        };
        let row = self.one(self.query(text)).await?;
        row.map(|row| row.time("present")).transpose()
    }
}
