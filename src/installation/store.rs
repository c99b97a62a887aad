//! The table `installation`, and the end of the log.

use uuid::Uuid;

use crate::clock::Timestamp;
use crate::db::{Columns, Db, DbError};
use crate::id::LogId;

/// The key of the installation's id.
pub(super) const ID: &str = "id";
/// The key of the log's id.
pub(super) const LOG: &str = "log";

/// The end of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogEnd {
    /// How many messages it contains, including deleted ones.
    pub messages: u64,
    /// When the last one was sent; `None` if there is none.
    pub last_message_at: Option<Timestamp>,
}

/// The id with this key, created by `new` if there is none yet; the same for all concurrent
/// callers.
pub(super) async fn read_or_make(
    db: &Db,
    name: &'static str,
    new: impl Fn() -> Uuid,
) -> Result<Uuid, DbError> {
    if let Some(id) = read(db, name).await? {
        return Ok(id);
    }
    let keep = db.backend().or_keep("name");
    let text = format!("INSERT INTO installation (name, value) VALUES (?, ?){keep}");
    db.run(db.query_built(text).bind(name).bind(new().to_string())).await?;
    read(db, name).await?.ok_or_else(|| DbError::Value(format!("no {name} of the installation")))
}

async fn read(db: &Db, name: &'static str) -> Result<Option<Uuid>, DbError> {
    let statement = db.query("SELECT value FROM installation WHERE name = ?").bind(name);
    let Some(row) = db.one(statement).await? else { return Ok(None) };
    let value = row.text("value")?;
    value.parse().map(Some).map_err(|error| DbError::Value(format!("{name}: {error}")))
}

/// The present id of the log.
pub(super) async fn log(db: &Db) -> Result<LogId, DbError> {
    let id = read(db, LOG).await?;
    id.map(LogId).ok_or_else(|| DbError::Value("the installation has no log".to_owned()))
}

/// Replaces the log's id.
///
/// # Errors
/// When the database refuses.
pub async fn replace_log(db: &Db, new: LogId) -> Result<(), DbError> {
    let text = "UPDATE installation SET value = ? WHERE name = ?";
    db.run(db.query(text).bind(new.to_string()).bind(LOG)).await?;
    Ok(())
}

/// Replaces the log's id, unless another node has done so already. Returns the new id.
pub(super) async fn replace_log_once(db: &Db, old: LogId, new: LogId) -> Result<LogId, DbError> {
    let text = "UPDATE installation SET value = ? WHERE name = ? AND value = ?";
    let statement = db.query(text).bind(new.to_string()).bind(LOG).bind(old.to_string());
    db.run(statement).await?;
    log(db).await
}

/// When the last message was sent.
pub(super) async fn last_message_at(db: &Db) -> Result<Option<Timestamp>, DbError> {
    let row = db.one(db.query("SELECT MAX(last_message_at) AS last FROM channels")).await?;
    row.map_or(Ok(None), |row| row.optional_time("last"))
}

/// The end of the log.
///
/// # Errors
/// When the database does not answer.
pub async fn log_end(db: &Db) -> Result<LogEnd, DbError> {
    let row = db.one(db.query("SELECT COUNT(*) AS messages FROM messages")).await?;
    let messages = row.map_or(Ok(0), |row| row.count("messages"))?;
    Ok(LogEnd { messages, last_message_at: last_message_at(db).await? })
}
