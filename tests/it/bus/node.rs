//! A node's connection to others over Redis, without a hub.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use plenary::bus::{Inbox, Intake, LinkState, Redis, Servers, Topic, Transport as _};
use plenary::clock::Timestamp;
use plenary::id::{ChannelId, NodeId};
use plenary::random::Random;
use plenary::tasks::Tasks;
use tokio::sync::watch;

use crate::support::hub::within;

/// One node.
pub struct Node {
    /// Its transport.
    pub redis: Arc<Redis>,
    /// Its inbox.
    pub inbox: Inbox,
    /// Changes when messages may have been missed.
    pub gaps: watch::Receiver<u64>,
    intake: Intake,
}

impl Node {
    /// A node on these servers, not connected yet.
    pub fn start(servers: &[String]) -> Node {
        Self::trusting(servers, None)
    }

    /// The same, trusting the authority whose certificate is in this file.
    pub fn trusting(servers: &[String], authority: Option<&Path>) -> Node {
        let servers = Servers::parse(servers, authority).expect("addresses");
        let (inbox, intake) = Inbox::new(1);
        let probe = NodeId::new(Timestamp(0), &Random::System);
        let (inbox_of_it, tasks) = (inbox.clone(), Tasks::default());
        let redis = Redis::start(servers, "plenary", probe, inbox_of_it, &Random::System, &tasks);
        let gaps = inbox.gaps();
        Node { redis, inbox, gaps, intake }
    }

    /// A node that is connected.
    pub async fn open(servers: &[String]) -> Node {
        let node = Self::start(servers);
        node.opened().await;
        node
    }

    /// Waits until it is connected.
    pub async fn opened(&self) {
        within(async {
            let mut gaps = self.inbox.gaps();
            while self.inbox.link_state() != LinkState::Open {
                gaps.changed().await.expect("an inbox");
            }
        })
        .await;
    }

    /// Waits until it notices that it is disconnected.
    pub async fn lost(&self) {
        within(async {
            while self.inbox.link_state() == LinkState::Open {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
        .await;
    }

    /// Waits for the next report of a gap.
    pub async fn gap(&mut self) {
        within(self.gaps.changed()).await.expect("an inbox");
    }

    /// Subscribes, and waits until that is done.
    pub async fn listen(&self, topics: &[Topic]) {
        within(self.redis.subscribe(topics.to_vec())).await;
    }

    /// Publishes a message.
    pub fn say(&self, topic: Topic, text: &str) {
        self.redis.publish(topic, text.into());
    }

    /// The next message it receives.
    pub async fn hears(&mut self) -> (Topic, String) {
        within(self.intake.next()).await.expect("an inbox")
    }

    /// Publishes repeatedly until the other node receives it: messages sent while a connection is
    /// being made are lost.
    pub async fn reaches(&self, other: &mut Node, topic: Topic, text: &str) {
        within(async {
            loop {
                self.say(topic, text);
                let heard = async {
                    while other.intake.next().await.is_none_or(|heard| heard.1 != text) {}
                };
                let patience = Duration::from_millis(100);
                if tokio::time::timeout(patience, heard).await.is_ok() {
                    return;
                }
            }
        })
        .await;
    }
}

/// The topics of this many channels.
pub fn channels(count: usize) -> Vec<Topic> {
    let id = || ChannelId(Random::System.uuid(Timestamp(0)));
    (0..count).map(|_| Topic::Channel(id())).collect()
}
