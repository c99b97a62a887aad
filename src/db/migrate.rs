//! Migrates the schema, one program at a time.
//!
//! Any number of hubs and commands may start at once on a database: the first to get the lock
//! migrates, the others wait and find nothing to do. As the driver's own lock does nothing on
//! MariaDB and SQLite, this uses `GET_LOCK` on MariaDB and MySQL, an advisory lock on PostgreSQL,
//! and the file lock on SQLite.
//!
//! While hubs of two versions run, the older one meets the schema of the newer. It can live with
//! additions. Migrations that remove something are named `NNNN_contract_….sql`, and an older
//! program refuses such a database; see CONTRIBUTING.md.

use std::time::Duration;

use sqlx::migrate::{Migrate as _, Migrator};
use sqlx::{Connection as _, Executor as _};
use tokio::time::{Instant, sleep};

use super::{Backend, Columns, Connection, Db, DbError, Transaction};

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static MYSQL: Migrator = sqlx::migrate!("migrations/mysql");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

const TABLE: &str = "_sqlx_migrations";
const APPLIED: &str = "SELECT version, description, checksum FROM _sqlx_migrations WHERE success";
const INTERRUPTED: &str = "DELETE FROM _sqlx_migrations WHERE NOT success";

/// How long to wait for others.
const TIMEOUT: Duration = Duration::from_secs(10 * 60);
/// How often to check whether they are done, or a busy table is free.
const INTERVAL: Duration = Duration::from_millis(100);

/// The numbers of migrations by state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MigrationState {
    /// Applied to this database.
    pub applied: usize,
    /// Known to this program but not applied yet.
    pub missing: usize,
    /// Applied by a newer program and unknown to this one.
    pub unknown: usize,
    /// The first unknown one that removes something this program may need.
    pub contracted: Option<i64>,
}

impl Db {
    /// Applies the missing migrations. Each is written so that it can be run again after an
    /// interruption (MySQL commits each DDL statement by itself).
    ///
    /// # Errors
    /// When a migration fails, or a newer version has removed something this one needs.
    pub async fn migrate(&self) -> Result<(), DbError> {
        // Nearly always there is nothing to do, and then no lock is taken.
        if self.is_current().await? {
            return Ok(());
        }
        if self.backend == Backend::Sqlite {
            let mut transaction = self.lock_file().await?;
            self.migrate_alone(&mut transaction).await?;
            return Ok(transaction.commit().await?);
        }
        let mut connection = self.open().await?;
        self.lock_schema(&mut connection).await?;
        let migrated = self.migrate_alone(&mut connection).await;
        // The lock ends with the connection.
        connection.close().await?;
        migrated
    }

    /// Compares the schema with this version of the program, without changing anything.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn migration_state(&self) -> Result<MigrationState, DbError> {
        let rows = match self.all(self.query(APPLIED)).await {
            Ok(rows) => rows,
            // The first migration creates the table.
            Err(DbError::Sql(sqlx::Error::Database(_))) => Vec::new(),
            Err(error) => return Err(error),
        };
        let known = || self.migrator().iter();
        let mut state = MigrationState { missing: known().count(), ..MigrationState::default() };
        for row in &rows {
            let (version, checksum) = (row.number("version")?, row.blob("checksum")?);
            state.applied += 1;
            match known().find(|migration| migration.version == version) {
                Some(migration) if *migration.checksum == *checksum => state.missing -= 1,
                // An applied file has changed; applying will report that.
                Some(_) => {}
                None => {
                    state.unknown += 1;
                    if state.contracted.is_none() && is_contracting(&row.text("description")?) {
                        state.contracted = Some(version);
                    }
                }
            }
        }
        Ok(state)
    }

    async fn is_current(&self) -> Result<bool, DbError> {
        let state = self.migration_state().await?;
        if let Some(version) = state.contracted {
            return Err(DbError::Newer(version));
        }
        if state.unknown > 0 {
            tracing::info!(
                migrations = state.unknown,
                "a newer version of plenary has added to this database; that does no harm"
            );
        }
        Ok(state.missing == 0)
    }

    /// Waits until no other program writes to the SQLite file. What is then written under the
    /// file's own lock is atomic.
    async fn lock_file(&self) -> Result<Transaction, DbError> {
        let begin = Instant::now();
        loop {
            match self.begin().await {
                Err(error) if error.is_conflict() && begin.elapsed() < TIMEOUT => {
                    sleep(INTERVAL).await;
                }
                begun => return begun,
            }
        }
    }

    /// Waits until no other program changes the server's schema. Polls instead of waiting within
    /// one statement, which would hit the session's lock timeout.
    async fn lock_schema(&self, connection: &mut Connection) -> Result<(), DbError> {
        let text = match self.backend {
            // Lock numbers are scoped to the database.
            Backend::Sqlite | Backend::Postgres => {
                "SELECT CAST(CAST(pg_try_advisory_lock(7597122) AS INTEGER) AS BIGINT) AS locked"
            }
            // Lock names are global to the server, and limited to less than a database's name.
            Backend::Mysql => {
                "SELECT CAST(COALESCE(GET_LOCK(CONCAT('plenary.', MD5(DATABASE())), 0), 0) AS SIGNED)
                     AS locked"
            }
        };
        let begin = Instant::now();
        while !self.query(text).fetch_one(&mut *connection).await?.flag("locked")? {
            if begin.elapsed() > TIMEOUT {
                return Err(DbError::Migrating(TIMEOUT.as_secs()));
            }
            sleep(INTERVAL).await;
        }
        Ok(())
    }

    /// Applies what is missing, while holding the lock.
    async fn migrate_alone(&self, connection: &mut Connection) -> Result<(), DbError> {
        let begin = Instant::now();
        loop {
            match self.apply_missing(connection).await {
                // A serving hub uses the table. Retry instead of waiting for the lock, which would
                // make everyone else queue behind us.
                Err(error) if error.is_conflict() && begin.elapsed() < TIMEOUT => {
                    tracing::warn!(%error, "a migration waits for a busy table");
                    sleep(INTERVAL).await;
                }
                outcome => return outcome,
            }
        }
    }

    async fn apply_missing(&self, connection: &mut Connection) -> Result<(), DbError> {
        connection.ensure_migrations_table(TABLE).await?;
        let interrupted = connection.execute(INTERRUPTED).await?.rows_affected();
        if interrupted > 0 {
            tracing::warn!("a migration was interrupted; it is run again");
        }
        let mut migrator = Migrator::with_migrations(self.migrator().iter().cloned().collect());
        migrator.set_locking(false).set_ignore_missing(true);
        migrator.run_direct(None, connection, false).await?;
        Ok(())
    }

    fn migrator(&self) -> &'static Migrator {
        match self.backend {
            Backend::Sqlite => &SQLITE,
            Backend::Mysql => &MYSQL,
            Backend::Postgres => &POSTGRES,
        }
    }
}

/// A migration's description is its file name without the number, with spaces.
fn is_contracting(description: &str) -> bool {
    description.split_whitespace().next() == Some("contract")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrations_that_remove_something_are_recognized_by_name() {
        assert!(is_contracting("contract mail outbox"));
        assert!(!is_contracting("contracts of speakers"));
        assert!(!is_contracting("installation"));
    }

    #[test]
    fn the_three_databases_have_the_same_migrations() {
        let names = |migrator: &Migrator| -> Vec<(i64, String)> {
            migrator.iter().map(|one| (one.version, one.description.to_string())).collect()
        };
        assert_eq!(names(&SQLITE), names(&MYSQL));
        assert_eq!(names(&SQLITE), names(&POSTGRES));
    }
}
