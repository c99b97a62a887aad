//! The database: reachable, of the right version, writable, fast, with the right time.

use std::time::{Duration, Instant};

use super::{in_millis, median, store};
use crate::clock::Clock;
use crate::config::Settings;
use crate::db::{Backend, Db, DbError};
use crate::finding::Finding;

const PART: &str = "database";
/// A commit that takes longer makes everyone wait for their messages.
const SLOW_COMMIT: Duration = Duration::from_millis(20);
/// A larger difference between clocks becomes visible in "sent at" and in time-outs.
const CLOCK_TOLERANCE: Duration = Duration::from_secs(2);

pub(super) async fn examine(settings: &Settings, clock: &Clock) -> Vec<Finding> {
    if let Some(finding) = not_made_yet(settings) {
        return vec![finding];
    }
    let connections = settings.limits.database_connections;
    let db = match Db::connect(&settings.storage.database_url(), connections).await {
        Ok(db) => db,
        Err(error) => return vec![unreachable(&error)],
    };
    let mut findings = vec![
        schema(&db).await.unwrap_or_else(|error| unreadable(&error)),
        commits(&db).await.unwrap_or_else(|error| unwritable(&error)),
    ];
    let more = [connections_left(&db, connections).await, time(&db, clock).await];
    findings.extend(more.into_iter().flatten());
    db.close().await;
    findings
}

/// A missing SQLite file is fine, and there is nothing to check.
fn not_made_yet(settings: &Settings) -> Option<Finding> {
    let path = settings.storage.sqlite_path()?;
    let text = format!("{} does not exist yet; the first start creates it", path.display());
    (!path.exists()).then(|| Finding::fine(PART, text))
}

fn unreachable(error: &DbError) -> Finding {
    let advice = "Check --database: the address, the user and password, and that the server runs \
                  and lets this machine in.";
    Finding::problem(PART, error.to_string(), advice)
}

fn unreadable(error: &DbError) -> Finding {
    let advice = "The user of --database must own the database's tables.";
    Finding::problem(PART, error.to_string(), advice)
}

fn unwritable(error: &DbError) -> Finding {
    let advice = "The user of --database must be allowed to create tables and to write; a SQLite \
                  file and its folder must belong to the user that runs the hub.";
    Finding::problem(PART, format!("nothing can be written: {error}"), advice)
}

async fn schema(db: &Db) -> Result<Finding, DbError> {
    let name = match db.backend() {
        Backend::Sqlite => "SQLite",
        Backend::Mysql => "MySQL or MariaDB",
        Backend::Postgres => "PostgreSQL",
    };
    let state = db.migration_state().await?;
    if state.contracted.is_some() {
        let found = format!("a newer version of plenary has changed this {name} database");
        return Ok(Finding::problem(PART, found, "Run that version, or restore a backup."));
    }
    if state.unknown > 0 && state.missing == 0 {
        let found = format!("{name}, extended by a newer version of plenary");
        let advice = "That does no harm; finally run that version on every machine.";
        return Ok(Finding::warning(PART, found, advice));
    }
    if state.missing > 0 && state.applied > 0 {
        let found = format!("{name}, {} migrations are to be applied", state.missing);
        let advice = "The next start applies them. Make a backup first.";
        return Ok(Finding::warning(PART, found, advice));
    }
    let schema = if state.applied > 0 { "the schema is current" } else { "it is empty" };
    Ok(Finding::fine(PART, format!("{name}, {schema}")))
}

/// Writes some rows, a transaction each, to a table of its own.
async fn commits(db: &Db) -> Result<Finding, DbError> {
    store::make_table(db).await?;
    let measured = measure_commits(db).await;
    store::drop_table(db).await?;
    let commit = median(measured?);
    let found = format!("writable; a commit takes {}", in_millis(commit));
    if commit < SLOW_COMMIT {
        return Ok(Finding::fine(PART, found));
    }
    let advice = "Every group of messages waits for one commit. Put the database on a local SSD, \
                  near the hub.";
    Ok(Finding::warning(PART, found, advice))
}

async fn measure_commits(db: &Db) -> Result<Vec<Duration>, DbError> {
    let mut measured = Vec::new();
    for number in 0_i64..15 {
        let begin = Instant::now();
        store::insert(db, number).await?;
        measured.push(begin.elapsed());
    }
    Ok(measured)
}

/// Whether the server allows as many connections as the hub may open.
async fn connections_left(db: &Db, wanted: u32) -> Option<Finding> {
    let allowed = store::connections_allowed(db).await.ok()??;
    (allowed < u64::from(wanted)).then(|| {
        let found = format!("the server allows {allowed} connections, the hub may open {wanted}");
        Finding::problem(PART, found, "Lower --database-connections or raise max_connections.")
    })
}

/// Whether this machine and the database server agree on the time.
async fn time(db: &Db, clock: &Clock) -> Option<Finding> {
    let (theirs, ours) = (db.time().await.ok()??, clock.now());
    let difference = theirs.since(ours).max(ours.since(theirs));
    (difference > CLOCK_TOLERANCE).then(|| {
        let seconds = difference.as_secs();
        let found = format!("its clock and this machine's differ by {seconds} seconds");
        Finding::warning(PART, found, "Synchronize both with chrony or systemd-timesyncd.")
    })
}
