//! Two hubs on one database and one Redis: messages sent on one arrive on the other, at once with
//! Redis and a little later without.

use std::time::{Duration, Instant};

use http::StatusCode;
use serde_json::{Value, json};

use crate::support::client::Client;
use crate::support::conference::message;
use crate::support::databases::{Kind, TestDatabase};
use crate::support::hub::{HubProcess, plenary, within};
use crate::support::program::ProgramConference;
use crate::support::proxy::Proxy;
use crate::support::redis::TestRedis;
use crate::support::socket::Socket;
use crate::support::temporary::TemporaryFolder;

/// The program's default public URL.
const ORIGIN: &str = "http://localhost:8080";

/// Two hubs with the same settings, and a socket of the organizer's in the same room on each.
struct TwoHubs {
    camp: ProgramConference,
    second: HubProcess,
    on_first: Socket,
    on_second: Socket,
    _folder: TemporaryFolder,
}

impl TwoHubs {
    async fn start(kind: Kind, redis: &str) -> Option<TwoHubs> {
        let database = TestDatabase::new(kind).await?;
        let flags = ["--redis", redis, "--drain-seconds=0", "--message-burst=100"];
        let url = database.url.clone();
        let camp = ProgramConference::start(database, &flags).await;
        let folder = TemporaryFolder::new();
        let all = [&["--database", url.as_str()], flags.as_slice()].concat();
        let second = HubProcess::start(&folder, &all).await;
        let (on_first, _) = camp.joined().await;
        let on_second = joined(&second, &camp).await;
        Some(TwoHubs { camp, second, on_first, on_second, _folder: folder })
    }

    /// Sends a message on the first hub; returns how long it took to arrive on the second.
    async fn say(&mut self, text: &str) -> Duration {
        let begin = Instant::now();
        let sent = self.on_first.ask("message.send", message(&self.camp.channel, text)).await;
        sent.expect("sent");
        heard(&mut self.on_first, text).await;
        heard(&mut self.on_second, text).await;
        begin.elapsed()
    }

    /// Waits until both hubs report this state, and that they are ready.
    async fn are(&self, state: &str) {
        for address in [self.camp.hub.admin_address, self.second.admin_address] {
            let operator = Client::new(address);
            within(async {
                loop {
                    let answer = operator.get("/readyz").await;
                    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
                    if answer.text.starts_with(state) {
                        return;
                    }
                }
            })
            .await;
        }
    }
}

async fn joined(hub: &HubProcess, camp: &ProgramConference) -> Socket {
    let opened = Socket::open_from(hub.address, Some(&camp.cookie), ORIGIN).await;
    let mut socket = opened.expect("a socket");
    socket.ask("hello", json!({ "event": "camp" })).await.expect("a welcome");
    socket.ask("channel.join", json!({ "channel": camp.channel })).await.expect("the channel");
    socket
}

async fn heard(socket: &mut Socket, text: &str) {
    let says = |push: &Value| {
        let messages = push["data"]["messages"].as_array();
        messages.is_some_and(|all| all.iter().any(|message| message["text"] == text))
    };
    socket.push_where(|push| push["push"] == "messages" && says(push)).await;
}

