//! `plenary import schedule`.

use std::path::{Path, PathBuf};
use std::process::Output;

use axum::Router;
use axum::response::Redirect;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio_util::task::AbortOnDropHandle;

use super::{FRAB, frab, sessions};
use crate::support::hub::plenary;
use crate::support::temporary::TemporaryFolder;

/// Runs the program with its data in `folder`.
pub(super) async fn run(folder: &TemporaryFolder, arguments: &[&str]) -> Output {
    let data = folder.path().join("data");
    let mut command = plenary();
    command.args(["import", "schedule"]).args(arguments).arg("--data").arg(data);
    command.output().await.expect("the program runs")
}

pub(super) fn printed(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).expect("text")
}

pub(super) fn refused(output: &Output) -> String {
    assert!(!output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stderr.clone()).expect("text")
}

pub(super) fn file(folder: &TemporaryFolder, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("write a file");
    path
}

pub(super) fn text(path: &Path) -> &str {
    path.to_str().expect("a path of text")
}

#[tokio::test]
async fn a_new_event_is_made_and_changed() {
    let folder = TemporaryFolder::new();
    let first = file(&folder, "first.json", FRAB.as_bytes());
    let arguments = [text(&first), "--event", "harbour"];
    let dry = [&arguments[..], &["--dry-run"]].concat();

    let planned = printed(&run(&folder, &dry).await);
    assert!(
        planned
            .starts_with("Harbour Days 2027 (harbour, schedule First draft): would be a new event")
    );
    let planned = printed(&run(&folder, &dry).await);
    assert!(planned.contains("would be a new event"), "the dry run made nothing");
    let done = printed(&run(&folder, &arguments).await);
    assert!(done.contains("is a new event"), "{done}");
    for line in [
        "rooms          2 new",
        "tracks         2 new",
        "speakers       3 new",
        "sessions       4 new",
    ] {
        assert!(done.contains(line), "{line} in {done}");
    }
    let again = printed(&run(&folder, &arguments).await);
    assert!(again.contains("nothing has changed"), "{again}");
    assert!(again.contains("4 unchanged"), "{again}");

    let mut second = frab();
    sessions(&mut second, 0, "Quay")[1]["date"] = "2027-06-04T12:00:00+02:00".into();
    sessions(&mut second, 0, "Quay")[1]["start"] = "12:00".into();
    sessions(&mut second, 1, "Quay").clear();
    let second = file(&folder, "second.json", second.to_string().as_bytes());
    let changed = printed(&run(&folder, &[text(&second), "--event", "harbour"]).await);
    let retimed = "retimed: “Cranes that talk”, Fri 2027-06-04 11:00 for 1:00 → Fri 2027-06-04 12:00 for 1:00";
    assert!(changed.contains(retimed), "{changed}");
    assert!(
        changed.contains("cancelled: “Tides in a spreadsheet” (Sat 2027-06-05 10:00)"),
        "{changed}"
    );
}

#[tokio::test]
async fn a_bad_schedule_is_refused_with_row_and_field() {
    let folder = TemporaryFolder::new();
    let mut bad = frab();
    sessions(&mut bad, 0, "Quay")[1]["duration"] = "eleven".into();
    sessions(&mut bad, 0, "Quay")[0]["title"] = "".into();
    let path = file(&folder, "bad.json", bad.to_string().as_bytes());
    let told = refused(&run(&folder, &[text(&path), "--event", "harbour"]).await);
    assert!(told.contains("nothing was changed"), "{told}");
    assert!(told.contains("day 1, room Quay, event 1, title: There is no title."), "{told}");
    assert!(told.contains("day 1, room Quay, event 2 “Cranes that talk”, duration:"), "{told}");

    let sound = file(&folder, "sound.json", FRAB.as_bytes());
    let planned = printed(&run(&folder, &[text(&sound), "--event", "harbour", "--dry-run"]).await);
    assert!(planned.contains("would be a new event"), "the bad one made no event: {planned}");
}

#[tokio::test]
async fn anything_but_a_schedule_is_refused_with_a_sentence() {
    let folder = TemporaryFolder::new();
    let missing = folder.path().join("missing.json");
    let folder_path = folder.path().to_path_buf();
    for (source, part) in [
        (missing, "cannot be read"),
        (folder_path, "it is a folder"),
        (file(&folder, "a.xml", b"<schedule/>"), "neither a <conference> nor a <day>"),
        (file(&folder, "b.xml", b"<schedule><day></schedule>"), "no valid XML"),
        (file(&folder, "latin.json", b"{\"title\": \"\xfc\"}"), "must be written in UTF-8"),
        (file(&folder, "cut.json", &FRAB.as_bytes()[..500]), "no valid JSON"),
    ] {
        let told = refused(&run(&folder, &[text(&source), "--event", "harbour"]).await);
        assert!(told.contains(part), "{told}");
    }
    let told = refused(&run(&folder, &["ftp://example.org/a.json", "--event", "harbour"]).await);
    assert!(told.contains("only http:// and https://"), "{told}");
    let told = refused(&run(&folder, &["a.json", "--event", "Not A Slug"]).await);
    assert!(told.contains("lower-case letters"), "{told}");
}

#[tokio::test]
async fn an_address_is_fetched() {
    let router = Router::new()
        .route("/schedule.json", get(async || FRAB))
        .route("/moved", get(async || Redirect::temporary("/schedule.json")))
        .route("/loop", get(async || Redirect::temporary("/loop")))
        .route("/large", get(async || vec![b' '; 33 << 20]));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    let _server = AbortOnDropHandle::new(tokio::spawn(axum::serve(listener, router).into_future()));

    let folder = TemporaryFolder::new();
    let import = async |path: &str| {
        run(&folder, &[&format!("{base}{path}"), "--event", "harbour", "--dry-run"]).await
    };
    for path in ["/schedule.json", "/moved"] {
        assert!(printed(&import(path).await).contains("would be a new event"));
    }
    for (path, part) in [("/loop", "redirect"), ("/large", "larger than 32 MiB"), ("/none", "404")]
    {
        let told = refused(&import(path).await);
        assert!(told.contains(part), "{path}: {told}");
    }
}
