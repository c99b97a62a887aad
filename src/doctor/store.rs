//! What the doctor does in the database, in a table of its own.

use crate::db::{Backend, Columns, Db, DbError};

pub(super) async fn make_table(db: &Db) -> Result<(), DbError> {
    db.run(db.query("CREATE TABLE IF NOT EXISTS plenary_doctor (id BIGINT NOT NULL)")).await?;
    Ok(())
}

pub(super) async fn drop_table(db: &Db) -> Result<(), DbError> {
    db.run(db.query("DROP TABLE plenary_doctor")).await?;
    Ok(())
}

/// Writes a row, in a transaction of its own.
pub(super) async fn insert(db: &Db, number: i64) -> Result<(), DbError> {
    db.run(db.query("INSERT INTO plenary_doctor (id) VALUES (?)").bind(number)).await?;
    Ok(())
}

/// How many connections the server takes; a SQLite file has none.
pub(super) async fn connections_allowed(db: &Db) -> Result<Option<u64>, DbError> {
    let text = match db.backend() {
        Backend::Sqlite => return Ok(None),
        Backend::Mysql => "SELECT CAST(@@max_connections AS SIGNED) AS allowed",
        Backend::Postgres => "SELECT CAST(current_setting('max_connections') AS BIGINT) AS allowed",
    };
    db.one(db.query(text)).await?.map(|row| row.count("allowed")).transpose()
}
