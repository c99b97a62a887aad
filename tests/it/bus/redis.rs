//! The transport over one Redis and over two, and its behaviour when Redis fails.

use std::time::Duration;

use futures_util::FutureExt as _;
use plenary::bus::{LinkState, Topic, Transport as _};
use tokio::time::timeout;

use super::deafening::Deafening;
use super::node::{Node, channels};
use crate::support::hub::within;
use crate::support::redis::TestRedis;

/// The name of a topic's channel.
fn name(topic: Topic) -> String {
    format!("plenary:{topic}")
}

#[tokio::test]
async fn nodes_receive_what_they_subscribe_to_and_nothing_else() {
    let Some(redis) = TestRedis::start().await else { return };
    let (one, mut other) = (Node::open(&[redis.url()]).await, Node::open(&[redis.url()]).await);
    let topics = channels(3);
    other.listen(&topics[..2]).await;
    other.redis.unsubscribe(&topics[1..2]);
    within(async { while redis.subscribers(&name(topics[1])).await > 0 {} }).await;
    other.listen(&[Topic::All]).await;
    for (number, topic) in topics.iter().enumerate() {
        one.say(*topic, &format!("message {number}"));
    }
    one.say(Topic::All, "to all: ça va? \n");
    assert_eq!(other.hears().await, (topics[0], "message 0".to_owned()));
    assert_eq!(other.hears().await, (Topic::All, "to all: ça va? \n".to_owned()));
}

#[tokio::test]
async fn many_topics_are_received_each_in_order() {
    let Some(redis) = TestRedis::start().await else { return };
    let topics = channels(1_500);
    let (one, mut other) = (Node::open(&[redis.url()]).await, Node::start(&[redis.url()]));
    // Before there is a connection, and after.
    drop(other.redis.subscribe(topics[..1_000].to_vec()));
    other.opened().await;
    other.listen(&topics[1_000..]).await;
    for number in 0..2 {
        for topic in &topics {
            one.say(*topic, &number.to_string());
        }
    }
    for number in 0..2 {
        for topic in &topics {
            assert_eq!(other.hears().await, (*topic, number.to_string()));
        }
    }
}

#[tokio::test]
async fn after_redis_comes_back_empty_nodes_subscribe_again_and_report_a_gap() {
    let Some(mut redis) = TestRedis::start().await else { return };
    let (one, mut other) = (Node::open(&[redis.url()]).await, Node::open(&[redis.url()]).await);
    let topics = channels(1);
    other.listen(&topics).await;
    other.gaps.mark_unchanged();

    redis.stop().await;
    other.lost().await;
    one.lost().await;
    one.say(topics[0], "never heard");
    assert!(other.redis.subscribe(channels(1)).now_or_never().is_some(), "nobody waits for it");
    assert!(!other.gaps.has_changed().expect("an inbox"), "the gap is told when it can be filled");

    redis.start_again().await;
    other.gap().await;
    one.opened().await;
    assert_eq!(other.inbox.link_state(), LinkState::Open);
    one.say(topics[0], "heard");
    assert_eq!(other.hears().await, (topics[0], "heard".to_owned()));
}

#[tokio::test]
async fn a_node_disconnected_by_redis_subscribes_again_and_reports_a_gap() {
    let Some(redis) = TestRedis::start().await else { return };
    let (one, mut other) = (Node::open(&[redis.url()]).await, Node::open(&[redis.url()]).await);
    let topics = channels(700);
    other.listen(&topics).await;
    other.gaps.mark_unchanged();
    assert_eq!(redis.drop_subscribers().await, 2);
    other.gap().await;
    within(async { while redis.subscribers(&name(topics[699])).await == 0 {} }).await;
    one.reaches(&mut other, topics[699], "heard").await;
}

