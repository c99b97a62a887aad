//! The schema on each of the three databases.

use futures_util::future::{join, join_all};
use plenary::db::{Backend, Columns, Db, DbError, FailureKind, MigrationState};

use crate::support::databases::{Kind, TestDatabase, on_each_database, on_each_server};
use crate::support::hub::{HubProcess, plenary, within};
use crate::support::temporary::TemporaryFolder;

/// How many programs start at once.
const PROGRAMS: usize = 8;

on_each_database!(
    migrations_build_the_schema_and_can_run_again,
    any_number_of_programs_migrate_at_once,
    an_interrupted_migration_is_run_again,
    additions_by_a_newer_version_do_no_harm,
    removals_by_a_newer_version_are_refused,
    values_come_back_as_they_were_stored,
    columns_that_only_advance_move_together_or_not_at_all,
);

async fn migrations_build_the_schema_and_can_run_again(database: TestDatabase) {
    let db = Db::connect(&database.url, 4).await.expect("connect");
    let before = db.migration_state().await.expect("read the state");
    assert!(before.applied == 0 && before.missing > 0, "{before:?}");
    db.migrate().await.expect("migrate an empty database");
    db.migrate().await.expect("migrate again");
    let after = db.migration_state().await.expect("read the state");
    assert_eq!(after, MigrationState { applied: before.missing, ..MigrationState::default() });

    if db.backend() != Backend::Sqlite {
        // As after a crash between a change and its record. SQLite commits both at once.
        db.run(db.query("DELETE FROM _sqlx_migrations")).await.expect("forget");
        db.migrate().await.expect("migrate what is there already");
    }

    let reference = TestDatabase::sqlite();
    let sqlite = Db::connect(&reference.url, 2).await.expect("connect");
    sqlite.migrate().await.expect("migrate");
    assert_eq!(columns(&db).await, columns(&sqlite).await, "the same columns as on SQLite");
}

async fn any_number_of_programs_migrate_at_once(database: TestDatabase) {
    let start = |_| {
        let url = database.url.clone();
        tokio::spawn(async move {
            let db = Db::connect(&url, 2).await.expect("connect");
            db.migrate().await.expect("migrate");
            let state = db.migration_state().await.expect("read the state");
            // Everyone who returns finds everything done, not just begun.
            assert_eq!((state.missing, state.unknown), (0, 0));
            db.close().await;
        })
    };
    for program in (0..PROGRAMS).map(start).collect::<Vec<_>>() {
        within(program).await.expect("a schema that is there, whoever made it");
    }
}

