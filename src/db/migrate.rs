//! Brings the schema up to date.

use sqlx::migrate::Migrator;

use super::{Backend, Columns, Db, DbError};

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static MYSQL: Migrator = sqlx::migrate!("migrations/mysql");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

const APPLIED: &str = "SELECT version FROM _sqlx_migrations WHERE success";

/// How many migrations are in which state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MigrationState {
    /// Applied to this database.
    pub applied: usize,
    /// Known to this program and not applied yet.
    pub missing: usize,
    /// Applied, and not known to this program: a newer one did it.
    pub unknown: usize,
}

impl Db {
    /// Applies the migrations that are missing. Every one is written so that it can be run again
    /// after it was interrupted (MySQL commits each DDL statement by itself).
    ///
    /// # Errors
    /// When a migration fails, or the database was migrated by a newer version.
    pub async fn migrate(&self) -> Result<(), DbError> {
        self.migrator().run(&self.writer).await?;
        Ok(())
    }

    /// How the schema and this version of the program stand to each other. Changes nothing.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn migration_state(&self) -> Result<MigrationState, DbError> {
        let known: Vec<i64> = self.migrator().iter().map(|migration| migration.version).collect();
        let applied = match self.all(self.query(APPLIED)).await {
            Ok(rows) => rows,
            // The table comes with the first migration.
            Err(DbError::Sql(sqlx::Error::Database(_))) => Vec::new(),
            Err(error) => return Err(error),
        };
        let applied =
            applied.iter().map(|row| row.number("version")).collect::<Result<Vec<_>, _>>()?;
        Ok(MigrationState {
            applied: applied.len(),
            missing: known.iter().filter(|version| !applied.contains(version)).count(),
            unknown: applied.iter().filter(|version| !known.contains(version)).count(),
        })
    }

    fn migrator(&self) -> &'static Migrator {
        match self.backend {
            Backend::Sqlite => &SQLITE,
            Backend::Mysql => &MYSQL,
            Backend::Postgres => &POSTGRES,
        }
    }
}
