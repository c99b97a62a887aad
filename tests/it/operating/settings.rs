//! A misconfigured hub does not start, and says why.

use std::os::unix::fs::PermissionsExt as _;

use plenary::db::Db;

use crate::support::databases::TestDatabase;
use crate::support::hub::{HubProcess, plenary, within};
use crate::support::temporary::{TemporaryFolder, free_port};

/// Runs `plenary` with these arguments and variables: its exit status and output.
async fn refusal(arguments: &[&str], variables: &[(&str, &str)]) -> (Option<i32>, String) {
    let mut command = plenary();
    command.args(arguments).envs(variables.iter().copied());
    let output = within(command.output()).await.expect("run plenary");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[tokio::test]
async fn a_bad_value_is_refused_by_name() {
    let variable = ("PLENARY_DRAIN_SECONDS", "soon");
    let (status, printed) = refusal(&["serve"], &[variable]).await;
    assert_eq!(status, Some(2), "{printed}");
    assert!(printed.contains("--drain-seconds") && printed.contains("soon"), "{printed}");
}

#[tokio::test]
async fn an_unknown_variable_is_refused_by_name() {
    let (status, printed) = refusal(&["serve"], &[("PLENARY_LISTN", "127.0.0.1:1")]).await;
    assert_eq!(status, Some(2), "{printed}");
    assert!(printed.contains("PLENARY_LISTN"), "{printed}");
}

#[tokio::test]
async fn an_empty_variable_is_one_that_is_not_set() {
    let folder = TemporaryFolder::new();
    let data = folder.path().display().to_string();
    let empty =
        ["PLENARY_REDIS", "PLENARY_REDIS_CA", "PLENARY_DRAIN_SECONDS"].map(|name| (name, ""));
    let grant = ["person", "grant", "ada@example.org", "organizer", "--data", &data];
    let (status, printed) = refusal(&grant, &empty).await;
    assert_eq!(status, Some(0), "{printed}");
}

#[tokio::test]
async fn an_address_in_use_is_named_with_its_setting() {
    let folder = TemporaryFolder::new();
    let data = folder.path().display().to_string();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("a bound port").to_string();
    for (setting, other) in [("--listen", "--admin-listen"), ("--admin-listen", "--listen")] {
        let arguments = ["serve", "--data", &data, setting, &address, other, "127.0.0.1:0"];
        let (status, printed) = refusal(&arguments, &[]).await;
        assert_eq!(status, Some(1), "{printed}");
        assert!(
            printed.contains(&address) && printed.contains(&format!("({setting})")),
            "{printed}"
        );
    }
}

/// The output of a hub that fails to start with this data folder and database.
async fn refused_start(data: &str, database: &str) -> String {
    let mut arguments =
        vec!["serve", "--listen=127.0.0.1:0", "--admin-listen=127.0.0.1:0", "--data", data];
    if !database.is_empty() {
        arguments.extend(["--database", database]);
    }
    let (status, printed) = refusal(&arguments, &[]).await;
    assert_eq!(status, Some(1), "{printed}");
    printed
}

#[tokio::test]
async fn what_keeps_a_hub_from_starting_is_named_once_with_its_setting() {
    let folder = TemporaryFolder::new();
    let data = folder.path().display().to_string();
    let printed = refused_start("/proc/no-such-folder", "").await;
    assert!(printed.contains("(--data) cannot be made"), "{printed}");

    let nobody = format!("postgres://plenary@127.0.0.1:{}/plenary", free_port());
    let printed = refused_start(&data, &nobody).await;
    assert!(printed.contains("(--database) cannot be reached"), "{printed}");
    assert_eq!(printed.matches("refused").count(), 1, "the cause, once: {printed}");

    let broken = folder.path().join("broken.sqlite");
    std::fs::write(&broken, "This is not a database. ".repeat(100)).expect("a file");
    let printed = refused_start(&data, &format!("sqlite:{}", broken.display())).await;
    assert_eq!(printed.matches("not a database").count(), 1, "{printed}");

    let database = TestDatabase::sqlite();
    let db = Db::connect(&database.url, 2).await.expect("connect");
    db.migrate().await.expect("migrate");
    let newer =
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                 VALUES (999999, 'contract the future', TRUE, X'00', 0)";
    db.run(db.query(newer)).await.expect("pretend");
    let printed = refused_start(&data, &database.url).await;
    assert_eq!(printed.matches("newer version of plenary").count(), 1, "{printed}");
}

#[tokio::test]
async fn a_second_hub_on_the_same_sqlite_file_is_refused() {
    let folder = TemporaryFolder::new();
    let _first = HubProcess::start(&folder, &[]).await;
    let data = folder.path().display().to_string();
    let arguments =
        ["serve", "--listen=127.0.0.1:0", "--admin-listen=127.0.0.1:0", "--data", &data];
    let (status, printed) = refusal(&arguments, &[]).await;
    assert_eq!(status, Some(1), "{printed}");
    assert!(printed.contains("another hub serves") && printed.contains(&data), "{printed}");
    let (status, printed) = refusal(&["person", "list", "--data", &data], &[]).await;
    assert_eq!(status, Some(0), "commands work beside it: {printed}");
}

#[tokio::test]
async fn stored_files_are_private_to_the_hubs_user() {
    let folder = TemporaryFolder::new();
    let data = folder.path().join("data");
    let place = data.display().to_string();
    let grant = ["person", "grant", "ada@example.org", "organizer", "--data", &place];
    assert_eq!(refusal(&grant, &[]).await.0, Some(0));
    for path in [data.clone(), data.join("plenary.sqlite")] {
        let mode = std::fs::metadata(&path).expect("what was made").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}: {mode:o}", path.display());
    }
}

