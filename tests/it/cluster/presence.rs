//! Presence across nodes.

use std::time::Duration;

use plenary::bus::faulty::Faults;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::support::cluster::Cluster;
use crate::support::conference::message;
use crate::support::databases::{Kind, TestDatabase, on_each_server};
use crate::support::hub::{plenary, within};
use crate::support::socket::Socket;

on_each_server!(a_newcomer_sees_people_on_other_nodes_and_they_see_the_newcomer);

/// A few nodes that know each other.
async fn cluster(database: TestDatabase, nodes: usize) -> Cluster {
    let cluster = Cluster::start(database, nodes, 7).await;
    for node in 0..nodes {
        knows(&cluster, node, nodes - 1).await;
    }
    cluster
}

/// Waits until a node knows this many others.
async fn knows(cluster: &Cluster, node: usize, others: usize) {
    let nodes = cluster.hub(node).app.cluster.nodes();
    within(async {
        while nodes.others() != others {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

async fn tick_with(socket: &mut Socket, people: usize) -> Value {
    socket.push_where(|push| push["push"] == "tick" && push["data"]["people"] == people).await
}

async fn a_newcomer_sees_people_on_other_nodes_and_they_see_the_newcomer(database: TestDatabase) {
    let cluster = cluster(database, 2).await;
    let channel = cluster.camp.room.channel.as_str();
    let (ada, ben) = (cluster.camp.attendee("Ada").await, cluster.camp.attendee("Ben").await);
    let (mut ada, _) = cluster.joined(0, &ada, channel).await;
    let (mut ben, joined) = cluster.joined(1, &ben, channel).await;
    assert_eq!(joined["state"]["people"], 2, "Ben's node had not known of Ada before");

    let tick = tick_with(&mut ada, 2).await;
    assert_eq!(tick["data"]["joined"][0]["name"], "Ben", "{tick}");
    for socket in [&mut ada, &mut ben] {
        let people = socket.ask("channel.people", json!({ "channel": channel })).await;
        let people = people.expect("people");
        let list = people["people"].as_array().expect("a list");
        let names: Vec<&Value> = list.iter().map(|one| &one["name"]).collect();
        assert_eq!((json!(names), &people["total"]), (json!(["Ada", "Ben"]), &json!(2)));
    }

    ben.ask("channel.typing", json!({ "channel": channel })).await.expect("typing");
    let typing = |push: &Value| push["data"]["typing"]["names"] == json!(["Ben"]);
    ada.push_where(typing).await;
    ben.ask("message.send", message(channel, "hello")).await.expect("sent");
    let silent = |push: &Value| push["data"]["typing"]["names"] == json!([]);
    ada.push_where(silent).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_who_move_are_not_seen_leaving_and_those_of_a_silent_node_are_removed() {
    let Some(database) = TestDatabase::new(Kind::Postgres).await else { return };
    let cluster = cluster(database, 3).await;
    let channel = cluster.camp.room.channel.as_str();
    let (ada, ben) = (cluster.camp.attendee("Ada").await, cluster.camp.attendee("Ben").await);
    let cleo = cluster.camp.attendee("Cleo").await;
    let (mut ada, _) = cluster.joined(0, &ada, channel).await;
    let (ben_here, _) = cluster.joined(1, &ben, channel).await;
    let (mut cleo_there, _) = cluster.joined(2, &cleo, channel).await;
    tick_with(&mut ada, 3).await;

    drop(ben_here);
    let _ben_there = cluster.joined(0, &ben, channel).await;
    cluster.transport(2).cut();
    let cut = Instant::now();
    let left = ada.push_where(|push| push["data"]["left"].is_array()).await;
    assert_eq!(left["data"]["left"], json!([cleo.id]), "nobody else went: {left}");
    assert_eq!(left["data"]["people"], 2);
    assert!(cut.elapsed() < Duration::from_secs(11), "{:?}", cut.elapsed());

    // The node that was cut off has not considered the others gone.
    let seen = cleo_there.pushes_so_far().await;
    assert!(!seen.iter().any(|push| push["data"]["left"].is_array()), "{seen:?}");
    cluster.transport(2).mend();
    let back = tick_with(&mut ada, 3).await;
    assert_eq!(back["data"]["joined"][0]["name"], "Cleo", "{back}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_last_message_arrives_within_five_seconds() {
    let Some(database) = TestDatabase::new(Kind::Mariadb).await else { return };
    let cluster = cluster(database, 2).await;
    let (channel, other) = (&cluster.camp.room.channel, &cluster.camp.other_room.channel);
    let (ada, ben) = (cluster.camp.attendee("Ada").await, cluster.camp.attendee("Ben").await);
    let (mut ada, _) = cluster.joined(0, &ada, channel).await;
    let (mut ben, _) = cluster.joined(1, &ben, channel).await;
    cluster.network.set_faults(Faults { lost: 1_000, ..Faults::default() });
    ada.ask("message.send", message(channel, "Good night.")).await.expect("sent");
    // Once this is written, the first one has been announced, to nobody.
    ada.ask("message.send", message(other, "elsewhere")).await.expect("sent");
    cluster.network.set_faults(Faults::default());
    let begin = Instant::now();
    let heard = ben.push("messages").await;
    assert_eq!(heard["data"]["messages"][0]["text"], "Good night.");
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn operators_see_the_nodes_come_and_go() {
    let Some(database) = TestDatabase::new(Kind::Postgres).await else { return };
    let mut cluster = cluster(database, 2).await;
    let ada = cluster.camp.attendee("Ada").await;
    let _ada = cluster.socket(1, &ada).await;
    let operator = cluster.hub(0).operator();
    let view = async || operator.get("/cluster").await.json();
    let other = within(async {
        loop {
            let view = view().await;
            if view["nodes"][1]["connections"] == 1
                && view["nodes"][1]["lag_milliseconds"] != Value::Null
            {
                return view["nodes"][1].clone();
            }
        }
    })
    .await;
    assert_eq!(other["state"], "serving");
    assert!(other["lease_age_seconds"].as_f64().expect("an age") < 6.0, "{other}");
    let address = cluster.hub(1).address.to_string();
    assert_eq!(other["address"], address.as_str());
    let metrics = operator.get("/metrics").await.text;
    assert!(metrics.contains("\nplenary_peers 1\n"), "{metrics}");
    assert!(metrics.contains("\nplenary_lease_age_seconds "), "{metrics}");
    assert!(metrics.contains("\nplenary_presence_people 0\n"), "{metrics}");

    assert!(cluster.hub(0).app.cluster.nodes().others_serve());
    cluster.stop_last().await;
    let state = within(async {
        loop {
            let state = view().await["nodes"][1]["state"].clone();
            if state != "serving" && state != "stopping" {
                return state;
            }
        }
    })
    .await;
    assert_eq!(state, "left", "it has said goodbye");
    let told = plenary()
        .args(["cluster", "--admin-listen", &cluster.hub(0).admin_address.to_string()])
        .output()
        .await
        .expect("run plenary");
    let table = String::from_utf8_lossy(&told.stdout);
    let line = table.lines().find(|line| line.contains(&address)).expect("a line for it");
    assert!(line.contains("left"), "{table}");
}
