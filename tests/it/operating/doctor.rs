//! `plenary doctor` finds problems, advises what to do, and leaves nothing behind.

use plenary::clock::{Clock, Timestamp};
use plenary::config::Settings;
use plenary::db::Db;
use plenary::doctor;
use plenary::finding::{Finding, Weight};
use plenary::registry::Registry;

use crate::support::databases::{Kind, TestDatabase, on_each_database};
use crate::support::hub::{plenary, settings, within};
use crate::support::mail::{MailCatcher, Manner};
use crate::support::temporary::{TemporaryFolder, free_port};

/// Settings for this database, otherwise without problems.
fn settings_for(folder: &TemporaryFolder, database: &TestDatabase) -> Settings {
    let flags = ["--public-url=https://conference.example", "--database", &database.url];
    settings(folder, &flags)
}

fn about<'a>(findings: &'a [Finding], part: &str) -> Vec<&'a Finding> {
    findings.iter().filter(|finding| finding.part == part).collect()
}

on_each_database!(a_migrated_database_is_fine_and_left_as_it_was);
async fn a_migrated_database_is_fine_and_left_as_it_was(database: TestDatabase) {
    let folder = TemporaryFolder::new();
    let db = Db::connect(&database.url, 2).await.expect("connect");
    db.migrate().await.expect("migrate");

    let findings =
        doctor::examine(&settings_for(&folder, &database), &Clock::System, &Registry::default())
            .await;

    assert!(doctor::is_healthy(&findings), "{}", doctor::report(&findings));
    let found = about(&findings, "database");
    assert!(found.iter().any(|finding| finding.found.ends_with("the schema is current")));
    assert!(found.iter().any(|finding| finding.found.starts_with("writable")));
    let leftover = db.one(db.query("SELECT COUNT(*) AS n FROM plenary_doctor")).await;
    assert!(leftover.is_err(), "the table that was written to is gone");
    let files = std::fs::read_dir(folder.path()).expect("the data folder");
    assert_eq!(files.count(), 0, "so is the file");
}

#[tokio::test]
async fn a_database_that_a_newer_version_has_changed_is_a_problem() {
    let findings = of_a_newer_version("contract the future").await;
    assert!(!doctor::is_healthy(&findings));
    let found = about(&findings, "database");
    assert!(found.iter().any(|finding| finding.found.contains("has changed")), "{found:?}");
}

#[tokio::test]
async fn a_database_that_a_newer_version_has_added_to_is_a_warning() {
    let findings = of_a_newer_version("from the future").await;
    assert!(doctor::is_healthy(&findings), "{}", doctor::report(&findings));
    let found = about(&findings, "database");
    let added = found.iter().find(|finding| finding.found.contains("extended by a newer version"));
    assert_eq!(added.map(|finding| finding.weight), Some(Weight::Warning), "{found:?}");
}

/// The findings when a newer version has applied a migration with this name.
async fn of_a_newer_version(name: &'static str) -> Vec<Finding> {
    let (folder, database) = (TemporaryFolder::new(), TestDatabase::sqlite());
    let db = Db::connect(&database.url, 2).await.expect("connect");
    db.migrate().await.expect("migrate");
    let newer =
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                 VALUES (999999, ?, TRUE, X'00', 0)";
    db.run(db.query(newer).bind(name)).await.expect("pretend");
    doctor::examine(&settings_for(&folder, &database), &Clock::System, &Registry::default()).await
}

#[tokio::test]
async fn a_clock_that_is_wrong_is_a_warning() {
    let Some(database) = TestDatabase::new(Kind::Postgres).await else { return };
    let folder = TemporaryFolder::new();
    let clock = Clock::manual(Timestamp(1_000_000));
    let findings =
        doctor::examine(&settings_for(&folder, &database), &clock, &Registry::default()).await;
    let found = about(&findings, "database");
    let clocks = found.iter().find(|finding| finding.found.contains("clock"));
    assert_eq!(clocks.map(|finding| finding.weight), Some(Weight::Warning), "{found:?}");
}

/// The findings about this mail server.
async fn about_mail(smtp_url: &str) -> Vec<Finding> {
    let (folder, database) = (TemporaryFolder::new(), TestDatabase::sqlite());
    let mut settings = settings_for(&folder, &database);
    settings.mail.smtp_url = Some(smtp_url.to_owned());
    settings.mail.from = "Camp <camp@example.org>".parse().expect("a mailbox");
    let findings = doctor::examine(&settings, &Clock::System, &Registry::default()).await;
    findings.into_iter().filter(|finding| finding.part == "mail").collect()
}

#[tokio::test]
async fn a_mail_server_that_answers_is_fine() {
    let catcher = MailCatcher::start(Manner::Takes).await;
    let found = about_mail(&catcher.url()).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].weight, Weight::Fine);
}

#[tokio::test]
async fn a_mail_server_that_is_down_or_refuses_the_login_is_a_problem() {
    let catcher = MailCatcher::start(Manner::Takes).await;
    let with_password = catcher.url().replace("://", "://user:hunter2@");
    let address = format!("smtp://127.0.0.1:{}", free_port());
    for url in [address.as_str(), with_password.as_str(), "imap://127.0.0.1"] {
        let found = about_mail(url).await;
        assert_eq!(found[0].weight, Weight::Problem, "{url}");
        let advice = &found[0].advice;
        assert!(advice.contains("--smtp-url"), "{advice}");
        assert!(!found[0].found.contains("hunter2"), "{}", found[0].found);
    }
}

#[tokio::test]
async fn a_problem_ends_the_program_with_a_failure_and_advice() {
    let folder = TemporaryFolder::new();
    let file = folder.path().join("a-file-not-a-folder");
    std::fs::write(&file, "").expect("write a file");
    let nobody = "postgres://plenary:hunter2@127.0.0.1:1/plenary";
    let mut command = plenary();
    command.args(["doctor", "--listen=127.0.0.1:0", "--admin-listen=127.0.0.1:0", "--data"]);
    command.arg(&file).env("PLENARY_DATABASE", nobody).env("PLENARY_SMTP_URL", "nowhere");

    let output = within(command.output()).await.expect("run plenary doctor");

    let printed = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{printed}");
    let parts = [
        "problem  database",
        "problem  disk",
        "warning  settings",
        "→ Check --database",
        "problem  mail",
    ];
    for part in parts {
        assert!(printed.contains(part), "{part} in:\n{printed}");
    }
    assert!(!printed.contains("hunter2"), "{printed}");
}

#[tokio::test]
async fn a_healthy_installation_ends_the_program_with_success() {
    let folder = TemporaryFolder::new();
    let mut command = plenary();
    command.args(["doctor", "--listen=127.0.0.1:0", "--admin-listen=127.0.0.1:0", "--data"]);
    let output = within(command.arg(folder.path()).output()).await.expect("run plenary doctor");
    let printed = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{printed}");
    assert!(printed.contains("problems: 0"), "{printed}");
    assert!(printed.contains("the first start creates it"), "{printed}");
}

#[tokio::test]
async fn allowed_load_tests_are_a_warning() {
    let folder = TemporaryFolder::new();
    let mut command = plenary();
    command.args(["doctor", "--listen=127.0.0.1:0", "--admin-listen=127.0.0.1:0", "--data"]);
    let command = command.arg(folder.path()).arg("--load-tests");
    let output = within(command.output()).await.expect("run plenary doctor");
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(printed.contains("made-up people (--load-tests)"), "{printed}");
    assert_eq!(output.status.code(), Some(0), "a warning is no problem: {printed}");
}