#[tokio::test]
async fn a_database_address_with_a_mistake_is_refused_without_its_password() {
    let folder = TemporaryFolder::new();
    let data = folder.path().display().to_string();
    let arguments =
        ["serve", "--listen=127.0.0.1:0", "--admin-listen=127.0.0.1:0", "--data", &data];
    let variable = ("PLENARY_DATABASE", "oracle://plenary:hunter2@127.0.0.1/plenary");
    let (status, printed) = refusal(&arguments, &[variable]).await;
    assert_eq!(status, Some(1), "{printed}");
    assert!(printed.contains("postgres://"), "it says what an address looks like: {printed}");
    assert!(!printed.contains("hunter2"), "{printed}");
}

#[tokio::test]
async fn a_command_that_looks_into_an_installation_makes_none() {
    let folder = TemporaryFolder::new();
    let data = folder.path().join("mistyped");
    let data_text = data.display().to_string();
    let table = folder.path().join("people.csv");
    std::fs::write(&table, "name,email\nAda,ada@example.org\n").expect("a table");
    let table = table.display().to_string();
    for command in [
        &["person", "list"][..],
        &["person", "link", "ada@example.org"],
        &["person", "revoke", "ada@example.org", "organizer"],
        &["export", "people", "--event", "camp"],
        &["import", "people", &table, "--event", "camp"],
        &["restored"],
    ] {
        let arguments = [command, &["--data", &data_text]].concat();
        let (status, printed) = refusal(&arguments, &[]).await;
        assert_eq!(status, Some(1), "{command:?}: {printed}");
        assert!(printed.contains("there is no installation"), "{command:?}: {printed}");
        assert!(printed.contains(&data_text) && printed.contains("--data"), "{printed}");
        assert!(!data.exists(), "{command:?} has made something");
    }
    let begin = ["person", "grant", "ada@example.org", "organizer", "--data", &data_text];
    let (status, printed) = refusal(&begin, &[]).await;
    assert_eq!(status, Some(0), "{printed}");
    let (status, printed) = refusal(&["person", "list", "--data", &data_text], &[]).await;
    assert_eq!(status, Some(0), "{printed}");
}
