//! A Redis Cluster of three masters: what is published stays on the server of its part.

use plenary::bus::Topic;

use super::node::{Node, channels};
use crate::support::hub::within;
use crate::support::redis::TestRedis;

/// Three masters that share the slots, or nothing where Redis is missing.
async fn three_masters() -> Option<Vec<TestRedis>> {
    let mut servers = Vec::new();
    for _ in 0..3 {
        let flags = ["--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf"];
        servers.push(TestRedis::with(&flags).await?);
    }
    for (server, (first, last)) in servers.iter().zip([(0, 5460), (5461, 10922), (10923, 16383)]) {
        let (first, last) = (first.to_string(), last.to_string());
        server.ask(&["CLUSTER", "ADDSLOTSRANGE", &first, &last]).await;
    }
    for (number, server) in servers.iter().enumerate() {
        let epoch = (number + 1).to_string();
        server.ask(&["CLUSTER", "SET-CONFIG-EPOCH", &epoch]).await;
        server.ask(&["CLUSTER", "MEET", "127.0.0.1", &servers[0].port.to_string()]).await;
    }
    within(async {
        for server in &servers {
            loop {
                let about = server.ask(&["CLUSTER", "INFO"]).await;
                let knows_all = about.contains("cluster_known_nodes:3");
                if about.contains("cluster_state:ok") && knows_all {
                    break;
                }
            }
        }
    })
    .await;
    Some(servers)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_hear_each_other_by_all_servers_of_a_cluster() {
    let Some(mut servers) = three_masters().await else { return };
    let seeds: Vec<String> = servers.iter().map(|server| server.address().to_string()).collect();
    let url = [format!("redis+cluster://{}", seeds.join(","))];
    let (one, mut other) = (Node::open(&url).await, Node::open(&url).await);
    let topics = channels(200);
    other.listen(&topics).await;
    other.listen(&[Topic::All]).await;
    for topic in &topics {
        one.say(*topic, "1");
        one.say(*topic, "2");
    }
    let mut heard = std::collections::HashMap::<Topic, Vec<String>>::new();
    for _ in 0..2 * topics.len() {
        let (topic, text) = other.hears().await;
        heard.entry(topic).or_default().push(text);
    }
    assert_eq!(heard.len(), topics.len());
    assert!(heard.values().all(|texts| *texts == ["1", "2"]), "in their order");
    for server in &servers {
        let share = server.ask(&["PUBSUB", "SHARDCHANNELS"]).await.lines().count();
        assert!(share > 30, "{share} channels on one of three");
    }

    other.gaps.mark_unchanged();
    servers[1].drop_subscribers().await;
    other.gap().await;
    for topic in &topics[..20] {
        one.reaches(&mut other, *topic, "after a cut").await;
    }

    servers[2].stop().await;
    other.lost().await;
}
