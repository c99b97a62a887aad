//! Why a database operation failed, and whether it can be retried.

use sqlx::error::DatabaseError;
use sqlx::migrate::MigrateError;
use sqlx::mysql::MySqlDatabaseError;

/// Why a database operation failed.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The setting cannot be used.
    #[error("the database address (--database) cannot be used: {0}")]
    Address(String),
    /// No connection can be opened.
    #[error("the database (--database) cannot be reached: {0}")]
    Unreachable(String),
    /// A newer version of the program has removed something this one needs.
    #[error(
        "a newer version of plenary has changed this database (migration {0}); run that version, \
         or restore a backup"
    )]
    Newer(i64),
    /// Another program is changing the schema and does not finish.
    #[error("another plenary has been changing this database for {0} seconds")]
    Migrating(u64),
    /// The schema could not be brought up to date.
    #[error("the database could not be migrated: {0}")]
    Migrate(MigrateError),
    /// The database refused or could not be reached.
    #[error("the database did not answer as expected: {0}")]
    Sql(sqlx::Error),
    /// The database took too long.
    #[error("the database did not answer in time")]
    TimedOut,
    /// A batched query failed; the log says why.
    #[error("the database did not answer")]
    Unanswered,
    /// A stored value violates the schema's rules.
    #[error("the database holds a value that cannot be read: {0}")]
    Value(String),
}

/// Whether a failed operation can be retried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// Two transactions conflicted: retrying soon may succeed.
    Conflict,
    /// The database as a whole is unavailable (connection lost, server stopping or read-only,
    /// timeout, disk full): everything else will fail now, too, and may succeed once it is back.
    Gone,
    /// The statement is refused, now and later.
    Refused,
}

// The causes are part of the sentences; as sources they would be reported twice.
impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<MigrateError> for DbError {
    fn from(error: MigrateError) -> Self {
        Self::Migrate(error)
    }
}

impl DbError {
    /// Whether a UNIQUE constraint refused the change.
    pub fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Sql(sqlx::Error::Database(error)) if error.is_unique_violation())
    }

    /// Whether two transactions conflicted, so that retrying may succeed.
    pub fn is_conflict(&self) -> bool {
        self.kind() == FailureKind::Conflict
    }

    /// Whether the operation can be retried.
    pub fn kind(&self) -> FailureKind {
        match self {
            Self::Sql(error)
            | Self::Migrate(
                MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _),
            ) => kind(error),
            Self::Unreachable(_) | Self::TimedOut | Self::Unanswered => FailureKind::Gone,
            Self::Address(_)
            | Self::Newer(_)
            | Self::Migrating(_)
            | Self::Migrate(_)
            | Self::Value(_) => FailureKind::Refused,
        }
    }
}

fn kind(error: &sqlx::Error) -> FailureKind {
    match error {
        sqlx::Error::Database(error) => answered(error.as_ref()),
        // A connection that was cut in the middle of an answer shows up as a protocol error.
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::BeginFailed => FailureKind::Gone,
        _ => FailureKind::Refused,
    }
}

/// The kind of an error that the database itself returned.
fn answered(error: &(dyn DatabaseError + 'static)) -> FailureKind {
    if let Some(error) = error.try_downcast_ref::<MySqlDatabaseError>() {
        return mysql(error.number());
    }
    let code = error.code().unwrap_or_default();
    match code.parse::<u32>() {
        // SQLite's extended codes hold the plain one in their last byte, and never have five
        // digits.
        Ok(number) if code.len() < 5 => sqlite(number & 0xff),
        _ => postgres(&code),
    }
}

/// <https://mariadb.com/kb/en/mariadb-error-code-reference/>
fn mysql(number: u16) -> FailureKind {
    match number {
        // Lock wait timeout, deadlock, a row that changed meanwhile.
        1205 | 1213 | 1020 => FailureKind::Conflict,
        // Too many connections.
        1040 | 1203 | 1226
        // Shut down, killed, interrupted, cut; an idle timeout.
        | 1053 | 1077..=1080 | 1152..=1161 | 1184 | 1317 | 1927 | 1969 | 2006 | 2013 | 4031
        // Disk full.
        | 1021 | 1030 | 1114
        // Read-only now: another server has taken over.
        | 1290 | 1792 | 1836 | 1047 => FailureKind::Gone,
        _ => FailureKind::Refused,
    }
}

/// <https://www.postgresql.org/docs/current/errcodes-appendix.html>
fn postgres(code: &str) -> FailureKind {
    match code {
        // Serialization failure, deadlock, lock wait.
        "40001" | "40P01" | "55P03" => FailureKind::Conflict,
        // Read-only now; idle in a transaction for too long; statement timeout.
        "25006" | "25P03" | "57014" => FailureKind::Gone,
        // Connections; resources, including a full disk; shutting down; system errors.
        _ if ["08", "53", "57P", "58"].iter().any(|class| code.starts_with(class)) => {
            FailureKind::Gone
        }
        _ => FailureKind::Refused,
    }
}

/// <https://www.sqlite.org/rescode.html>
fn sqlite(code: u32) -> FailureKind {
    match code {
        // Busy, locked.
        5 | 6 => FailureKind::Conflict,
        // Out of memory, read-only, I/O, disk full, cannot be opened.
        7 | 8 | 10 | 13 | 14 => FailureKind::Gone,
        _ => FailureKind::Refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_connection_is_no_reason_to_retry_entries_one_by_one() {
        let lost = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
        assert_eq!(DbError::from(sqlx::Error::Io(lost)).kind(), FailureKind::Gone);
        assert_eq!(DbError::from(sqlx::Error::PoolTimedOut).kind(), FailureKind::Gone);
        assert_eq!(DbError::TimedOut.kind(), FailureKind::Gone);
        assert_eq!(DbError::Value(String::new()).kind(), FailureKind::Refused);
    }

    #[test]
    fn the_servers_codes_are_known() {
        for code in ["57P01", "53100", "08006", "25P03", "58030"] {
            assert_eq!(postgres(code), FailureKind::Gone, "{code}");
        }
        assert_eq!(postgres("22001"), FailureKind::Refused);
        assert_eq!(postgres("55P03"), FailureKind::Conflict);
        for number in [1053, 1927, 1021, 1836] {
            assert_eq!(mysql(number), FailureKind::Gone, "{number}");
        }
        assert_eq!(mysql(1406), FailureKind::Refused);
        // SQLITE_IOERR_FSYNC, SQLITE_BUSY_SNAPSHOT, SQLITE_CONSTRAINT_UNIQUE.
        assert_eq!(
            [1034, 517, 2067].map(|code| sqlite(code & 0xff)),
            [FailureKind::Gone, FailureKind::Conflict, FailureKind::Refused]
        );
    }
}
