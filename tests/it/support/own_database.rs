//! A database server for one test alone, which it can stop, kill and restart. What it has committed
//! is on disk.

use std::sync::{Arc, OnceLock};

use super::databases::{Kind, Running, TestDatabase, start};
use super::servers::{Server, Unavailable, mariadb, postgres};
use super::skip::skip;
use super::small_disk::SmallDisk;

/// The server and a database in it. Gone on drop, with its folder.
pub struct OwnDatabase {
    /// What `--database` takes.
    pub url: String,
    kind: Kind,
    running: Running,
}

impl OwnDatabase {
    /// A server of this kind (not SQLite) with an empty database. `None` when this machine lacks
    /// it: the test is then reported as skipped (with `CI=true`: failed) and has nothing more to
    /// do.
    pub async fn new(kind: Kind) -> Option<OwnDatabase> {
        Self::prepared(kind, Server::durable).await
    }

    /// The same, with the disk that its data is on. `None` also if this machine does not allow it.
    pub async fn on_small_disk(kind: Kind) -> Option<(OwnDatabase, SmallDisk)> {
        if !SmallDisk::is_possible() {
            return None;
        }
        let disk = Arc::new(OnceLock::new());
        let made = Arc::clone(&disk);
        let prepare = move |server: Server| {
            let mut server = server.durable();
            made.get_or_init(|| SmallDisk::under(&mut server));
            server
        };
        let server = Self::prepared(kind, prepare).await?;
        Some((server, disk.get()?.clone()))
    }

    async fn prepared(
        kind: Kind,
        change: impl FnOnce(Server) -> Server + Send + 'static,
    ) -> Option<OwnDatabase> {
        let prepare = match kind {
            Kind::Sqlite => panic!("SQLite has no server"),
            Kind::Mariadb => mariadb,
            Kind::Postgres => postgres,
        };
        match in_background(move || start(|| prepare().map(change))).await {
            Ok(running) => {
                let url = running.create_database(kind).await;
                Some(OwnDatabase { url, kind, running })
            }
            Err(Unavailable::Missing(program)) => {
                skip(&format!("{program} is not installed"));
                None
            }
            Err(Unavailable::Broken(why)) => panic!("{kind:?} is installed but {why}"),
        }
    }

    /// Switches to a new, empty database.
    pub async fn begin_anew(&mut self) {
        self.url = self.running.create_database(self.kind).await;
    }

    /// The database, for a hub.
    pub fn database(&self) -> TestDatabase {
        TestDatabase::on_own_server(self.kind, self.url.clone())
    }

    /// Stops it gracefully and waits for its end.
    pub async fn stop(self) -> OwnDatabase {
        let signal = self.running.server.stop_signal;
        self.end(signal).await
    }

    /// Ends it like a crash, and waits for its end.
    pub async fn kill(self) -> OwnDatabase {
        // PostgreSQL's processes outlive the first one for a moment; this ends all at once.
        let signal = if self.kind == Kind::Postgres { "QUIT" } else { "KILL" };
        self.end(signal).await
    }

    /// Starts it again on the same port with the same data, and waits until its port is open. It
    /// may then still refuse for a moment, until it has recovered.
    pub async fn start_again(mut self) -> OwnDatabase {
        in_background(move || {
            self.running.kept.start_again().expect("a program that starts");
            self.running.wait_until_open().expect("a server that answers");
            self
        })
        .await
    }

    async fn end(mut self, signal: &'static str) -> OwnDatabase {
        in_background(move || {
            self.running.kept.end(signal).expect("a program that ends");
            self
        })
        .await
    }
}

async fn in_background<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.expect("no panic")
}
