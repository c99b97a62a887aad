//! Every database that the hub can stand on answers, and each test gets an empty one.

use sqlx::{AnyConnection, Connection, Executor};

use crate::support::databases::{Kind, TestDatabase, on_each_database};

on_each_database!(a_new_database_is_empty_and_takes_a_table);
async fn a_new_database_is_empty_and_takes_a_table(database: TestDatabase) {
    sqlx::any::install_default_drivers();
    let url = match database.kind {
        Kind::Sqlite => format!("{}?mode=rwc", database.url),
        _ => database.url.clone(),
    };
    let mut connection = AnyConnection::connect(&url).await.expect("connect");
    connection
        .execute("CREATE TABLE probe (id BIGINT PRIMARY KEY)")
        .await
        .expect("create a table in an empty database");
}