/// On both kinds of servers, one after the other: these tests do not depend on them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_sent_on_one_hub_arrive_on_the_other() {
    for kind in [Kind::Mariadb, Kind::Postgres] {
        let Some(redis) = TestRedis::start().await else { return };
        let Some(mut hubs) = TwoHubs::start(kind, &redis.url()).await else { return };
        hubs.are("ready").await;
        for number in 0..20 {
            hubs.say(&format!("message {number}")).await;
        }
        let metrics = Client::new(hubs.second.admin_address).get("/metrics").await.text;
        assert!(metrics.contains("plenary_bus_connected 1\n"), "{metrics}");
        assert!(!metrics.contains("plenary_bus_received_total 0\n"), "{metrics}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_redis_hubs_serve_exchange_messages_late_and_say_so_until_it_is_back() {
    let Some(mut redis) = TestRedis::start().await else { return };
    let Some(mut hubs) = TwoHubs::start(Kind::Mariadb, &redis.url()).await else { return };
    hubs.say("with Redis").await;

    redis.stop().await;
    let begin = Instant::now();
    hubs.are("degraded: bus: ").await;
    assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", begin.elapsed());
    hubs.say("without Redis").await;
    // Also in a room that nobody has been in since.
    let mut third = joined(&hubs.second, &hubs.camp).await;
    hubs.say("still without").await;
    heard(&mut third, "still without").await;

    redis.start_again().await;
    hubs.are("ready").await;
    hubs.say("with an empty Redis").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hub_starts_without_redis_and_finds_it_later() {
    let Some(mut redis) = TestRedis::start().await else { return };
    redis.stop().await;
    let Some(mut hubs) = TwoHubs::start(Kind::Mariadb, &redis.url()).await else { return };
    hubs.are("degraded: bus: ").await;
    hubs.say("to begin with").await;
    redis.start_again().await;
    hubs.are("ready").await;
    hubs.say("now at once").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_password_is_reported_without_repeating_it() {
    let Some(redis) = TestRedis::with(&["--requirepass", "hunter2"]).await else { return };
    let Some(database) = TestDatabase::new(Kind::Mariadb).await else { return };
    let folder = TemporaryFolder::new();
    let proxy = Proxy::to(redis.address().to_string()).await;
    proxy.cut();
    let url = format!("redis://:hunter3@{}", proxy.address);
    let flags = ["--database", database.url.as_str(), "--redis", &url, "--drain-seconds=0"];
    let mut hub = HubProcess::start(&folder, &flags).await;
    proxy.mend();
    loop {
        let line = hub.logged("other hubs are not heard; trying again").await;
        let error = line["error"].as_str().expect("a reason");
        assert!(!line.to_string().contains("hunter"), "{line}");
        if error.contains("WRONGPASS") {
            break;
        }
    }

    let wrong = format!("redis://:hunter3@{}", redis.address());
    let mut doctor = plenary();
    doctor.args(["doctor", "--listen=127.0.0.1:0", "--admin-listen=127.0.0.1:0", "--data"]);
    doctor.arg(folder.path()).args(["--database", &database.url]).env("PLENARY_REDIS", wrong);
    let printed = within(doctor.output()).await.expect("run plenary doctor");
    let text = String::from_utf8_lossy(&printed.stdout);
    assert_eq!(printed.status.code(), Some(1), "{text}");
    assert!(text.contains("problem  redis"), "{text}");
    assert!(!text.contains("hunter"), "{text}");
}

#[tokio::test]
async fn a_malformed_address_and_a_database_for_one_hub_are_refused_at_the_start() {
    let folder = TemporaryFolder::new();
    let mariadb = "mysql://root@127.0.0.1:1/plenary";
    for (database, redis, sentence) in [
        (mariadb, "http://:hunter2@127.0.0.1", "--redis, address 1: it must begin with redis://"),
        ("sqlite:here.sqlite", "redis://:hunter2@127.0.0.1", "--redis joins several hubs"),
    ] {
        let mut command = plenary();
        command.args(["serve", "--listen=127.0.0.1:0", "--admin-listen=127.0.0.1:0", "--data"]);
        command.arg(folder.path()).args(["--database", database]).env("PLENARY_REDIS", redis);
        let output = within(command.output()).await.expect("run plenary");
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert!(!output.status.success());
        assert!(said.contains(sentence), "{sentence} in:\n{said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
}

#[tokio::test]
async fn the_doctor_finds_a_good_redis_fine() {
    let Some(redis) = TestRedis::start().await else { return };
    let folder = TemporaryFolder::new();
    let mut doctor = plenary();
    doctor.args(["doctor", "--listen=127.0.0.1:0", "--admin-listen=127.0.0.1:0", "--data"]);
    doctor.arg(folder.path()).args(["--redis", &redis.url()]);
    let printed = within(doctor.output()).await.expect("run plenary doctor");
    let text = String::from_utf8_lossy(&printed.stdout);
    let version = format!("fine     redis     {} is Redis ", redis.address());
    assert!(text.contains(&version), "{text}");
    assert!(text.contains(&format!("{} answers in ", redis.address())), "{text}");
    assert!(!text.contains("problem  redis"), "{text}");
}
