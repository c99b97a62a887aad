//! The clock of one machine jumps by an hour. Moments shared by nodes come from the database, and
//! durations are measured by a monotonic clock; so it has no effect.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use plenary::clock::{Clock, Timestamp};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::support::cluster::Cluster;
use crate::support::conference::{Conference, message};
use crate::support::databases::{TestDatabase, on_each_server};
use crate::support::hub::within;
use crate::support::moments::{soon, until};
use crate::support::people::TestPerson;
use crate::support::socket::Socket;
use crate::support::view::View;

const HOUR: i64 = 3_600_000;

on_each_server!(
    a_clock_that_jumps_ahead_on_one_node_has_no_effect,
    a_clock_that_jumps_back_on_one_node_has_no_effect,
);

async fn a_clock_that_jumps_ahead_on_one_node_has_no_effect(database: TestDatabase) {
    the_clock_of_one_node_jumps(database, HOUR).await;
}

async fn a_clock_that_jumps_back_on_one_node_has_no_effect(database: TestDatabase) {
    the_clock_of_one_node_jumps(database, -HOUR).await;
}

/// The machine's clock, and by how many milliseconds it is off.
fn jumping() -> (Clock, Arc<AtomicI64>) {
    let by = Arc::new(AtomicI64::new(0));
    (Clock::Wrong(Arc::clone(&by)), by)
}

async fn the_clock_of_one_node_jumps(database: TestDatabase, by: i64) {
    let mut nodes = Cluster::start(database, 1, 11).await;
    let (clock, wrong) = jumping();
    nodes.add(clock).await;
    let camp = &nodes.camp;
    let (ada, mut ben) = (camp.attendee("Ada").await, camp.attendee("Ben").await);
    let (cleo, dan) = (camp.attendee("Cleo").await, camp.attendee("Dan").await);
    let (eve, mia) = (camp.attendee("Eve").await, camp.moderator("Mia").await);
    let (here, slow) = (camp.room.channel.as_str(), camp.other_room.channel.as_str());
    let (mut ada, joined) = nodes.joined(0, &ada, here).await;
    let mut ada_sees = View::of(&joined);
    let (mut ben_socket, joined) = nodes.joined(1, &ben, here).await;
    let mut ben_sees = View::of(&joined);
    ben_socket.ask("channel.join", json!({ "channel": slow })).await.expect("joined");
    let (cleo_socket, _) = nodes.joined(1, &cleo, here).await;
    let (dan_socket, _) = nodes.joined(1, &dan, here).await;
    let (mut eve_socket, _) = nodes.joined(1, &eve, here).await;
    let mut mia_there = nodes.socket(1, &mia).await;
    let turn = json!({ "room": camp.other_room.id, "seconds": 3 });
    mia_there.ask("moderation.slow_mode", turn).await.expect("slow mode");
    ada.push_where(|push| push["data"]["people"] == 5).await;

    let ticket = ben.client.post("/api/v1/tickets", json!({})).await.ok()["ticket"].clone();
    ben_socket.ask("message.send", message(slow, "My turn.")).await.expect("sent");
    wrong.store(by, Ordering::SeqCst);

    // Slow mode lasts as long as it should: not over at once, and not for an hour.
    let early = ben_socket.ask("message.send", message(slow, "And again?")).await;
    assert_eq!(early, Err("chat.slow_mode".to_owned()));
    soon(says(&mut ben_socket, slow)).await;
    // Nor does what is imposed now, on either node.
    let ten = json!({ "person": eve.id, "seconds": 10, "reason": "Cool down" });
    let imposed = mia_there.ask("moderation.time_out", ten).await.expect("timed out");
    let begun = Instant::now();
    assert!(is_now(&imposed["sanction"]["created_at"]), "{imposed}");

    // People who move are not seen leaving; those who leave are, in time.
    cleo_socket.cut();
    dan_socket.cut();
    let (_cleo, _) = nodes.joined(1, &cleo, here).await;
    for (sees, socket) in [(&mut ada_sees, &mut ada), (&mut ben_sees, &mut ben_socket)] {
        let sent = socket.ask("message.send", message(here, "What time is it?")).await;
        let sent = sent.expect("sent")["message"].clone();
        assert!(is_now(&sent["sent_at"]), "{sent}");
        sees.reads_up_to(sent["seq"].as_u64().expect("a number"), socket).await;
    }
    ada_sees.reads_up_to(2, &mut ada).await;
    assert_eq!(ada_sees.messages, ben_sees.messages);
    assert_eq!((ada_sees.holes, ben_sees.holes), (0, 0));

    // A ticket from one node is valid on the other.
    let mut by_ticket = anonymous(&nodes).await;
    let hello = json!({ "event": "camp", "ticket": ticket });
    by_ticket.ask("hello", hello).await.expect("a good ticket");
    nodes.socket(1, &ben).await.ask("ping", json!({})).await.expect("signed in");

    let refused = eve_socket.ask("message.send", message(here, "?")).await;
    assert_eq!(refused, Err("moderation.timed_out".to_owned()));
    let (mut eve_here, _) = nodes.joined(0, &eve, here).await;
    for socket in [&mut eve_socket, &mut eve_here] {
        within(says(socket, here)).await;
        let lasted = begun.elapsed();
        let length = Duration::from_secs(9)..Duration::from_secs(13);
        assert!(length.contains(&lasted), "the time-out lasted {lasted:?}");
    }

    // Eve has come to the other node as well, Dan has left; nobody else moved.
    let left = within(leavers(&mut ada, &dan)).await;
    assert_eq!(left, [json!(dan.id)]);
    let ready = nodes.hub(1).operator().get("/readyz").await;
    assert_eq!(ready.text, "ready\n");
}

