//! Two hubs behind the proxies of the examples, each on its own loopback address as on its own
//! machine: people behind the proxy keep talking while one hub is stopped gracefully and the other
//! is killed.

mod stage;

use std::net::Ipv4Addr;

use rustix::process::Signal;
use serde_json::Value;

use self::stage::Stage;
use crate::support::front::Example;
use crate::support::socket::Socket;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_behind_haproxy_keep_talking_while_a_hub_is_drained_and_another_is_killed() {
    talk_on(Example::Haproxy).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_behind_nginx_keep_talking_while_a_hub_is_drained_and_another_is_killed() {
    talk_on(Example::Nginx).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn limits_count_by_the_address_from_which_people_reach_the_proxy() {
    for example in [Example::Haproxy, Example::Nginx] {
        let Some(stage) = Stage::open(example).await else { return };
        let (flood, neighbour) = (Ipv4Addr::new(127, 0, 0, 9), Ipv4Addr::new(127, 0, 0, 10));
        // Each hub counts for itself. Forged addresses are ignored.
        let mut refused_in_a_row = 0;
        for number in 0..100 {
            let status = stage.ask_for_link(flood, number).await;
            assert!(matches!(status, 202 | 429), "{status}");
            refused_in_a_row = if status == 429 { refused_in_a_row + 1 } else { 0 };
            if refused_in_a_row == 6 {
                break;
            }
        }
        assert_eq!(refused_in_a_row, 6, "{example:?}: nobody is limited");
        for number in 100..104 {
            assert_eq!(stage.ask_for_link(neighbour, number).await, 202, "{example:?}");
        }
    }
}

/// The texts of these messages.
fn texts(found: &Value) -> Vec<&str> {
    let messages = found["messages"].as_array().expect("messages");
    messages.iter().filter_map(|message| message["text"].as_str()).collect()
}

async fn hears(socket: &mut Socket, text: &str) {
    let says = |push: &Value| push["push"] == "messages" && texts(&push["data"]).contains(&text);
    socket.push_where(says).await;
}

async fn talk_on(example: Example) {
    let Some(mut stage) = Stage::open(example).await else { return };
    stage.have([0, 0]).await;
    let (mut ada, _) = stage.come_to(0, 0, None).await;
    let (mut ben, _) = stage.come_to(1, 1, None).await;
    stage.say(&mut ada, "Good morning").await;
    hears(&mut ben, "Good morning").await;
    let known = stage.say(&mut ben, "And to you").await;
    hears(&mut ada, "And to you").await;

    drain(&mut stage, example, &mut ada, ben, known).await;
    stage.start_again(1).await;
    if example == Example::Haproxy {
        stage.front.says("Server hubs/hub2 is UP, reason: Layer7 check passed").await;
    }
    stage.answers(1).await;
    let (mut ben, _) = stage.come_to(1, 1, None).await;
    let known = stage.say(&mut ada, "Welcome back").await;
    hears(&mut ben, "Welcome back").await;
    kill(&mut stage, &mut ben, ada, known).await;
}

/// Ben's hub is stopped: it gets no new connections, lets Ben talk until it disconnects him, and he
/// reconnects to Ada's.
async fn drain(stage: &mut Stage, example: Example, ada: &mut Socket, mut ben: Socket, known: u64) {
    stage.hubs[1].signal(Signal::TERM);
    stage.hubs[1].logged("stopping gracefully; a second signal stops at once").await;
    if example == Example::Haproxy {
        stage.front.says("Server hubs/hub2 is DOWN, reason: Layer7 wrong status, code: 503").await;
    }
    let mut newcomers = Vec::new();
    for _ in 0..4 {
        newcomers.push(stage.come_in(0, None).await.0);
    }
    assert_eq!(stage.sockets().await, [5, 1], "newcomers come to the other one");
    stage.say(&mut ben, "Still here").await;
    hears(ada, "Still here").await;
    assert!(!ben.heard(|push| push["push"] == "closing"), "nobody was sent away so far");

    let closing = ben.push("closing").await;
    let told = closing["data"]["retry_after_ms"].as_u64().expect("when to come back");
    assert!(told < 1_000, "at once, since another hub serves: {told} ms");
    assert_eq!(ben.ended().await.0, 4100);
    stage.say(ada, "Where is Ben?").await;
    let (mut ben, found) = stage.come_in(1, Some(known)).await;
    assert_eq!(texts(&found), ["Still here", "Where is Ben?"]);
    stage.say(&mut ben, "Here").await;
    hears(ada, "Here").await;
    assert!(stage.hubs[1].ended().await.success());
}

/// Ada's hub is killed: nobody is sent to it any more, and she reconnects to Ben's.
async fn kill(stage: &mut Stage, ben: &mut Socket, mut ada: Socket, known: u64) {
    stage.hubs[0].signal(Signal::KILL);
    stage.hubs[0].ended().await;
    ada.rest().await;
    assert_eq!(ada.closed, None, "without a word");
    stage.say(ben, "Where is Ada?").await;
    let (mut ada, found) = stage.come_in(0, Some(known)).await;
    assert_eq!(texts(&found), ["Where is Ada?"]);
    stage.say(&mut ada, "Here").await;
    hears(ben, "Here").await;
    for _ in 0..20 {
        stage.people[0].get("/api/v1/events/camp/agenda").await.ok();
    }
}
