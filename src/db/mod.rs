//! The database: one SQL text for SQLite, MariaDB/MySQL and PostgreSQL.
//!
//! The texts are written with `?`; [`Db::query`] turns them into `$1` for PostgreSQL, here and
//! nowhere else. The rules that keep one text enough: identifiers are 16 bytes, times BIGINT
//! milliseconds, flags SMALLINT, lists JSON in text; no RETURNING, no constraint names, no upsert
//! syntax outside [`dialect`].
//!
//! SQLite has one writing connection, so that no transaction meets a busy file. MariaDB runs at
//! READ COMMITTED, because a writer must see what was committed before it got the lock. The tests
//! of stores run on all three, on real servers.

mod batcher;
mod counted;
mod dedicated;
pub mod dialect;
mod failure;
mod lease;
pub mod lock;
mod migrate;
mod pooled;
mod row;
mod time;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use dashmap::DashMap;
use sqlx::any::{Any, AnyArguments, AnyPoolOptions, AnyRow};
use sqlx::query::Query;
use sqlx::{AnyPool, AssertSqlSafe, Connection as _, Executor as _};
use tokio::time::{Instant, sleep, timeout};

pub use batcher::Batcher;
pub use counted::METRICS;
pub use dedicated::Dedicated;
pub use dialect::Backend;
pub use failure::{DbError, FailureKind};
pub use migrate::MigrationState;
pub use pooled::{Pooled, READ_TIMEOUT};
pub use row::{Columns, from_json, signed, to_json};

/// A statement whose values are still to be bound; see [`sqlx::query::Query`].
pub type Statement = Query<'static, Any, AnyArguments>;
/// A transaction; rolled back unless it is committed.
pub type Transaction = sqlx::Transaction<'static, Any>;
/// A connection; a transaction can be borrowed as one.
pub type Connection = sqlx::AnyConnection;

/// How long getting a connection may take.
const TIMEOUT: Duration = Duration::from_secs(5);
/// How long a change may take: a sweep can delete many rows at once.
const CHANGE_TIMEOUT: Duration = Duration::from_secs(60);

/// The interval of retries while another program is creating the file.
const BUSY: Duration = Duration::from_millis(20);

/// Opens a connection and sets it up.
async fn open(backend: Backend, url: &str) -> Result<Connection, sqlx::Error> {
    let mut connection = Connection::connect(url).await?;
    for statement in backend.session_statements() {
        connection.execute(*statement).await?;
    }
    Ok(connection)
}

/// Opens a connection directly, for its error: a pool retries until it times out and reports only
/// that.
async fn try_once(backend: Backend, url: &str) -> Result<(), DbError> {
    let begin = Instant::now();
    let opened = timeout(TIMEOUT, async {
        loop {
            match open(backend, url).await {
                Ok(connection) => return Ok(connection.close().await?),
                // Two programs that create a SQLite file at once can conflict.
                Err(error) => match DbError::from(error) {
                    error if error.is_conflict() && begin.elapsed() < TIMEOUT => sleep(BUSY).await,
                    error => return Err(DbError::Unreachable(error.to_string())),
                },
            }
        }
    });
    opened.await.unwrap_or_else(|_| {
        let seconds = TIMEOUT.as_secs();
        Err(DbError::Unreachable(format!("no answer within {seconds} seconds")))
    })
}

