//! A connection to one server, of any kind.

use std::time::Duration;

use futures_util::future::try_join_all;
use redis::aio::MultiplexedConnection;
use redis::cluster::ClusterClientBuilder;
use redis::cluster_async::ClusterConnection;
use redis::cluster_routing::{MultipleNodeRoutingInfo, RoutingInfo};
use redis::{
    AsyncConnectionConfig, ConnectionAddr, ConnectionInfo, ErrorKind, Pipeline, RedisError,
    RedisResult, Value, cmd,
};
use tokio::time::timeout;

use super::address::{Kind, Server};
use super::line::Message;
use super::names::Names;
use super::reader::Reader;
use crate::bus::topic::Topic;

/// How long connecting may take, including the greeting.
const CONNECT: Duration = Duration::from_secs(3);
/// How long the server may take to answer.
const ANSWER: Duration = Duration::from_secs(2);
/// How many topics go in one command.
const TOPICS: usize = 512;

/// An open connection. It receives through the [`Reader`] it was made with, and ends when dropped.
pub(super) enum Connection {
    One(MultiplexedConnection),
    Cluster(ClusterConnection),
}

impl Server {
    /// Whether it is a Redis Cluster.
    pub(super) fn is_cluster(&self) -> bool {
        matches!(self.kind, Kind::Cluster(_))
    }

    /// Connects to the present address of its name.
    pub(super) async fn connect(&self, reader: Reader) -> RedisResult<Connection> {
        match &self.kind {
            Kind::One(info) => self.connect_to(info.clone(), reader).await,
            Kind::Sentinel { sentinels, master, node } => {
                let info = self.master(sentinels, master, node).await?;
                self.connect_to(info, reader).await
            }
            Kind::Cluster(nodes) => {
                let mut builder = ClusterClientBuilder::new(nodes.clone())
                    .connection_timeout(CONNECT)
                    .response_timeout(ANSWER)
                    .overall_response_timeout(Some(2 * ANSWER))
                    .retries(2)
                    .push_sender(reader);
                if let Some(certificates) = self.certificates() {
                    builder = builder.certs(certificates);
                }
                let client = builder.build()?;
                in_time(client.get_async_connection()).await.map(Connection::Cluster)
            }
        }
    }

    async fn connect_to(&self, info: ConnectionInfo, reader: Reader) -> RedisResult<Connection> {
        let config = config().set_push_sender(reader);
        let client = self.client(info)?;
        let connecting = client.get_multiplexed_async_connection_with_config(&config);
        in_time(connecting).await.map(Connection::One)
    }

    /// A connection to one of its nodes without subscriptions.
    pub(super) async fn ask_only(
        &self,
        info: ConnectionInfo,
    ) -> RedisResult<MultiplexedConnection> {
        let config = config();
        let client = self.client(info)?;
        in_time(client.get_multiplexed_async_connection_with_config(&config)).await
    }

    /// The master's address according to the first Sentinel that answers.
    pub(super) async fn master(
        &self,
        sentinels: &[ConnectionInfo],
        master: &str,
        node: &ConnectionInfo,
    ) -> RedisResult<ConnectionInfo> {
        let mut refusal = none_knows();
        for sentinel in sentinels {
            match self.ask_sentinel(sentinel.clone(), master).await {
                Ok(Some((host, port))) => {
                    let address = match node.addr() {
                        ConnectionAddr::TcpTls { insecure, .. } => {
                            let tls_params = None;
                            ConnectionAddr::TcpTls { host, port, insecure: *insecure, tls_params }
                        }
                        _ => ConnectionAddr::Tcp(host, port),
                    };
                    return Ok(node.clone().set_addr(address));
                }
                Ok(None) => refusal = none_knows(),
                Err(error) => refusal = error,
            }
        }
        Err(refusal)
    }

