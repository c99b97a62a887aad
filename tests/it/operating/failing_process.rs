//! The same as a process of its own: it ends with the status after which the service manager starts
//! it again, and what was acknowledged is there then.

use std::process::{Stdio, exit};
use std::sync::Arc;

use plenary::app::{self, App};
use plenary::cli::exit_status;
use plenary::clock::Clock;
use plenary::http::Listeners;
use plenary::log::{self, LogFormat};
use plenary::random::Random;
use plenary::tasks::TaskFailed;
use rustix::process::Signal;
use serde_json::json;
use tokio::process::Command;
use tokio::signal::unix::{SignalKind, signal};

use crate::support::conference::{Conference, message};
use crate::support::databases::TestDatabase;
use crate::support::hub::{HubProcess, settings};
use crate::support::people::TestPerson;
use crate::support::socket::Socket;
use crate::support::temporary::TemporaryFolder;

/// The database of the process that is to fail; a variable that only this test sets.
const DATABASE: &str = "FAILING_PROCESS_DATABASE";
/// The default public URL.
const ORIGIN: &str = "http://localhost:8080";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_whose_task_panics_ends_with_status_70_and_a_restart_finds_everything() {
    // The process that fails is this very test, run once more with a database to open.
    if let Ok(url) = std::env::var(DATABASE) {
        return serve_until_a_task_panics(&url).await;
    }
    let database = TestDatabase::sqlite();
    let url = database.url.clone();
    let camp = Conference::with(database, Clock::System).await;
    let ada = camp.attendee("Ada").await;
    let channel = camp.room.channel.clone();

    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["--nocapture", "operating::failing_process"]);
    command.env(DATABASE, &url).stdin(Stdio::null()).stdout(Stdio::null()).kill_on_drop(true);
    let started = HubProcess::run(command).await;
    let mut hub = started.unwrap_or_else(|log| panic!("it does not serve:\n{}", log.join("\n")));
    let mut socket = joined(&hub, &ada, &channel).await;
    socket.ask("message.send", message(&channel, "acknowledged")).await.expect("sent");
    hub.signal(Signal::USR1);
    hub.logged("a task panicked unexpectedly: stopping gracefully, to be restarted").await;
    assert_eq!(hub.ended().await.code(), Some(i32::from(TaskFailed::STATUS)));

    let folder = TemporaryFolder::new();
    let again = HubProcess::start(&folder, &["--database", &url]).await;
    let mut socket = joined(&again, &ada, &channel).await;
    let page = json!({ "channel": channel, "before": 100, "limit": 10 });
    let page = socket.ask("channel.history", page).await.expect("a page");
    assert_eq!(page["messages"][0]["text"], "acknowledged");
}

async fn joined(hub: &HubProcess, person: &TestPerson, channel: &str) -> Socket {
    let cookie = person.client.cookie.as_deref();
    let mut socket = Socket::open_from(hub.address, cookie, ORIGIN).await.expect("a socket");
    socket.ask("hello", json!({ "event": "camp" })).await.expect("a welcome");
    socket.ask("channel.join", json!({ "channel": channel })).await.expect("a channel");
    socket
}

async fn serve_until_a_task_panics(url: &str) {
    log::start(LogFormat::Json, "info");
    let folder = TemporaryFolder::new();
    let settings = settings(&folder, &["--drain-seconds=0", "--database", url]);
    let listeners = Listeners::bind(&settings).await.expect("free ports");
    let app = App::open_with(settings, Clock::System, Random::System, None, |hub, _| {
        hub.task("test.fatal", async |_| {
            let mut told = signal(SignalKind::user_defined1()).expect("a signal");
            told.recv().await;
            panic!("a fault");
        });
    });
    let app = app.await.expect("a hub");
    tracing::info!(
        listen = %listeners.public.local_addr().expect("an address"),
        admin_listen = %listeners.admin.local_addr().expect("an address"),
        "serving"
    );
    let ended = app::serve(Arc::clone(&app), listeners).await.expect_err("a failure");
    drop(folder);
    exit(i32::from(exit_status(&ended)));
}
