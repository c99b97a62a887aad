//! The database: one SQL text for SQLite, MariaDB/MySQL and PostgreSQL.
//!
//! The texts are written with `?`; [`Db::query`] turns them into `$1` for PostgreSQL, here and
//! nowhere else. The rules that keep one text enough: identifiers are 16 bytes, times BIGINT
//! milliseconds, flags SMALLINT, lists JSON in text; no RETURNING, no constraint names, no upsert
//! syntax outside [`dialect`].

pub mod dialect;
mod lease;
pub mod lock;
mod migrate;
mod row;
mod together;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use dashmap::DashMap;
use sqlx::any::{Any, AnyArguments, AnyPoolOptions, AnyRow};
use sqlx::migrate::MigrateError;
use sqlx::mysql::MySqlDatabaseError;
use sqlx::query::Query;
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, Connection as _, Executor as _};

use crate::metrics::DATABASE_STATEMENTS;

pub use dialect::Backend;
pub use migrate::MigrationState;
pub use row::{Columns, from_json, to_json};
pub use together::Together;

/// A statement that waits for its values; see [`sqlx::query::Query`].
pub type Statement = Query<'static, Any, AnyArguments>;
/// A transaction; rolled back unless it is committed.
pub type Transaction = sqlx::Transaction<'static, Any>;

/// Why the database did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The setting cannot be used.
    #[error("the database address (--database) cannot be used: {0}")]
    Address(String),
    /// There is no connection to be had.
    #[error("the database (--database) cannot be reached: {0}")]
    Unreachable(String),
    /// A newer version of the program has changed the schema.
    #[error(
        "a newer version of plenary has changed this database (migration {0}); run that version, \
         or restore a backup"
    )]
    Newer(i64),
    /// The schema could not be brought up to date.
    #[error("the database could not be migrated: {0}")]
    Migrate(MigrateError),
    /// The database refused or could not be reached.
    #[error("the database did not answer as expected: {0}")]
    Sql(sqlx::Error),
    /// A question that was asked together with others was not answered; the log says why.
    #[error("the database did not answer")]
    Unanswered,
    /// A stored value is not what the schema promises.
    #[error("the database holds a value that cannot be read: {0}")]
    Value(String),
}

// The causes stand in the sentences; as sources, they would be told twice.
impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<MigrateError> for DbError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::VersionMissing(version) => Self::Newer(version),
            other => Self::Migrate(other),
        }
    }
}

impl DbError {
    /// Whether a UNIQUE rule refused the change.
    pub fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Sql(sqlx::Error::Database(error)) if error.is_unique_violation())
    }

    /// Whether two transactions stood in each other's way, so that trying again may succeed.
    pub fn is_conflict(&self) -> bool {
        let Self::Sql(sqlx::Error::Database(error)) = self else { return false };
        // MySQL gives a lock wait that took too long (1205) no SQLSTATE of its own.
        let number = error.try_downcast_ref::<MySqlDatabaseError>().map(MySqlDatabaseError::number);
        // Serialization failure; on PostgreSQL deadlock and lock wait.
        matches!(error.code().as_deref(), Some("40001" | "40P01" | "55P03"))
            || number == Some(1205)
            || error.message().contains("database is locked")
    }
}

/// How long a connection may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Opens a connection by itself: a pool tries again until its time is over, and then only says so.
async fn try_once(backend: Backend, url: &str) -> Result<(), DbError> {
    let open = async {
        let mut connection = AnyConnection::connect(url).await?;
        for statement in backend.session_statements() {
            connection.execute(*statement).await?;
        }
        connection.close().await
    };
    match tokio::time::timeout(PATIENCE, open).await {
        Ok(opened) => opened.map_err(|error| DbError::Unreachable(error.to_string())),
        Err(_) => {
            let seconds = PATIENCE.as_secs();
            Err(DbError::Unreachable(format!("no answer within {seconds} seconds")))
        }
    }
}

