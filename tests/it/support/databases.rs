//! The three databases: SQLite in a temporary file, and real MariaDB and PostgreSQL servers,
//! started once per test process in temporary folders. Every test gets its own database.

use std::{
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use sqlx::{Connection, Executor, MySqlConnection, PgConnection};

use super::{
    keeper::Kept,
    servers::{Server, Unavailable, mariadb, postgres},
    skip::skip,
    temporary::TemporaryFolder,
};

/// Makes the test `$test` on one kind of database out of `async fn $name(database: TestDatabase)`
/// in the module above.
macro_rules! on_database {
    ($test:ident, $kind:ident, $name:ident) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $test() {
            use crate::support::databases::{Kind, TestDatabase};

            if let Some(database) = TestDatabase::new(Kind::$kind).await {
                super::$name(database).await;
            }
        }
    };
}
pub(crate) use on_database;

/// Makes one test per database out of `async fn name(database: TestDatabase)`: `name::sqlite`,
/// `name::mariadb` and `name::postgres`, each passed, failed or skipped on its own.
macro_rules! on_each_database {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            use crate::support::databases::on_database;

            on_database!(sqlite, Sqlite, $name);
            on_database!(mariadb, Mariadb, $name);
            on_database!(postgres, Postgres, $name);
        }
    )+};
}
pub(crate) use on_each_database;

/// The same without SQLite, for tests that need a server: several nodes, lost connections.
macro_rules! on_each_server {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            use crate::support::databases::on_database;

            on_database!(mariadb, Mariadb, $name);
            on_database!(postgres, Postgres, $name);
        }
    )+};
}
pub(crate) use on_each_server;

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file, in the process.
    Sqlite,
    /// MariaDB, used as MySQL.
    Mariadb,
    /// PostgreSQL.
    Postgres,
}

/// An empty database that no other test uses. It goes away with this value or with its server.
pub struct TestDatabase {
    /// Which database it is.
    pub kind: Kind,
    /// What `--database` takes.
    pub url: String,
    _folder: Option<TemporaryFolder>,
}

impl TestDatabase {
    /// A database on the test's own server.
    pub(super) fn on_own_server(kind: Kind, url: String) -> TestDatabase {
        TestDatabase { kind, url, _folder: None }
    }

    /// An empty SQLite database in a temporary file.
    pub fn sqlite() -> TestDatabase {
        let folder = TemporaryFolder::new();
        TestDatabase {
            kind: Kind::Sqlite,
            url: format!("sqlite://{}/plenary.db", folder.path().display()),
            _folder: Some(folder),
        }
    }

    /// An empty database of this kind. `None` when this machine lacks its server: the test is then
    /// reported as skipped (with `CI=true`: failed) and has nothing more to do.
    pub async fn new(kind: Kind) -> Option<TestDatabase> {
        let started = match kind {
            Kind::Sqlite => return Some(TestDatabase::sqlite()),
            Kind::Mariadb => server(&MARIADB, mariadb).await,
            Kind::Postgres => server(&POSTGRES, postgres).await,
        };
        match started {
            Ok(server) => {
                Some(TestDatabase { kind, url: server.create_database(kind).await, _folder: None })
            }
            Err(Unavailable::Missing(program)) => {
                skip(&format!("{program} is not installed"));
                None
            }
            Err(Unavailable::Broken(why)) => panic!("{kind:?} is installed but {why}"),
        }
    }
}

/// A running server, or why there is none: tried once for all tests.
type Started = OnceLock<Result<Running, Unavailable>>;
static MARIADB: Started = OnceLock::new();
static POSTGRES: Started = OnceLock::new();

/// A running server.
pub(super) struct Running {
    pub(super) server: Server,
    pub(super) kept: Kept,
    next: AtomicU64,
}

/// The server, started by the first test that asks; the others wait for it.
async fn server(
    place: &'static Started,
    prepare: fn() -> Result<Server, Unavailable>,
) -> Result<&'static Running, &'static Unavailable> {
    let start = move || place.get_or_init(|| start(prepare)).as_ref();
    tokio::task::spawn_blocking(start).await.expect("the database server starts")
}

/// Starts the server and waits until its port is open.
pub(super) fn start(
    prepare: impl FnOnce() -> Result<Server, Unavailable>,
) -> Result<Running, Unavailable> {
    let server = prepare()?;
    let kept = Kept::start(&server.folder, server.stop_signal, &server.command)
        .map_err(|error| Unavailable::Broken(format!("cannot be started: {error}")))?;
    let running = Running { server, kept, next: AtomicU64::new(1) };
    running.wait_until_open()?;
    Ok(running)
}

impl Running {
    /// Waits until its port is open.
    pub(super) fn wait_until_open(&self) -> Result<(), Unavailable> {
        let deadline = Instant::now() + Duration::from_secs(60);
        while let Err(error) = std::net::TcpStream::connect(("127.0.0.1", self.server.port)) {
            if Instant::now() > deadline {
                let log = self.kept.log();
                return Err(Unavailable::Broken(format!("does not answer: {error}\n{log}")));
            }
            std::thread::park_timeout(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Creates an empty database and returns its address.
    pub(super) async fn create_database(&self, kind: Kind) -> String {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let name = format!("plenary_{number}");
        let address = format!("127.0.0.1:{}", self.server.port);
        match kind {
            Kind::Postgres => {
                let url = format!("postgres://postgres@{address}");
                // A started server may still be "starting up" for a moment: then it says so and we
                // ask again.
                let mut connection = patiently(|| PgConnection::connect(&url)).await;
                let create = format!("CREATE DATABASE {name}");
                let create = sqlx::AssertSqlSafe(create);
                connection.execute(create).await.expect("create a database");
                format!("{url}/{name}")
            }
            _ => {
                let url = format!("mysql://root@{address}");
                let mut connection = patiently(|| MySqlConnection::connect(&url)).await;
                let create = format!("CREATE DATABASE {name} CHARACTER SET utf8mb4");
                let create = sqlx::AssertSqlSafe(create);
                connection.execute(create).await.expect("create a database");
                format!("{url}/{name}")
            }
        }
    }
}

/// Connects, retrying for up to 30 seconds.
async fn patiently<C, F, Attempt>(connect: F) -> C
where
    F: Fn() -> Attempt,
    Attempt: Future<Output = Result<C, sqlx::Error>>,
{
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        match connect().await {
            Ok(connection) => return connection,
            Err(error) if Instant::now() > deadline => panic!("no connection: {error}"),
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}
