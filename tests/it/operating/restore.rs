//! A whole installation is restored from a backup, as described in docs/operating.md: clients start
//! afresh instead of waiting for positions that were assigned before.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use http::StatusCode;
use plenary::clock::{Clock, Timestamp};
use plenary::db::Db;
use plenary::installation::Installation;
use plenary::random::Random;
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::support::backup::{Backup, Place};
use crate::support::client::Client;
use crate::support::conference::{Conference, message};
use crate::support::databases::{TestDatabase, on_each_database};
use crate::support::hub::within;
use crate::support::program::ProgramConference;
use crate::support::socket::Socket;
use crate::support::temporary::TemporaryFolder;

/// No rate limit and no drain.
const FLAGS: [&str; 2] = ["--message-burst=1000", "--drain-seconds=0"];

on_each_database!(
    after_a_restore_clients_start_afresh,
    an_undeclared_restore_is_noticed,
    hubs_that_start_together_agree_on_the_log,
);

/// A protocol-conforming client's view of the room.
#[derive(Default)]
struct View {
    log: Value,
    number: Value,
    messages: BTreeMap<u64, Value>,
    resets: usize,
}

impl View {
    /// Connects, resuming from its view.
    async fn join(&mut self, camp: &ProgramConference) -> Socket {
        let (mut socket, welcome) = camp.greeted().await;
        let mut join = json!({ "channel": camp.channel });
        if self.number.is_u64() {
            join["after"] = self.number.take();
            join["log"] = self.log.take();
        }
        let joined = socket.ask("channel.join", join).await.expect("the channel");
        self.log = welcome["log"].clone();
        self.take(&joined);
        socket
    }

    /// Listens until this position has arrived.
    async fn hear(&mut self, socket: &mut Socket, number: u64) {
        while self.number.as_u64() < Some(number) {
            let push = socket.push("messages").await;
            assert_eq!(push["data"]["after"], self.number, "nothing is missing");
            self.take(&push["data"]);
        }
    }

    fn take(&mut self, changes: &Value) {
        if changes["reset"] == true {
            self.messages.clear();
            self.resets += 1;
        }
        for message in changes["messages"].as_array().expect("messages") {
            self.messages.insert(message["seq"].as_u64().expect("a number"), message.clone());
        }
        self.number = changes["seq"].clone();
    }
}

async fn say(socket: &mut Socket, channel: &str, text: &str, count: usize) {
    for number in 1..=count {
        let said = message(channel, &format!("{text} {number}"));
        socket.ask("message.send", said).await.expect("an accepted message");
    }
}

async fn after_a_restore_clients_start_afresh(database: TestDatabase) {
    let place = Place::of(&database);
    let mut camp = ProgramConference::start(database, &FLAGS).await;
    let channel = camp.channel.clone();
    let mut client = View::default();
    let mut socket = client.join(&camp).await;
    say(&mut socket, &channel, "before", 100).await;
    let Some(backup) = Backup::of(&place).await else { return };
    say(&mut socket, &channel, "taken back", 20).await;
    client.hear(&mut socket, 120).await;
    assert_eq!((client.messages.len(), client.resets), (120, 0));

    camp.hub.signal(Signal::TERM);
    assert!(camp.hub.ended().await.success());
    backup.restore().await;
    let told = camp.command(&["restored"]).await;
    assert!(told.starts_with("The log holds 100 messages, the last one of 2"), "{told}");
    assert!(told.contains("--end-sign-ins"), "{told}");
    camp.restart().await;

    let mut other = View::default();
    let mut others = other.join(&camp).await;
    say(&mut others, &channel, "afterwards", 20).await;
    other.hear(&mut others, 120).await;
    let before = client.log.clone();
    let mut socket = client.join(&camp).await;
    let mut fresh = View::default();
    fresh.join(&camp).await;
    assert_eq!(client.resets, 1, "it was told to start again");
    assert_eq!(client.messages, fresh.messages);
    assert_eq!(client.number, 120);

    let behind = json!({ "channel": channel, "after": 100, "log": before });
    let caught_up = socket.ask("channel.catch_up", behind).await.expect("the newest");
    assert_eq!((&caught_up["reset"], &caught_up["after"]), (&json!(true), &json!(0)));
    let behind = json!({ "channel": channel, "after": 100, "log": client.log });
    let caught_up = socket.ask("channel.catch_up", behind).await.expect("what has changed");
    assert_eq!((&caught_up["reset"], &caught_up["after"]), (&json!(false), &json!(100)));
    client.join(&camp).await;
    assert_eq!(client.resets, 1, "from here on its number counts again");
}

