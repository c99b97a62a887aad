//! Redis behind a Sentinel: the master is looked up at every connect.

use super::node::{Node, channels};
use crate::support::hub::within;
use crate::support::redis::TestRedis;
use crate::support::temporary::TemporaryFolder;

#[tokio::test]
async fn a_failover_is_followed_to_the_new_master() {
    let (Some(mut master), Some(replica)) = (TestRedis::start().await, TestRedis::start().await)
    else {
        return;
    };
    replica.ask(&["REPLICAOF", "127.0.0.1", &master.port.to_string()]).await;
    within(async {
        while !replica.ask(&["INFO", "replication"]).await.contains("master_link_status:up") {}
    })
    .await;
    let folder = TemporaryFolder::new();
    let file = folder.path().join("sentinel.conf");
    let settings = format!(
        "sentinel monitor main 127.0.0.1 {} 1\nsentinel down-after-milliseconds main 500\n",
        master.port
    );
    std::fs::write(&file, settings).expect("write its settings");
    let file = file.display().to_string();
    let Some(sentinel) = TestRedis::with(&[&file, "--sentinel"]).await else { return };
    // Sentinel finds the replica by asking the master.
    within(async { while sentinel.ask(&["SENTINEL", "REPLICAS", "main"]).await.is_empty() {} })
        .await;

    let servers = [format!("redis+sentinel://{}/main", sentinel.address())];
    let (one, mut other) = (Node::open(&servers).await, Node::open(&servers).await);
    let topics = channels(1);
    other.listen(&topics).await;
    let name = format!("plenary:{}", topics[0]);
    assert_eq!(master.subscribers(&name).await, 1);

    other.gaps.mark_unchanged();
    master.stop().await;
    other.gap().await;
    one.opened().await;
    within(async { while replica.subscribers(&name).await == 0 {} }).await;
    one.reaches(&mut other, topics[0], "from the new master").await;
}