/// The database, cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    backend: Backend,
    url: Arc<str>,
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
                .acquire_timeout(TIMEOUT)
                // Unlike a connection to a server, a file cannot be lost between two statements.
                .test_before_acquire(backend != Backend::Sqlite)
                // After some failures, such as a full disk, SQLite ends a transaction by itself;
                // the driver then believes for ever that it is in one.
                .after_release(|connection, _| {
                    Box::pin(async move {
                        if connection.is_in_transaction() {
                            // A rollback may be pending.
                            connection.ping().await?;
                        }
                        Ok(!connection.is_in_transaction())
                    })
                })
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
            // One writer, so that no transaction ever meets SQLITE_BUSY; readers run concurrently.
            Backend::Sqlite => pool(1).connect(&url).await?,
            Backend::Mysql | Backend::Postgres => reader.clone(),
        };
        let (url, rewritten, statements) = (url.into(), Arc::default(), Arc::default());
        Ok(Self { backend, url, reader, writer, rewritten, statements })
    }

    /// A database without a connection, for code that only describes the program.
    ///
    /// # Errors
    /// Never, as long as SQLite is built in.
    pub fn unconnected() -> Result<Self, DbError> {
        sqlx::any::install_default_drivers();
        let url = "sqlite::memory:";
        let reader = AnyPoolOptions::new().connect_lazy(url)?;
        Ok(Self {
            backend: Backend::Sqlite,
            url: url.into(),
            writer: reader.clone(),
            reader,
            rewritten: Arc::default(),
            statements: Arc::default(),
        })
    }

    /// The kind of database.
    pub fn backend(&self) -> Backend {
        self.backend
    }

    /// How many statements were created so far, each to be executed once.
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    fn count(&self) {
        self.statements.fetch_add(1, Ordering::Relaxed);
        metrics::counter!(counted::STATEMENTS).increment(1);
    }

    /// A connection for one task alone, opened on demand.
    pub fn dedicated(&self) -> Dedicated {
        Dedicated::new(self.clone())
    }

    /// Opens a connection outside the pool.
    async fn open(&self) -> Result<Connection, DbError> {
        let mut connection = open(self.backend, &self.url).await?;
        for statement in self.backend.dedicated_statements() {
            connection.execute(*statement).await?;
        }
        Ok(connection)
    }

    /// A connection for several statements that only read.
    ///
    /// # Errors
    /// When no connection is available within 5 seconds.
    pub async fn reading(&self) -> Result<Pooled, DbError> {
        Ok(Pooled::new(self.backend, self.reader.acquire().await?))
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

    /// A statement whose text was built at runtime (never from input), with `?` for each value: for
    /// lists of rows and optional conditions.
    pub fn query_built(&self, text: String) -> Statement {
        self.count();
        let text = match self.backend {
            Backend::Sqlite | Backend::Mysql => text,
            Backend::Postgres => dialect::numbered_placeholders(&text),
        };
        sqlx::query(AssertSqlSafe(text))
    }

    /// All rows of the statement's result.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn all(&self, statement: Statement) -> Result<Vec<AnyRow>, DbError> {
        let mut reading = self.reading().await?;
        let rows = timeout(READ_TIMEOUT, statement.fetch_all(reading.connection())).await;
        reading.finish(rows)
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn one(&self, statement: Statement) -> Result<Option<AnyRow>, DbError> {
        let mut reading = self.reading().await?;
        let row = timeout(READ_TIMEOUT, statement.fetch_optional(reading.connection())).await;
        reading.finish(row)
    }

    /// Asks for nothing, to see whether it answers.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn ask(&self) -> Result<(), DbError> {
        self.one(self.query("SELECT 1 AS answer")).await.map(drop)
    }

    /// Changes something in a transaction of its own and returns the number of rows concerned.
    ///
    /// # Errors
    /// When the database refuses or does not answer.
    pub async fn run(&self, statement: Statement) -> Result<u64, DbError> {
        let mut writing = Pooled::new(self.backend, self.writer.acquire().await?);
        let done = timeout(CHANGE_TIMEOUT, statement.execute(writing.connection())).await;
        Ok(writing.finish(done)?.rows_affected())
    }

    /// Begins a transaction that may write.
    ///
    /// # Errors
    /// When no connection is available within 5 seconds.
    pub async fn begin(&self) -> Result<Transaction, DbError> {
        Ok(match self.backend {
            // A deferred transaction that reads and then writes would be refused at once while
            // another process has locked the file.
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
