//! People of several hubs talk to each other.

use crate::support::cluster::Cluster;
use crate::support::conference::message;
use crate::support::databases::{TestDatabase, on_each_server};
use crate::support::hub::within;
use crate::support::socket::Socket;
use crate::support::view::{View, snapshot};
use plenary::bus::faulty::Faults;
use std::time::Duration;

/// How many messages each sends.
const MESSAGES: usize = 30;

on_each_server!(
    people_on_two_nodes_receive_each_others_messages_in_order_and_once,
    messages_that_the_network_loses_duplicates_and_delays_arrive_in_order_and_once,
    a_node_that_was_cut_off_catches_up,
);

async fn people_on_two_nodes_receive_each_others_messages_in_order_and_once(
    database: TestDatabase,
) {
    let cluster = Cluster::start(database, 2, 1).await;
    talk_and_compare(&cluster, Faults::default()).await;
}

async fn messages_that_the_network_loses_duplicates_and_delays_arrive_in_order_and_once(
    database: TestDatabase,
) {
    let cluster = Cluster::start(database, 3, 2).await;
    let delay = Duration::from_millis(80);
    talk_and_compare(&cluster, Faults { lost: 200, doubled: 200, late: 200, delay }).await;
}

/// Somebody on each node sends messages, all at once, and all have the same view in the end.
async fn talk_and_compare(cluster: &Cluster, faults: Faults) {
    let channel = cluster.camp.room.channel.as_str();
    let mut talks = Vec::new();
    for node in 0..cluster.nodes() {
        let person = cluster.camp.attendee(&format!("Person {node}")).await;
        let (socket, joined) = cluster.joined(node, &person, channel).await;
        talks.push((socket, View::of(&joined)));
    }
    cluster.network.set_faults(faults);
    let mut said = Vec::new();
    for (node, (mut socket, view)) in talks.into_iter().enumerate() {
        let channel = channel.to_owned();
        said.push(tokio::spawn(async move {
            for count in 0..MESSAGES {
                let text = format!("{node}.{count}");
                socket.ask("message.send", message(&channel, &text)).await.expect("sent");
            }
            (socket, view)
        }));
    }
    let mut talks = Vec::new();
    for one in said {
        talks.push(within(one).await.expect("a talk"));
    }
    // A lost message without a successor is noticed when heads are compared.
    cluster.network.set_faults(Faults::default());
    let all = (cluster.nodes() * MESSAGES) as u64;
    for (node, (socket, view)) in talks.iter_mut().enumerate() {
        cluster.hub(node).app.hub.compare_heads().await.expect("the heads");
        view.reads_up_to(all, socket).await;
        assert_eq!((view.holes, view.resets), (0, 0), "the hub had filled every hole");
    }
    let fresh = fresh(cluster).await;
    for (_, view) in &talks {
        assert_eq!(view.messages, fresh.messages);
    }
    for node in 0..cluster.nodes() {
        let own = |text: &&&str| text.starts_with(&format!("{node}."));
        let texts: Vec<&str> = fresh.texts().iter().filter(own).copied().collect();
        let expected: Vec<String> = (0..MESSAGES).map(|count| format!("{node}.{count}")).collect();
        assert_eq!(texts, expected, "once, in the order in which it was said");
    }
}

async fn a_node_that_was_cut_off_catches_up(database: TestDatabase) {
    let cluster = Cluster::start(database, 2, 3).await;
    let channel = cluster.camp.room.channel.as_str();
    let (ada, ben) = (cluster.camp.attendee("Ada").await, cluster.camp.attendee("Ben").await);
    let (mut ada, joined) = cluster.joined(0, &ada, channel).await;
    let mut ada_sees = View::of(&joined);
    let (mut ben, joined) = cluster.joined(1, &ben, channel).await;
    let mut ben_sees = View::of(&joined);
    let say = async |socket: &mut Socket, text: &str| {
        let sent = socket.ask("message.send", message(channel, text)).await.expect("sent");
        sent["seq"].as_u64().expect("a number")
    };
    let first = say(&mut ada, "before").await;
    ben_sees.reads_up_to(first, &mut ben).await;

    cluster.transport(1).cut();
    say(&mut ada, "away").await;
    let own = say(&mut ben, "alone").await;
    // His own position reveals the gap, without the bus.
    ben_sees.reads_up_to(own, &mut ben).await;
    let last = say(&mut ada, "still away").await;
    // Only comparing heads reveals it to Ben's node.
    ben_sees.reads_up_to(last, &mut ben).await;
    ada_sees.reads_up_to(last, &mut ada).await;

    let last = say(&mut ben, "and now?").await;
    cluster.transport(1).mend();
    let answer = say(&mut ada, "back").await;
    assert!(answer > last);
    for (view, socket) in [(&mut ada_sees, &mut ada), (&mut ben_sees, &mut ben)] {
        view.reads_up_to(answer, socket).await;
        assert_eq!((view.holes, view.resets), (0, 0));
        assert_eq!(view.texts(), ["before", "away", "alone", "still away", "and now?", "back"]);
    }
}

/// The room as a newcomer finds it.
async fn fresh(cluster: &Cluster) -> View {
    let person = cluster.camp.attendee("Newcomer").await;
    let mut socket = cluster.socket(0, &person).await;
    snapshot(&mut socket, &cluster.camp.room.channel).await
}
