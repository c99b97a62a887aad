//! Backups as operators make them, with the databases' own programs, and restoring them.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::process::Command;

use super::databases::{Kind, TestDatabase};
use super::hub::within;
use super::skip::skip;
use super::temporary::TemporaryFolder;

/// A backup of a database.
pub struct Backup {
    place: Place,
    file: PathBuf,
    _folder: TemporaryFolder,
}

/// The location of a database, for other programs.
#[derive(Clone)]
pub struct Place {
    kind: Kind,
    /// The SQLite file, or the database's name.
    name: String,
    port: String,
}

impl Place {
    /// The location of this one.
    pub fn of(database: &TestDatabase) -> Place {
        let (_, rest) = database.url.split_once("://").expect("an address");
        let (server, name) = rest.split_once('/').expect("a name");
        let port = server.rsplit(':').next().unwrap_or_default().to_owned();
        let name = if database.kind == Kind::Sqlite { format!("/{name}") } else { name.to_owned() };
        Place { kind: database.kind, name, port }
    }

    /// One of MariaDB's programs, with the server's address.
    fn mariadb(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.args(["--no-defaults", "--host=127.0.0.1", "--user=root", "--port", &self.port]);
        command
    }

    /// One of PostgreSQL's programs, with the server's address.
    fn postgres(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.args(["--host=127.0.0.1", "--username=postgres", "--port", &self.port]);
        command
    }
}

impl Backup {
    /// A backup of the database as it is, beside a hub that goes on. `None` when this machine lacks
    /// the program for it: the test is then reported as skipped and has nothing more to do.
    pub async fn of(place: &Place) -> Option<Backup> {
        let program = match place.kind {
            Kind::Sqlite => "sqlite3",
            Kind::Mariadb => "mariadb-dump",
            Kind::Postgres => "pg_dump",
        };
        if !is_installed(program) {
            skip(&format!("{program} is not installed"));
            return None;
        }
        let folder = TemporaryFolder::new();
        let file = folder.path().join("backup");
        match place.kind {
            Kind::Sqlite => {
                let command = format!(".backup '{}'", file.display());
                run(Command::new(program).args([&place.name, &command])).await;
            }
            Kind::Mariadb => {
                let mut dump = place.mariadb(program);
                let output = std::fs::File::create(&file).expect("make a file");
                run(dump.args(["--single-transaction", &place.name]).stdout(output)).await;
            }
            Kind::Postgres => {
                let mut dump = place.postgres(program);
                run(dump.args(["--format=custom", "--file"]).arg(&file).arg(&place.name)).await;
            }
        }
        Some(Backup { place: place.clone(), file, _folder: folder })
    }

    /// Replaces the database by it. No hub may use the database.
    pub async fn restore(&self) {
        let (place, file) = (&self.place, &self.file);
        let name = &place.name;
        match place.kind {
            Kind::Sqlite => {
                for end in ["-wal", "-shm"] {
                    // They exist only after a crash, and belong to the old file.
                    let _ = std::fs::remove_file(format!("{name}{end}"));
                }
                std::fs::copy(file, name).expect("copy the backup");
            }
            Kind::Mariadb => {
                let anew =
                    format!("DROP DATABASE {name}; CREATE DATABASE {name} CHARACTER SET utf8mb4");
                run(place.mariadb("mariadb").args(["--execute", &anew])).await;
                let input = std::fs::File::open(file).expect("open the backup");
                run(place.mariadb("mariadb").arg(name).stdin(input)).await;
            }
            Kind::Postgres => {
                run(place.postgres("dropdb").arg(name)).await;
                run(place.postgres("createdb").arg(name)).await;
                run(place.postgres("pg_restore").arg("--dbname").arg(name).arg(file)).await;
            }
        }
    }
}

fn is_installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder: PathBuf| Path::new(&folder).join(program).is_file())
}

async fn run(command: &mut Command) {
    let child = command.stderr(Stdio::piped()).kill_on_drop(true).spawn();
    let child = child.unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let output = within(child.wait_with_output()).await.expect("an end");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?} ended with {}: {errors}", output.status);
}
