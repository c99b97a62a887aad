//! What there is to know of the servers before they are used.

use std::time::{Duration, Instant};

use redis::aio::MultiplexedConnection;
use redis::{RedisResult, cmd};

use super::address::{Kind, Server, Servers};

/// How often it is asked to find out how long an answer takes.
const QUESTIONS: usize = 15;

/// One server of them, as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examined {
    /// The version that it says it is, such as "7.0.15".
    pub version: String,
    /// Whether it is part of a Redis Cluster.
    pub is_cluster: bool,
    /// Whether it should be.
    pub should_be_cluster: bool,
    /// How many bytes may wait for a subscriber before it is cut off; 0 is without end, nothing
    /// when it does not say.
    pub most_waiting: Option<u64>,
    /// How long answers took.
    pub answers: Vec<Duration>,
}

impl Servers {
    /// Looks at each server by a connection of its own: its hosts and ports, and what was found or
    /// why nothing could be.
    pub async fn examine(&self) -> Vec<(String, Result<Examined, String>)> {
        let mut found = Vec::new();
        for server in &self.0 {
            let examined = server.examine().await.map_err(|error| error.to_string());
            found.push((server.name.clone(), examined));
        }
        found
    }
}

impl Server {
    async fn examine(&self) -> RedisResult<Examined> {
        let info = match &self.kind {
            Kind::One(info) => info.clone(),
            Kind::Sentinel { sentinels, master, node } => {
                self.master(sentinels, master, node).await?
            }
            // One that answers speaks for all: they find each other.
            Kind::Cluster(nodes) => nodes[0].clone(),
        };
        let mut connection = self.ask_only(info).await?;
        let about: String = cmd("INFO").query_async(&mut connection).await?;
        let field = |name: &str| about.lines().find_map(|line| line.strip_prefix(name));
        let mut answers = Vec::new();
        for _ in 0..QUESTIONS {
            let begin = Instant::now();
            cmd("PING").exec_async(&mut connection).await?;
            answers.push(begin.elapsed());
        }
        Ok(Examined {
            version: field("redis_version:").unwrap_or("unknown").to_owned(),
            is_cluster: field("cluster_enabled:") == Some("1"),
            should_be_cluster: self.is_cluster(),
            most_waiting: most_waiting(&mut connection).await,
            answers,
        })
    }
}

/// Servers that others run often do not tell.
async fn most_waiting(connection: &mut MultiplexedConnection) -> Option<u64> {
    let mut question = cmd("CONFIG");
    question.arg("GET").arg("client-output-buffer-limit");
    let answer: std::collections::HashMap<String, String> =
        question.query_async(connection).await.ok()?;
    let limits = answer.get("client-output-buffer-limit")?;
    let mut words = limits.split_whitespace().skip_while(|word| *word != "pubsub");
    words.nth(1)?.parse().ok()
}
