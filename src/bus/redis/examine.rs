//! Examines the servers before they are used.

use std::time::{Duration, Instant};

use redis::aio::MultiplexedConnection;
use redis::{RedisResult, cmd};

use super::address::{Kind, Server, Servers};

/// How many times the response time is measured.
const QUESTIONS: usize = 15;

/// The findings about one server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examined {
    /// Its reported version, such as "7.0.15".
    pub version: String,
    /// Whether it is part of a Redis Cluster.
    pub is_cluster: bool,
    /// Whether it should be.
    pub should_be_cluster: bool,
    /// How many bytes may be queued for a subscriber before it is disconnected; 0 for no limit,
    /// `None` if unknown.
    pub most_waiting: Option<u64>,
    /// The response times.
    pub answers: Vec<Duration>,
}

impl Servers {
    /// Examines each server over a separate connection: its hosts and ports, and the findings or
    /// the error.
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
            // One that answers is enough: they find each other.
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

/// Managed servers often do not reveal it.
async fn most_waiting(connection: &mut MultiplexedConnection) -> Option<u64> {
    let mut question = cmd("CONFIG");
    question.arg("GET").arg("client-output-buffer-limit");
    let answer: std::collections::HashMap<String, String> =
        question.query_async(connection).await.ok()?;
    let limits = answer.get("client-output-buffer-limit")?;
    let mut words = limits.split_whitespace().skip_while(|word| *word != "pubsub");
    words.nth(1)?.parse().ok()
}
