//! Several hubs on one database, without a bus: they share state through the database alone.

use std::time::Duration;

use futures_util::future::join_all;
use http::{Method, StatusCode};
use plenary::clock::{Clock, Timestamp};
use plenary::db::Columns;
use plenary::pictures;
use serde_json::{Value, json};

use crate::support::client::Client;
use crate::support::conference::{Conference, message};
use crate::support::databases::{TestDatabase, on_each_database};
use crate::support::hub::{TestHub, within};
use crate::support::people::TestPerson;
use crate::support::picture::png;
use crate::support::socket::Socket;

on_each_database!(
    a_ticket_is_valid_once_at_any_node,
    a_sign_out_takes_effect_at_the_other_node,
    a_picture_is_served_by_every_node_until_it_is_removed,
    pictures_of_an_earlier_version_are_served_by_every_node,
    a_read_pointer_never_goes_back,
    read_pointers_survive_a_disconnect,
    one_node_removes_expired_data_for_all,
);

/// The same browser at this node.
fn at(hub: &TestHub, client: &Client) -> Client {
    let mut there = hub.client();
    there.cookie.clone_from(&client.cookie);
    there
}

/// A socket at this node.
async fn opened(hub: &TestHub, cookie: Option<&str>) -> Socket {
    let origin = &hub.app.settings.addresses.public_url;
    Socket::open_from(hub.address, cookie, origin).await.expect("a socket")
}

/// A socket of this browser that has said hello at this node, and its welcome.
async fn greeted(hub: &TestHub, client: &Client) -> (Socket, Value) {
    let mut socket = opened(hub, client.cookie.as_deref()).await;
    let welcome = socket.ask("hello", json!({ "event": "camp" })).await.expect("a welcome");
    (socket, welcome)
}