async fn an_interrupted_migration_is_run_again(database: TestDatabase) {
    let db = Db::connect(&database.url, 2).await.expect("connect");
    db.migrate().await.expect("migrate");
    // Where DDL is not transactional, the record says that it was begun.
    let begun = "UPDATE _sqlx_migrations SET success = FALSE WHERE version = 8";
    assert_eq!(db.run(db.query(begun)).await.expect("pretend"), 1);
    db.run(db.query("DROP TABLE log_groups")).await.expect("pretend");
    assert_eq!(db.migration_state().await.expect("read the state").missing, 1);

    db.migrate().await.expect("migrate again");
    assert_eq!(db.migration_state().await.expect("read the state").missing, 0);
    db.all(db.query("SELECT id FROM log_groups")).await.expect("the table is there");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_run_while_a_hub_is_starting_find_their_tables() {
    let folder = TemporaryFolder::new();
    let grants = (0..4).map(|number| {
        let address = format!("organizer-{number}@example.org");
        let mut command = plenary();
        command.args(["person", "grant", &address, "organizer", "--link"]);
        command.env("PLENARY_DATA", folder.path()).output()
    });
    let (_hub, granted) = within(join(HubProcess::start(&folder, &[]), join_all(grants))).await;
    for granted in granted {
        let granted = granted.expect("a command that ends");
        let said = String::from_utf8_lossy(&granted.stderr);
        assert!(granted.status.success(), "{said}");
    }
}

/// Records that a newer version has applied a migration with this name.
async fn migrated_by_a_newer_version(db: &Db, name: &'static str) {
    let newer =
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         SELECT 999999, CAST(? AS CHAR(40)), success, checksum, 0 FROM _sqlx_migrations WHERE version = 1";
    db.run(db.query(newer).bind(name)).await.expect("pretend");
}

async fn additions_by_a_newer_version_do_no_harm(database: TestDatabase) {
    let db = Db::connect(&database.url, 2).await.expect("connect");
    db.migrate().await.expect("migrate");
    migrated_by_a_newer_version(&db, "seats of the future").await;
    db.run(db.query("DELETE FROM _sqlx_migrations WHERE version = 8")).await.expect("pretend");

    db.migrate().await.expect("what is missing is applied all the same");
    let state = db.migration_state().await.expect("read the state");
    assert_eq!((state.missing, state.unknown, state.contracted), (0, 1, None));
}

async fn removals_by_a_newer_version_are_refused(database: TestDatabase) {
    let db = Db::connect(&database.url, 2).await.expect("connect");
    db.migrate().await.expect("migrate");
    migrated_by_a_newer_version(&db, "contract seats").await;
    let refused = db.migrate().await.expect_err("a column that is needed may be gone");
    assert!(matches!(refused, DbError::Newer(999_999)), "{refused}");
}

/// Every column as "table.column", in order.
async fn columns(db: &Db) -> Vec<String> {
    let text = match db.backend() {
        Backend::Sqlite => {
            "SELECT t.name || '.' || c.name AS place FROM sqlite_master t, pragma_table_info(t.name) c
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name <> '_sqlx_migrations'"
        }
        Backend::Mysql => {
            "SELECT CAST(CONCAT(table_name, '.', column_name) AS CHAR) AS place
             FROM information_schema.columns
             WHERE table_schema = DATABASE() AND table_name <> '_sqlx_migrations'"
        }
        Backend::Postgres => {
            "SELECT CAST(table_name || '.' || column_name AS TEXT) AS place
             FROM information_schema.columns
             WHERE table_schema = 'public' AND table_name <> '_sqlx_migrations'"
        }
    };
    let rows = db.all(db.query(text)).await.expect("read the schema");
    let mut places: Vec<String> =
        rows.iter().map(|row| row.text("place").expect("a name")).collect();
    places.sort();
    places
}

async fn values_come_back_as_they_were_stored(database: TestDatabase) {
    let db = Db::connect(&database.url, 4).await.expect("connect");
    db.migrate().await.expect("migrate");
    let id = uuid::Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_00ff);
    let text = "Zoë said: \u{1f44d} \u{10ffff} 'quoted' \\ and ? here\nnext line";
    let insert = "INSERT INTO audit_log (id, event_id, action, details, created_at, seq)
                  VALUES (?, ?, ?, ?, ?, ?)";
    let statement = db
        .query(insert)
        .bind(id.as_bytes().to_vec())
        .bind(None::<Vec<u8>>)
        .bind("test")
        .bind(text)
        .bind(i64::MAX)
        .bind(-1_i64);
    assert_eq!(db.run(statement).await.expect("insert"), 1);

    let select = db.query("SELECT * FROM audit_log WHERE id = ?").bind(id.as_bytes().to_vec());
    let row = db.one(select).await.expect("select").expect("the row");
    assert_eq!(row.uuid("id").expect("id"), id);
    assert_eq!(row.optional_uuid("event_id").expect("event"), None);
    assert_eq!(row.text("details").expect("details"), text);
    assert_eq!(row.number("created_at").expect("created_at"), i64::MAX);
    assert_eq!(row.optional_number("seq").expect("seq"), Some(-1));

    let twice = db
        .query(insert)
        .bind(id.as_bytes().to_vec())
        .bind(None::<Vec<u8>>)
        .bind("test")
        .bind("")
        .bind(0_i64)
        .bind(None::<i64>);
    let refused = db.run(twice).await.expect_err("the identifier is taken");
    assert!(refused.is_unique_violation(), "{refused}");
}

