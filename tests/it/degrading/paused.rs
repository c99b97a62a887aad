//! A node freezes for half a minute, like a virtual machine on a busy host, and then goes on with
//! its input queued and its state half a minute old.

use std::time::Duration;

use plenary::clock::Clock;
use rustix::process::Signal;
use serde_json::{Value, json};
use tokio::time::{Instant, interval, timeout_at};

use crate::support::conference::{Conference, message};
use crate::support::databases::{TestDatabase, on_each_server};
use crate::support::hub::within;
use crate::support::moments::{at_once, soon, until};
use crate::support::programs::{Programs, names};
use crate::support::redis::TestRedis;
use crate::support::socket::Socket;
use crate::support::view::{Heard, View, snapshot};

/// How long the node is frozen.
const PAUSE: Duration = Duration::from_secs(30);

on_each_server!(a_node_that_was_frozen_for_half_a_minute_catches_up);

async fn a_node_that_was_frozen_for_half_a_minute_catches_up(database: TestDatabase) {
    let Some(redis) = TestRedis::start().await else { return };
    let url = database.url.clone();
    let camp = Conference::with(database, Clock::System).await;
    let (ada, ben) = (camp.attendee("Ada").await, camp.attendee("Ben").await);
    let (cleo, dan) = (camp.attendee("Cleo").await, camp.attendee("Dan").await);
    let (eve, mia) = (camp.attendee("Eve").await, camp.moderator("Mia").await);
    let here = camp.room.channel.clone();
    camp.hub.stop().await;
    let nodes = Programs::start(3, &url, &redis, &["--drain-seconds=0"]).await;

    // Mia and Eve watch presence, one on a running node and one on the node that will freeze.
    let (mut mia, _) = nodes.joined(0, &mia, &here).await;
    let (mut on_0, joined) = nodes.joined(0, &ada, &here).await;
    let mut ada_sees = View::of(&joined);
    let (mut on_1, joined) = nodes.joined(1, &ben, &here).await;
    let mut ben_sees = View::of(&joined);
    let (mut on_2, joined) = nodes.joined(2, &cleo, &here).await;
    let mut cleo_sees = View::of(&joined);
    let (mut dan_socket, _) = nodes.joined(2, &dan, &here).await;
    let (mut eve_socket, _) = nodes.joined(2, &eve, &here).await;
    let everybody = ["Ada", "Ben", "Cleo", "Dan", "Eve", "Mia"];
    for socket in [&mut mia, &mut eve_socket] {
        within(until(async || names(socket, &here).await == everybody)).await;
    }
    let first = say(&mut on_2, &here, "before").await;
    ada_sees.reads_up_to(first, &mut on_0).await;
    ben_sees.reads_up_to(first, &mut on_1).await;
    cleo_sees.reads_up_to(first, &mut on_2).await;
    let _ = (mia.pushes_so_far().await, eve_socket.pushes_so_far().await);

    nodes.hubs[2].signal(Signal::STOP);
    let stopped = Instant::now();
    let end = stopped + PAUSE;
    let question = message(&here, "Does anybody hear me?");
    let asked = on_2.send_request("message.send", question.clone()).await;
    let spam = dan_socket.send_request("message.send", message(&here, "Buy now!")).await;
    let ban = json!({ "person": dan.id, "reason": "Spam" });
    mia.ask("moderation.ban", ban).await.expect("banned");
    let talk = async {
        let mut moments = interval(Duration::from_millis(500));
        while Instant::now() < end {
            moments.tick().await;
            let said = say(&mut on_0, &here, "And then?").await;
            at_once(ben_sees.reads_up_to(said, &mut on_1)).await;
            let said = say(&mut on_1, &here, "Then we go on.").await;
            at_once(ada_sees.reads_up_to(said, &mut on_0)).await;
        }
    };
    let ((), left) = tokio::join!(talk, left_until(&mut mia, end));
    let mut gone: Vec<&Value> = left.iter().map(|(person, _)| person).collect();
    gone.sort_by_key(|person| person.to_string());
    let mut expected = [json!(cleo.id), json!(dan.id), json!(eve.id)];
    expected.sort_by_key(Value::to_string);
    assert_eq!(gone, expected.iter().collect::<Vec<_>>(), "nobody else went");
    for (_, at) in &left {
        assert!(*at - stopped < Duration::from_secs(11), "gone after {:?}", *at - stopped);
    }

    nodes.hubs[2].signal(Signal::CONT);
    let lines = at_once(dan_socket.rest()).await;
    let answered = lines.iter().find(|line| line["reply"] == spam);
    assert!(answered.is_none_or(|line| line.get("ok").is_none()), "{answered:?}");
    assert_eq!(dan_socket.closed.map(|frame| u16::from(frame.code)), Some(4_202));
    // Pending requests are answered; or they are not, and are sent again.
    let answer = soon(async {
        loop {
            let line = on_2.next_push().await.expect("an open socket");
            if line["reply"] == asked {
                return line;
            }
            assert_ne!(cleo_sees.hear(&line), Heard::Missing, "{line}");
        }
    });
    let answer = answer.await;
    let again = soon(on_2.ask("message.send", question)).await.expect("sent");
    if let Some(ok) = answer.get("ok") {
        assert_eq!(ok["seq"], again["seq"], "once");
    }
    let last = say(&mut on_1, &here, "Welcome back.").await;
    for (view, socket) in
        [(&mut ada_sees, &mut on_0), (&mut ben_sees, &mut on_1), (&mut cleo_sees, &mut on_2)]
    {
        soon(view.reads_up_to(last, socket)).await;
        assert_eq!((view.holes, view.resets), (0, 0), "the hub had filled every hole");
    }
    let fresh = snapshot(&mut mia, &here).await;
    for view in [&ada_sees, &ben_sees, &cleo_sees] {
        assert_eq!(view.messages, fresh.messages);
    }
    assert!(!fresh.texts().contains(&"Buy now!"));
    let asked = fresh.texts().iter().filter(|text| **text == "Does anybody hear me?").count();
    assert_eq!(asked, 1);

    for socket in [&mut mia, &mut on_1, &mut eve_socket] {
        let now = ["Ada", "Ben", "Cleo", "Eve", "Mia"];
        within(until(async || names(socket, &here).await == now)).await;
    }
    let pushes = eve_socket.pushes_so_far().await;
    let left = pushes.iter().filter_map(|push| push["data"]["left"].as_array()).flatten();
    assert!(left.clone().all(|person| *person == json!(dan.id)), "{:?}", left.collect::<Vec<_>>());
}

/// Who leaves until then, and when that is pushed.
async fn left_until(socket: &mut Socket, end: Instant) -> Vec<(Value, Instant)> {
    let mut left = Vec::new();
    while let Ok(push) = timeout_at(end, socket.next_push()).await {
        let push = push.expect("an open socket");
        let people = push["data"]["left"].as_array().into_iter().flatten();
        left.extend(people.map(|person| (person.clone(), Instant::now())));
    }
    left
}

/// Sends a message and returns its position.
async fn say(socket: &mut Socket, channel: &str, text: &str) -> u64 {
    let sent = socket.ask("message.send", message(channel, text)).await.expect("sent");
    sent["seq"].as_u64().expect("a number")
}