/// The database, cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    backend: Backend,
    reader: AnyPool,
    writer: AnyPool,
    rewritten: Arc<DashMap<&'static str, Arc<str>>>,
    statements: Arc<AtomicU64>,
}

impl Db {
    /// Connects to `url` (`sqlite:PATH`, `mysql://…`, `mariadb://…`, `postgres://…`), creating a SQLite file that
    /// is missing.
    ///
    /// # Errors
    /// When the address is malformed or the database cannot be reached within 5 seconds.
    pub async fn connect(url: &str, connections: u32) -> Result<Self, DbError> {
        sqlx::any::install_default_drivers();
        let backend = Backend::from_url(url)?;
        let url = backend.prepare_url(url)?;
        try_once(backend, &url).await?;
        let pool = |size: u32| {
            AnyPoolOptions::new()
                .max_connections(size)
                .acquire_timeout(PATIENCE)
                // A file does not go away between two statements, as a server's connection may.
                .test_before_acquire(backend != Backend::Sqlite)
                .after_connect(move |connection, _| {
                    Box::pin(async move {
                        for statement in backend.session_statements() {
                            connection.execute(*statement).await?;
                        }
                        Ok(())
                    })
                })
        };
        let reader = pool(connections).connect(&url).await?;
        let writer = match backend {
            // One writer, so that no transaction ever meets SQLITE_BUSY; readers go on beside it.
            Backend::Sqlite => pool(1).connect(&url).await?,
            Backend::Mysql | Backend::Postgres => reader.clone(),
        };
        Ok(Self { backend, reader, writer, rewritten: Arc::default(), statements: Arc::default() })
    }

    /// Which database this is.
    pub fn backend(&self) -> Backend {
        self.backend
    }

    /// How many statements were made so far, each to be executed once.
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    fn count(&self) {
        self.statements.fetch_add(1, Ordering::Relaxed);
        metrics::counter!(DATABASE_STATEMENTS).increment(1);
    }

    /// A statement from a text with `?` for each value.
    pub fn query(&self, text: &'static str) -> Statement {
        self.count();
        match self.backend {
            Backend::Sqlite | Backend::Mysql => sqlx::query(text),
            Backend::Postgres => {
                let text = self
                    .rewritten
                    .entry(text)
                    .or_insert_with(|| dialect::numbered_placeholders(text).into())
                    .clone();
                sqlx::query(AssertSqlSafe(text))
            }
        }
    }

    /// A statement whose text was put together from parts of the program (never from input), with
    /// `?` for each value: lists of rows, optional conditions.
    pub fn query_built(&self, text: String) -> Statement {
        self.count();
        let text = match self.backend {
            Backend::Sqlite | Backend::Mysql => text,
            Backend::Postgres => dialect::numbered_placeholders(&text),
        };
        sqlx::query(AssertSqlSafe(text))
    }

    /// All rows that the statement yields.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn all(&self, statement: Statement) -> Result<Vec<AnyRow>, DbError> {
        Ok(statement.fetch_all(&self.reader).await?)
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn one(&self, statement: Statement) -> Result<Option<AnyRow>, DbError> {
        Ok(statement.fetch_optional(&self.reader).await?)
    }

    /// Changes something in a transaction of its own and returns the number of rows concerned.
    ///
    /// # Errors
    /// When the database refuses or does not answer.
    pub async fn run(&self, statement: Statement) -> Result<u64, DbError> {
        Ok(statement.execute(&self.writer).await?.rows_affected())
    }

    /// Begins a transaction that may write.
    ///
    /// # Errors
    /// When no connection is to be had within 5 seconds.
    pub async fn begin(&self) -> Result<Transaction, DbError> {
        Ok(match self.backend {
            // A deferred transaction that reads and then writes would be refused at once when
            // another process holds the file.
            Backend::Sqlite => self.writer.begin_with("BEGIN IMMEDIATE").await?,
            Backend::Mysql | Backend::Postgres => self.writer.begin().await?,
        })
    }

    /// Closes all connections; what was committed is on disk.
    pub async fn close(&self) {
        self.writer.close().await;
        self.reader.close().await;
    }
}