async fn columns_that_only_advance_move_together_or_not_at_all(database: TestDatabase) {
    let db = Db::connect(&database.url, 4).await.expect("connect");
    db.migrate().await.expect("migrate");
    let key = "person_id, channel_id";
    let advance = db.backend().or_advance("read_pointers", key, "seq", &["ordinal", "updated_at"]);
    for (written, stands) in
        [([5, 4, 1], [5, 4, 1]), ([3, 9, 2], [5, 4, 1]), ([6, 4, 3], [6, 4, 3])]
    {
        let text = format!(
            "INSERT INTO read_pointers (person_id, channel_id, seq, ordinal, updated_at)
             VALUES (?, ?, ?, ?, ?){advance}"
        );
        let own = vec![1_u8; 16];
        let insert = db.query_built(text).bind(own.clone()).bind(own);
        let insert = written.into_iter().fold(insert, |one, value: i64| one.bind(value));
        db.run(insert).await.expect("an insert or an update");
        let select = db.query("SELECT seq, ordinal, updated_at FROM read_pointers");
        let row = db.one(select).await.expect("select").expect("the row");
        let found = ["seq", "ordinal", "updated_at"].map(|name| row.number(name).expect(name));
        assert_eq!(found, stands, "after {written:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn transactions_work_again_after_a_full_disk() {
    let database = TestDatabase::sqlite();
    let db = Db::connect(&database.url, 1).await.expect("connect");
    db.run(db.query("CREATE TABLE t (x TEXT)")).await.expect("a table");
    db.run(db.query("PRAGMA max_page_count = 1")).await.expect("no room");
    let insert = || db.query("INSERT INTO t (x) VALUES (?)").bind("x".repeat(100_000));

    let mut transaction = db.begin().await.expect("begin");
    let full = insert().execute(&mut *transaction).await.expect_err("there is no room");
    assert_eq!(DbError::from(full).kind(), FailureKind::Gone);
    drop(transaction);

    let mut transaction = db.begin().await.expect("begin again");
    insert().execute(&mut *transaction).await.expect("this connection may grow the file");
    transaction.commit().await.expect("commit");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn waiting_too_long_for_another_transaction_is_a_conflict_on_mariadb() {
    let setting = "SET SESSION innodb_lock_wait_timeout = 1";
    waiting_too_long_is_a_conflict(Kind::Mariadb, setting).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn waiting_too_long_for_another_transaction_is_a_conflict_on_postgres() {
    waiting_too_long_is_a_conflict(Kind::Postgres, "SET LOCAL lock_timeout = '100ms'").await;
}

/// With a table `t` whose only row has the number 1 as its `n`.
async fn with_one_row(database: &TestDatabase) -> Db {
    let db = Db::connect(&database.url, 4).await.expect("connect");
    for statement in ["CREATE TABLE t (n BIGINT NOT NULL)", "INSERT INTO t (n) VALUES (1)"] {
        db.run(db.query(statement)).await.expect("prepare");
    }
    db
}

on_each_server!(an_idle_transaction_does_not_block_others_for_ever);

async fn an_idle_transaction_does_not_block_others_for_ever(database: TestDatabase) {
    let db = with_one_row(&database).await;
    let change = || db.query("UPDATE t SET n = n + 1");
    let mut silent = db.begin().await.expect("begin");
    change().execute(&mut *silent).await.expect("the row is free");

    let mut waiting = db.begin().await.expect("begin");
    change().execute(&mut *waiting).await.expect("given when the other is rolled back");
    waiting.commit().await.expect("commit");
    silent.commit().await.expect_err("rolled back");
    let row = db.one(db.query("SELECT n FROM t")).await.expect("select").expect("the row");
    assert_eq!(row.number("n").expect("n"), 2, "changed once");
}

/// SQLite has only one writer, so there is nobody to wait for.
async fn waiting_too_long_is_a_conflict(kind: Kind, setting: &'static str) {
    let Some(database) = TestDatabase::new(kind).await else { return };
    let db = with_one_row(&database).await;
    let change = || db.query("UPDATE t SET n = n + 1");
    let mut first = db.begin().await.expect("begin");
    change().execute(&mut *first).await.expect("the row is free");

    let mut second = db.begin().await.expect("begin");
    db.query(setting).execute(&mut *second).await.expect("have little patience");
    let refused = change().execute(&mut *second).await.expect_err("the row is taken");
    assert!(DbError::from(refused).is_conflict());
}
