//! What the log tells, and what it keeps to itself.

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::support::client::Client;
use crate::support::conference::message;
use crate::support::databases::TestDatabase;
use crate::support::program::ProgramConference;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn even_the_most_detailed_log_holds_no_secret_and_no_word_that_was_said() {
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