/// Sends a message as soon as that is allowed, and returns it.
async fn says(socket: &mut Socket, channel: &str) -> Value {
    let mut said = None;
    let may = async || {
        said = socket.ask("message.send", message(channel, "Now?")).await.ok();
        said.is_some()
    };
    until(may).await;
    said.expect("sent")["message"].clone()
}

/// Everyone who leaves, up to and including this person.
async fn leavers(socket: &mut Socket, last: &TestPerson) -> Vec<Value> {
    let mut left = Vec::new();
    while !left.contains(&json!(last.id)) {
        let push = socket.push_where(|push| push["data"]["left"].is_array()).await;
        left.extend(push["data"]["left"].as_array().expect("people").iter().cloned());
    }
    left
}

/// Whether a moment is now, by this machine's clock.
fn is_now(moment: &Value) -> bool {
    let moment = Timestamp(moment.as_i64().expect("a time"));
    let now = Clock::System.now();
    now.since(moment).max(moment.since(now)) < Duration::from_secs(5)
}

/// A socket at the second node that has not sent hello.
async fn anonymous(nodes: &Cluster) -> Socket {
    let hub = nodes.hub(1);
    let origin = &hub.app.settings.addresses.public_url;
    Socket::open_from(hub.address, None, origin).await.expect("a socket")
}

on_each_server!(a_node_that_starts_with_a_wrong_clock_uses_the_databases);

async fn a_node_that_starts_with_a_wrong_clock_uses_the_databases(database: TestDatabase) {
    let mut nodes = Cluster::start(database, 1, 12).await;
    nodes.add(Clock::Wrong(Arc::new(AtomicI64::new(HOUR)))).await;
    let ada = nodes.camp.attendee("Ada").await;
    let here = nodes.camp.room.channel.as_str();
    let (mut ada, _) = nodes.joined(1, &ada, here).await;
    let sent = ada.ask("message.send", message(here, "hello")).await.expect("sent");
    assert!(is_now(&sent["message"]["sent_at"]), "{sent}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_a_file_a_clock_that_jumps_ahead_is_followed_and_nothing_expires_at_once() {
    the_clock_of_a_single_hub_jumps(HOUR).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_a_file_a_clock_that_jumps_back_is_followed_and_nothing_lasts_for_an_hour() {
    the_clock_of_a_single_hub_jumps(-HOUR).await;
}

async fn the_clock_of_a_single_hub_jumps(by: i64) {
    let (clock, wrong) = jumping();
    let flags = ["--message-burst=1000", "--messages-per-second=1000"];
    let camp = Conference::with_flags(TestDatabase::sqlite(), clock, &flags).await;
    let (ada, ben) = (camp.attendee("Ada").await, camp.attendee("Ben").await);
    let (mia, here) = (camp.moderator("Mia").await, camp.room.channel.as_str());
    let (mut ada, _) = camp.joined(&ada, here).await;
    let (ben_socket, _) = camp.joined(&ben, here).await;
    ada.push_where(|push| push["data"]["people"] == 2).await;
    let turn = json!({ "room": camp.room.id, "seconds": 4 });
    camp.socket(&mia).await.ask("moderation.slow_mode", turn).await.expect("slow mode");

    ada.ask("message.send", message(here, "before")).await.expect("sent");
    let said = Instant::now();
    ben_socket.cut();
    wrong.store(by, Ordering::SeqCst);
    let follows = async || !is_now(&json!(camp.hub.app.clock.now()));
    soon(until(follows)).await;
    let after = within(says(&mut ada, here)).await;
    let turn = Duration::from_millis(3_500)..Duration::from_secs(6);
    assert!(turn.contains(&said.elapsed()), "the next turn came after {:?}", said.elapsed());
    assert_eq!(after["seq"], 2);
    let sent_at = after["sent_at"].as_i64().expect("a time");
    let expected = Clock::System.now().0 + by.max(0);
    assert!(sent_at.abs_diff(expected) < 60_000, "it never goes back: {sent_at}");

    let left = ada.push_where(|push| push["data"]["left"].is_array()).await;
    assert_eq!(left["data"]["left"], json!([ben.id]));
    let grace = Duration::from_secs(9)..Duration::from_secs(13);
    assert!(grace.contains(&said.elapsed()), "gone after {:?}", said.elapsed());
}