/// Polls until the condition holds.
async fn until(mut is_so: impl AsyncFnMut() -> bool) {
    within(async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
}

async fn a_ticket_is_valid_once_at_any_node(database: TestDatabase) {
    let clock = Clock::manual(Timestamp(1_800_000_000_000));
    let camp = Conference::with(database, clock.clone()).await;
    let beside = camp.hub.another(None).await;
    let mut ada = camp.attendee("Ada").await;
    let ticket = ada.client.post("/api/v1/tickets", json!({})).await.ok()["ticket"].clone();
    let attempts = [&camp.hub, &beside, &camp.hub, &beside].map(|hub| {
        let hello = json!({ "event": "camp", "ticket": ticket });
        async move {
            let mut socket = opened(hub, None).await;
            socket.ask("hello", hello).await.map(|welcome| welcome["person"]["id"].clone())
        }
    });
    let answers = join_all(attempts).await;
    let welcomes: Vec<_> = answers.iter().flatten().collect();
    assert_eq!(welcomes, [&json!(ada.id)], "{answers:?}");

    let ticket = ada.client.post("/api/v1/tickets", json!({})).await.ok()["ticket"].clone();
    clock.advance(Duration::from_secs(60));
    let mut late = opened(&beside, None).await;
    let hello = json!({ "event": "camp", "ticket": ticket });
    late.ask("hello", hello).await.expect_err("good for a minute");
    beside.app.upkeep.sweep().await.expect("a sweep");
    let left = beside.app.db.all(beside.app.db.query("SELECT expires_at FROM socket_tickets"));
    assert!(left.await.expect("the tickets").is_empty());
}

async fn a_sign_out_takes_effect_at_the_other_node(database: TestDatabase) {
    let camp = Conference::with(database, Clock::System).await;
    let beside = camp.hub.another(None).await;
    let mut phone = camp.hub.signed_in("ada@example.org").await;
    let id = phone.get("/api/v1/me").await.ok()["id"].as_str().expect("an id").to_owned();
    camp.register(id.parse().expect("an id")).await;
    let laptop = camp.hub.signed_in("ada@example.org").await;
    let (mut on_phone, _) = greeted(&beside, &phone).await;
    let (mut on_laptop, _) = greeted(&beside, &laptop).await;
    let phone_before = at(&beside, &phone);
    phone_before.get("/api/v1/me").await.ok();

    phone.post("/api/v1/sign-out", json!({})).await.ok();
    assert_eq!(on_phone.ended().await.0, 4200);
    assert_eq!(phone_before.get("/api/v1/me").await.status, StatusCode::UNAUTHORIZED);
    on_laptop.ask("ping", json!({})).await.expect("another browser stays");

    let mut laptop_before = laptop.clone();
    laptop_before.post("/api/v1/sign-out", json!({ "everywhere": true })).await.ok();
    // Signed in again before the other node knows that the others have ended.
    let again = camp.hub.signed_in("ada@example.org").await;
    let (mut on_again, _) = greeted(&beside, &again).await;
    assert_eq!(on_laptop.ended().await.0, 4200);
    on_again.ask("ping", json!({})).await.expect("begun after the end");

    // Of too many sign-ins the oldest ends, wherever its socket is.
    for _ in 0..30 {
        camp.hub.signed_in("ada@example.org").await;
    }
    assert_eq!(on_again.ended().await.0, 4200);
}

async fn put(client: &mut Client, file: Vec<u8>) -> String {
    let kind = [("content-type", "image/png")];
    let me = client.ask(Method::PUT, "/api/v1/me/picture", &kind, Some(file)).await.ok();
    me["profile"]["picture"].as_str().expect("a picture").to_owned()
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

async fn a_picture_is_served_by_every_node_until_it_is_removed(database: TestDatabase) {
    let hub = TestHub::with(database, Clock::System, &["--drain-seconds=0"]).await;
    let beside = hub.another(None).await;
    let mut ada = hub.signed_in("ada@example.org").await;
    let first = put(&mut ada, png(40)).await;
    assert_eq!(beside.client().head(&first).await.status, StatusCode::OK);
    let copies = beside.app.settings.storage.picture_copies();
    let name = format!("small-{}", name_of(&first));
    let copy = std::fs::read(copies.join(&name)).expect("a copy");
    assert_eq!(hub.client().head(&first).await.status, StatusCode::OK);
    let shown = hub.app.settings.storage.picture_copies().join(name);
    assert_eq!(std::fs::read(shown).expect("a copy"), copy, "the same at both");
    let large = format!("{first}?size=large");
    assert_eq!(beside.client().head(&large).await.status, StatusCode::OK);

    let second = put(&mut ada, png(41)).await;
    assert_eq!(hub.client().head(&first).await.status, StatusCode::NOT_FOUND);
    until(async || std::fs::read_dir(&copies).expect("a folder").count() == 0).await;
    assert_eq!(beside.client().head(&first).await.status, StatusCode::NOT_FOUND);

    // Pictures removed while a node was down are not served from its copies either.
    assert_eq!(beside.client().head(&second).await.status, StatusCode::OK);
    let stopped = beside.app.clone();
    stopped.lifecycle.stop();
    ada.delete("/api/v1/me/picture").await.ok();
    let later = hub.app.clock.now().after(Duration::from_secs(2 * 24 * 3_600));
    pictures::sweep(&hub.app.db, later).await.expect("a sweep");
    let beside = beside.restart().await;
    assert_eq!(beside.client().head(&second).await.status, StatusCode::NOT_FOUND);
}

async fn pictures_of_an_earlier_version_are_served_by_every_node(database: TestDatabase) {
    let hub = TestHub::with(database, Clock::System, &[]).await;
    let beside = hub.another(None).await;
    let folder = hub.app.settings.storage.earlier_pictures();
    std::fs::create_dir_all(&folder).expect("a folder");
    let mut names = Vec::new();
    for number in 0..3 {
        let name = format!("{}.png", hub.app.random.secret());
        std::fs::write(folder.join(&name), png(40 + number)).expect("a file");
        names.push(name);
    }
    for name in &names[..2] {
        let person = hub.person("Ada").await;
        let update = hub.app.db.query("UPDATE people SET picture = ? WHERE id = ?");
        let update = update.bind(name.clone()).bind(person.id.bytes());
        assert_eq!(hub.app.db.run(update).await.expect("an update"), 1);
    }
    let path = |number: usize| format!("/pictures/{}", names[number]);
    assert_eq!(hub.client().head(&path(0)).await.status, StatusCode::OK, "when it is wanted");
    assert_eq!(beside.client().head(&path(0)).await.status, StatusCode::OK);
    // Even what the hub itself once stored as it came is written anew before it is served.
    let copies = beside.app.settings.storage.picture_copies();
    let copy = copies.join(format!("small-{}", names[0]));
    let copy = std::fs::read(copy).expect("a copy");
    assert!(!copy.windows(7).any(|bytes| bytes == b"at home"));
    assert_eq!(beside.client().head(&path(1)).await.status, StatusCode::NOT_FOUND);
    pictures::adopt_all(&hub.app).await.expect("a take-over");
    assert_eq!(beside.client().head(&path(1)).await.status, StatusCode::OK, "in time");
    assert_eq!(hub.client().head(&path(2)).await.status, StatusCode::NOT_FOUND, "nobody's");
    let left: Vec<_> = std::fs::read_dir(&folder).expect("the folder").flatten().collect();
    assert_eq!(left.len(), 1, "what is nobody's is left alone: {left:?}");
}

/// Somebody's read pointer in the database.
async fn pointer(hub: &TestHub, person: &TestPerson) -> Option<i64> {
    let select = hub.app.db.query("SELECT seq FROM read_pointers WHERE person_id = ?");
    let row = hub.app.db.one(select.bind(person.id.bytes())).await.expect("an answer");
    row.map(|row| row.number("seq").expect("a number"))
}

async fn a_read_pointer_never_goes_back(database: TestDatabase) {
    let camp = Conference::with(database, Clock::System).await;
    let behind = camp.hub.another(None).await;
    let room = camp.room.channel.clone();
    let (ada, ben) = (camp.attendee("Ada").await, camp.attendee("Ben").await);
    let (mut speaker, _) = camp.joined(&ben, &room).await;
    for number in 1..=2 {
        speaker.ask("message.send", message(&room, &number.to_string())).await.expect("sent");
    }
    let (mut there, _) = greeted(&behind, &at(&behind, &ada.client)).await;
    there.ask("channel.join", json!({ "channel": room })).await.expect("a channel");
    speaker.ask("message.send", message(&room, "3")).await.expect("sent");
    let (mut here, _) = camp.joined(&ada, &room).await;
    let read = |seq: u64| json!({ "channel": room, "seq": seq });
    here.ask("channel.read", read(3)).await.expect("read");
    until(async || pointer(&camp.hub, &ada).await == Some(3)).await;

    // That node does not know the third message: to it, this is everything.
    there.ask("channel.read", read(2)).await.expect("read");
    behind.stop().await;
    assert_eq!(pointer(&camp.hub, &ada).await, Some(3));
}

async fn read_pointers_survive_a_disconnect(database: TestDatabase) {
    let camp = Conference::with(database, Clock::System).await;
    let beside = camp.hub.another(None).await;
    let room = camp.room.channel.clone();
    let (ada, ben) = (camp.attendee("Ada").await, camp.attendee("Ben").await);
    let (mut speaker, _) = camp.joined(&ben, &room).await;
    speaker.ask("message.send", message(&room, "Read this")).await.expect("sent");
    let (mut socket, _) = camp.joined(&ada, &room).await;
    let read = |seq: u64| json!({ "channel": room, "seq": seq });
    socket.ask("channel.read", read(1)).await.expect("read");
    until(async || pointer(&beside, &ada).await == Some(1)).await;
    speaker.ask("message.send", message(&room, "And this")).await.expect("sent");
    let (_, welcome) = greeted(&beside, &at(&beside, &ada.client)).await;
    assert_eq!(welcome["unread"], json!([{ "channel": room, "unread": 1, "mentions": 0 }]));

    socket.ask("channel.read", read(2)).await.expect("read");
    camp.hub.app.lifecycle.stop();
    assert_eq!(socket.ended().await.0, 4100);
    let (_, welcome) = greeted(&beside, &at(&beside, &ada.client)).await;
    assert_eq!(welcome["unread"], json!([]));
}

async fn one_node_removes_expired_data_for_all(database: TestDatabase) {
    let clock = Clock::manual(Timestamp(1_800_000_000_000));
    let hub = TestHub::with(database, clock.clone(), &["--drain-seconds=0"]).await;
    let beside = hub.another(None).await;
    let keep_up = async |hub: &TestHub| hub.app.upkeep.sweep_in_turn().await.expect("a sweep");
    assert_ne!(keep_up(&hub).await, keep_up(&beside).await, "one of them");
    let (one, other) = if keep_up(&hub).await { (hub, beside) } else { (beside, hub) };
    clock.advance(Duration::from_secs(10 * 60));
    assert!(keep_up(&one).await && !keep_up(&other).await, "the same one goes on");
    clock.advance(Duration::from_secs(15 * 60));
    assert!(keep_up(&other).await && !keep_up(&one).await, "when it is gone, another takes over");
}