#[tokio::test]
async fn a_frozen_redis_is_noticed_within_ten_seconds() {
    let Some(redis) = TestRedis::start().await else { return };
    let mut node = Node::open(&[redis.url()]).await;
    node.gaps.mark_unchanged();
    redis.pause();
    timeout(Duration::from_secs(10), node.lost()).await.expect("noticed");
    redis.resume();
    node.gap().await;
    assert_eq!(node.inbox.link_state(), LinkState::Open);
}

#[tokio::test]
async fn a_connection_that_is_up_but_deaf_is_replaced() {
    let Some(redis) = TestRedis::start().await else { return };
    let way = Deafening::to(redis.address()).await;
    let behind = [format!("redis://{}", way.address)];
    let (one, mut other) = (Node::open(&[redis.url()]).await, Node::open(&behind).await);
    let topics = channels(1);
    other.listen(&topics).await;
    other.gaps.mark_unchanged();

    way.deafen();
    one.say(topics[0], "goes astray");
    timeout(Duration::from_secs(10), other.lost()).await.expect("noticed");
    way.mend();
    other.gap().await;
    one.say(topics[0], "heard");
    assert_eq!(other.hears().await, (topics[0], "heard".to_owned()));
}

#[tokio::test]
async fn two_servers_share_the_topics_and_the_link_is_open_when_both_are_connected() {
    let (Some(first), Some(mut second)) = (TestRedis::start().await, TestRedis::start().await)
    else {
        return;
    };
    let servers = [format!("{},{}", first.url(), second.url())];
    let reversed = [second.url(), first.url()];
    let (one, mut other) = (Node::open(&servers).await, Node::open(&reversed).await);
    let topics = channels(64);
    other.listen(&topics).await;
    for topic in &topics {
        one.say(*topic, "both ways");
    }
    let mut heard = Vec::new();
    for _ in &topics {
        heard.push(other.hears().await.0);
    }
    heard.sort();
    let mut all = topics.clone();
    all.sort();
    assert_eq!(heard, all);
    let mut shares = [0, 0];
    for topic in &topics {
        shares[0] += first.subscribers(&name(*topic)).await;
        shares[1] += second.subscribers(&name(*topic)).await;
    }
    assert_eq!(shares[0] + shares[1], 64);
    assert!(shares.iter().all(|share| *share > 10), "{shares:?}");

    second.stop().await;
    other.lost().await;
    let mut on_first = None;
    for topic in &topics {
        if first.subscribers(&name(*topic)).await > 0 {
            on_first = Some(*topic);
        }
    }
    let on_first = on_first.expect("a topic of the first server");
    one.reaches(&mut other, on_first, "the first goes on").await;
    second.start_again().await;
    other.opened().await;
}

#[tokio::test]
async fn a_user_with_only_the_documented_rights_is_enough() {
    let Some(redis) = TestRedis::start().await else { return };
    let manual = include_str!("../../../docs/operating.md");
    let needed =
        "+publish +subscribe +unsubscribe +spublish +ssubscribe +sunsubscribe +ping +hello +client";
    let documented = manual.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(documented.contains(needed) && documented.contains("`&plenary:*`"));
    let rights = format!("ACL SETUSER plenary on >secret resetchannels &plenary:* -@all {needed}");
    let words: Vec<&str> = rights.split(' ').collect();
    assert_eq!(redis.ask(&words).await, "OK");
    let servers = [format!("redis://plenary:secret@{}", redis.address())];
    let (one, mut other) = (Node::open(&servers).await, Node::open(&servers).await);
    let topics = channels(1);
    other.listen(&topics).await;
    one.say(topics[0], "allowed");
    assert_eq!(other.hears().await.1, "allowed");
}

#[tokio::test]
async fn the_last_messages_are_sent_before_the_end() {
    let Some(redis) = TestRedis::start().await else { return };
    let (one, mut other) = (Node::open(&[redis.url()]).await, Node::open(&[redis.url()]).await);
    let topics = channels(1);
    other.listen(&topics).await;
    one.say(topics[0], "good bye");
    within(one.redis.close()).await;
    assert_eq!(other.hears().await, (topics[0], "good bye".to_owned()));
}