    async fn ask_sentinel(
        &self,
        sentinel: ConnectionInfo,
        master: &str,
    ) -> RedisResult<Option<(String, u16)>> {
        let mut connection = self.ask_only(sentinel).await?;
        let mut question = cmd("SENTINEL");
        question.arg("GET-MASTER-ADDR-BY-NAME").arg(master).query_async(&mut connection).await
    }
}

/// How connections to single nodes are made.
fn config() -> AsyncConnectionConfig {
    AsyncConnectionConfig::new()
        .set_connection_timeout(Some(CONNECT))
        .set_response_timeout(Some(ANSWER))
}

fn none_knows() -> RedisError {
    (ErrorKind::InvalidClientConfig, "no Sentinel knows a master of this name").into()
}

/// Applies the timeout of connecting.
async fn in_time<T>(connecting: impl Future<Output = RedisResult<T>>) -> RedisResult<T> {
    match timeout(CONNECT, connecting).await {
        Ok(connected) => connected,
        Err(_) => Err((ErrorKind::Io, "it does not answer").into()),
    }
}

impl Connection {
    /// Subscribes to these topics; done when all are subscribed.
    pub(super) async fn subscribe(&self, names: &Names, topics: &[Topic]) -> RedisResult<()> {
        let heard = commands(names, topics).into_iter().map(async |channels| match self {
            Self::One(connection) => connection.clone().subscribe(channels).await,
            Self::Cluster(connection) => connection.clone().ssubscribe(channels).await,
        });
        try_join_all(heard).await.map(drop)
    }

    /// Unsubscribes from these topics.
    pub(super) async fn unsubscribe(&self, names: &Names, topics: &[Topic]) -> RedisResult<()> {
        let left = commands(names, topics).into_iter().map(async |channels| match self {
            Self::One(connection) => connection.clone().unsubscribe(channels).await,
            Self::Cluster(connection) => connection.clone().sunsubscribe(channels).await,
        });
        try_join_all(left).await.map(drop)
    }

    /// Publishes these messages, in their order within each topic.
    pub(super) async fn publish(&self, names: &Names, messages: &[Message]) -> RedisResult<()> {
        let command = match self {
            Self::One(_) => "PUBLISH",
            Self::Cluster(_) => "SPUBLISH",
        };
        let parts = by_part(names, messages.iter().map(|message| (message.0, message)));
        let sent = parts.into_iter().map(async |messages| {
            let mut pipeline = Pipeline::with_capacity(messages.len());
            for (topic, text) in messages {
                pipeline.cmd(command).arg(names.channel(*topic)).arg(&**text).ignore();
            }
            match self {
                Self::One(connection) => pipeline.exec_async(&mut connection.clone()).await,
                Self::Cluster(connection) => pipeline.exec_async(&mut connection.clone()).await,
            }
        });
        try_join_all(sent).await.map(drop)
    }

    /// Pings all its servers.
    pub(super) async fn ping(&self) -> RedisResult<()> {
        match self {
            Self::One(connection) => cmd("PING").exec_async(&mut connection.clone()).await,
            Self::Cluster(connection) => {
                let all = RoutingInfo::MultiNode((MultipleNodeRoutingInfo::AllMasters, None));
                let answer: Value = connection.clone().route_command(cmd("PING"), all).await?;
                answer.extract_error().map(drop)
            }
        }
    }
}

/// The channels of these topics, in groups that fit into one command.
fn commands(names: &Names, topics: &[Topic]) -> Vec<Vec<String>> {
    let parts = by_part(names, topics.iter().map(|topic| (*topic, names.channel(*topic))));
    parts.iter().flat_map(|part| part.chunks(TOPICS).map(<[String]>::to_vec)).collect()
}

fn by_part<T>(names: &Names, things: impl Iterator<Item = (Topic, T)>) -> Vec<Vec<T>> {
    let mut parts = std::collections::BTreeMap::<u64, Vec<T>>::new();
    for (topic, thing) in things {
        parts.entry(names.part(topic)).or_default().push(thing);
    }
    parts.into_values().collect()
}
