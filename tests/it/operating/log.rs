//! What is logged, and what never is.

use std::process::Stdio;

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::support::client::Client;
use crate::support::conference::message;
use crate::support::databases::TestDatabase;
use crate::support::hub::{HubProcess, plenary, within};
use crate::support::program::ProgramConference;
use crate::support::temporary::TemporaryFolder;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn even_the_most_verbose_log_contains_no_secret_and_no_message() {
    let mut camp = ProgramConference::start(TestDatabase::sqlite(), &["--log=trace"]).await;
    let (mut socket, _) = camp.joined().await;
    socket.ask("message.send", message(&camp.channel, "between you and me")).await.expect("sent");
    let mut stranger = Client::new(camp.hub.address);
    let browser = [("sec-fetch-site", "same-origin")];
    let wrong = json!({ "email": "somebody@example.net", "password": "hunter2 hunter2" });
    let body = Some(wrong.to_string().into_bytes());
    let path = "/api/v1/sign-in/password";
    stranger.ask(http::Method::POST, path, &browser, body).await;
    stranger.get("/api/v1/me?token=in-the-address").await;

    camp.hub.signal(Signal::TERM);
    drop(socket);
    let log = camp.hub.rest_of_log().await;

    assert!(log.contains("/api/v1/sign-in/password"), "there is a detailed log:\n{log}");
    for line in log.lines() {
        assert!(serde_json::from_str::<Value>(line).is_ok(), "not JSON: {line}");
    }
    let secret = camp.cookie.split_once('=').expect("a cookie").1;
    let private = [
        secret,
        "between you and me",
        "hunter2",
        "somebody@example.net",
        "organizer@example.org",
        "in-the-address",
    ];
    for word in private {
        assert!(!log.contains(word), "{word} in:\n{log}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_hub_outlives_whoever_reads_its_log() {
    let folder = TemporaryFolder::new();
    let mut hub = HubProcess::start(&folder, &["--log=debug", "--drain-seconds=0"]).await;
    hub.stop_reading_log().await;
    let client = Client::new(hub.address);
    for _ in 0..3 {
        assert_eq!(client.get("/api/v1/me").await.status, 401);
    }
    hub.signal(Signal::TERM);
    assert!(hub.ended().await.success(), "it stops gracefully");
}

#[tokio::test]
async fn a_command_whose_output_is_closed_early_has_not_failed() {
    let mut command = plenary();
    command.args(["document", "openapi"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("start plenary");
    drop(child.stdout.take());
    let ended = within(child.wait_with_output()).await.expect("the end");
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert_eq!((ended.status.code(), said.as_str()), (Some(0), ""));
}
