//! Brings the schema up to date.

use sqlx::migrate::Migrator;

use super::{Backend, Db, DbError};

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static MYSQL: Migrator = sqlx::migrate!("migrations/mysql");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

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

    /// How many migrations this version of the program knows of.
    pub fn known_migrations(&self) -> usize {
        self.migrator().iter().count()
    }

    fn migrator(&self) -> &'static Migrator {
        match self.backend {
            Backend::Sqlite => &SQLITE,
            Backend::Mysql => &MYSQL,
            Backend::Postgres => &POSTGRES,
        }
    }
}