async fn an_undeclared_restore_is_noticed(database: TestDatabase) {
    let place = Place::of(&database);
    let clock = Clock::manual(Timestamp(1_700_000_000_000));
    let camp = Conference::with(database, clock.clone()).await;
    let ada = camp.attendee("Ada").await;
    let channel = camp.room.channel.clone();
    say(&mut camp.socket(&ada).await, &channel, "before", 3).await;
    let Some(backup) = Backup::of(&place).await else { return };
    clock.advance(std::time::Duration::from_secs(60));
    say(&mut camp.socket(&ada).await, &channel, "taken back", 3).await;

    let first = camp.hub.app.installation;
    let hub = camp.hub.restart().await;
    assert_eq!(hub.app.installation.log, first.log, "nothing has gone back");
    let hub = hub.restart_after(None, async || backup.restore().await).await;
    let restored = hub.app.installation;
    assert_ne!(restored.log, first.log);
    assert_eq!(restored.id, first.id);
    let hub = hub.restart().await;
    assert_eq!(hub.app.installation.log, restored.log, "once");
}

async fn hubs_that_start_together_agree_on_the_log(database: TestDatabase) {
    let db = Db::connect(&database.url, 8).await.expect("connect");
    db.migrate().await.expect("migrate");
    let folder = TemporaryFolder::new();
    let marks: Vec<_> = (0..8).map(|hub| folder.path().join(format!("mark-{hub}"))).collect();
    let open = async || {
        let start = |mark| {
            let (db, mark) = (db.clone(), std::path::PathBuf::clone(mark));
            tokio::spawn(async move {
                Installation::open(&db, &mark, &Clock::System, &Random::System).await
            })
        };
        let opened = join_all(marks.iter().map(start)).await;
        let opened = opened.into_iter().map(|one| one.expect("no panic").expect("an answer"));
        let opened: Vec<Installation> = opened.collect();
        assert!(opened.iter().all(|one| one.id == opened[0].id && one.log == opened[0].log));
        opened[0]
    };
    let first = open().await;
    assert_eq!(open().await.log, first.log);
    for mark in &marks {
        let ahead = json!({ "log": first.log, "last_message_at": 1_700_000_000_000_i64 });
        std::fs::write(mark, ahead.to_string()).expect("write a mark");
    }
    let restored = open().await;
    assert_ne!(restored.log, first.log);
    assert_eq!(restored.id, first.id);
    assert_eq!(open().await.log, restored.log);
}

#[tokio::test]
async fn a_log_that_goes_back_under_a_running_hub_stops_it() {
    let camp = Conference::start().await;
    let app = &camp.hub.app;
    let ahead = json!({ "log": app.installation.log, "last_message_at": app.clock.now() });
    std::fs::write(app.settings.storage.log_mark(), ahead.to_string()).expect("write a mark");
    let log = app.log_watch().remember().await.expect("an answer");
    assert_ne!(log, app.installation.log);
    within(app.lifecycle.stopping()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hub_whose_log_is_replaced_exits_to_be_restarted() {
    let mut camp = ProgramConference::start(TestDatabase::sqlite(), &FLAGS).await;
    let (mut socket, welcome) = camp.greeted().await;
    let told = camp.command(&["restored", "--end-sign-ins"]).await;
    assert!(told.contains("The log holds no message"), "{told}");
    assert!(told.contains("1 sign-ins were ended"), "{told}");

    assert_eq!(socket.ended().await.0, 4_100, "to come back after a moment");
    assert_eq!(camp.hub.ended().await.code(), Some(75));
    let log = camp.hub.rest_of_log().await;
    assert!(log.contains("the log was replaced") && log.contains("\"ERROR\""), "{log}");
    assert!(log.contains(welcome["log"].as_str().expect("a log")), "{log}");

    camp.restart().await;
    let mut organizer = Client::new(camp.hub.address);
    organizer.cookie = Some(camp.cookie.clone());
    assert_eq!(organizer.get("/api/v1/me").await.status, StatusCode::UNAUTHORIZED);
}
