//! A supervised task panics: readiness names it, clients are told to reconnect, the hub exits with
//! a failure, and after a restart nothing acknowledged is missing.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use http::StatusCode;
use plenary::bus::{Inbox, Link, Topic, Transport};
use plenary::db::Batcher;
use plenary::tasks::{HowEnded, TaskFailed};
use serde_json::Value;

use crate::support::conference::{Conference, message};
use crate::support::databases::TestDatabase;
use crate::support::hub::{TestHub, within};
use crate::support::socket::Socket;

/// Long enough to query readiness during the drain.
const FLAGS: &[&str] = &["--drain-seconds=2"];
/// The text on which the transport panics.
const FATAL: &str = "fatal";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_in_the_logs_writer_stops_the_hub_gracefully() {
    let hub = TestHub::first(TestDatabase::sqlite(), FLAGS, Some(link())).await;
    // It is acknowledged, and then published to other nodes, by the log's writer.
    let panics = async |socket: &mut Socket, channel: &str, _: &TestHub| {
        socket.ask("message.send", message(channel, FATAL)).await.expect("acknowledged");
    };
    let texts = story(hub, "chat.log_writer", panics).await;
    assert_eq!(texts, ["before", FATAL]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_in_a_batcher_stops_the_hub_gracefully() {
    let hub = TestHub::first(TestDatabase::sqlite(), FLAGS, None).await;
    let panics = async |_: &mut Socket, _: &str, hub: &TestHub| {
        let questions: Batcher<u32, u32> =
            Batcher::new(&hub.app.tasks, "test.questions", |_| panic!("a question"));
        questions.ask(1).await.expect_err("no answer");
    };
    assert_eq!(story(hub, "test.questions", panics).await, ["before"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_in_a_capabilitys_own_task_stops_the_hub_gracefully() {
    let hub = TestHub::first(TestDatabase::sqlite(), FLAGS, None).await;
    let panics = async |_: &mut Socket, _: &str, hub: &TestHub| {
        drop(hub.app.tasks.spawn("test.capability", async { panic!("a capability") }));
    };
    assert_eq!(story(hub, "test.capability", panics).await, ["before"]);
}

/// Gets messages acknowledged, then this task panics. Returns the texts that are there after a
/// restart.
async fn story(
    hub: TestHub,
    name: &str,
    panics: impl AsyncFnOnce(&mut Socket, &str, &TestHub),
) -> Vec<String> {
    let mut camp = Conference::on(hub).await;
    let (ada, channel) = (camp.attendee("Ada").await, camp.room.channel.clone());
    let (mut socket, _) = camp.joined(&ada, &channel).await;
    socket.ask("message.send", message(&channel, "before")).await.expect("acknowledged");
    panics(&mut socket, &channel, &camp.hub).await;

    within(camp.hub.app.tasks.failed()).await;
    let readiness = camp.hub.operator().get("/readyz").await;
    assert_eq!(readiness.status, StatusCode::SERVICE_UNAVAILABLE);
    let reason = format!("task {name}: it panicked");
    assert!(readiness.text.starts_with(&reason), "{}", readiness.text);
    assert_eq!(socket.push("closing").await["data"]["code"], "server.draining");
    let failed = camp.hub.ended().await.expect_err("a failure");
    let failed = failed.downcast_ref::<TaskFailed>().expect("of a task");
    assert_eq!((failed.name, failed.how), (name, HowEnded::Panicked));

    let camp = Conference { hub: camp.hub.start_again(None).await, ..camp };
    let (_, state) = camp.joined(&ada, &channel).await;
    let messages = state["messages"].as_array().expect("messages");
    let text = |message: &Value| message["text"].as_str().expect("a text").to_owned();
    messages.iter().map(text).collect()
}

/// A transport that panics on [`FATAL`].
#[derive(Debug)]
struct Panicking(Inbox);

impl Transport for Panicking {
    fn publish(&self, topic: Topic, message: Arc<str>) {
        assert!(!message.contains(&format!("\"{FATAL}\"")), "{topic}");
        self.0.put(topic, message.to_string());
    }

    fn subscribe(&self, _: Vec<Topic>) -> BoxFuture<'static, ()> {
        Box::pin(std::future::ready(()))
    }

    fn unsubscribe(&self, _: &[Topic]) {}
}

fn link() -> Link {
    Link::with(|inbox| {
        inbox.opened();
        Arc::new(Panicking(inbox))
    })
}
