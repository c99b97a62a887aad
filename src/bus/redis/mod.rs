//! The transport between nodes over Redis: publish/subscribe, at most once, nothing is stored
//! there.
//!
//! One task per server keeps it connected ([`keep`]). All failures are handled the same way: the
//! link is lost, a new connection is made, all subscriptions are renewed, and then messages may be
//! missing, which is a gap. A connection that is up but receives nothing is found by a message to
//! oneself. What is published without a connection, or while too much is queued, is dropped and
//! counted: nothing ever waits for Redis.

mod address;
mod connect;
mod examine;
mod keep;
mod line;
mod names;
mod reader;
mod state;

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt as _, join_all};
use parking_lot::Mutex;
use tokio_util::task::AbortOnDropHandle;

pub use address::{AddressError, Servers};
pub use examine::Examined;
use keep::Keeper;
use line::Line;
use names::{Names, place};
use state::States;

use super::inbox::Inbox;
use super::topic::Topic;
use super::transport::Transport;
use crate::id::NodeId;
use crate::random::Random;
use crate::tasks::Tasks;

/// How long closing waits for messages still to be published.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// The transport to other nodes over these servers.
#[derive(Debug)]
pub struct Redis {
    names: Vec<String>,
    lines: Vec<Arc<Line>>,
    tasks: Arc<Mutex<Vec<AbortOnDropHandle<()>>>>,
}

impl Redis {
    /// Starts connecting, and keeps connected. Channels are named `prefix:topic`; `probe` is a
    /// topic that nobody else subscribes to.
    pub fn start(
        servers: Servers,
        prefix: &str,
        probe: NodeId,
        inbox: Inbox,
        random: &Random,
        tasks: &Tasks,
    ) -> Arc<Self> {
        let names = servers.0.iter().map(|server| server.name.clone()).collect();
        let lines: Vec<Arc<Line>> = servers.0.iter().map(|_| Arc::default()).collect();
        let states = Arc::new(States::new(lines.len(), inbox));
        let keepers =
            servers.0.into_iter().zip(&lines).enumerate().map(|(index, (server, line))| {
                let names = Names::new(prefix, server.is_cluster());
                let (line, states, random) =
                    (Arc::clone(line), Arc::clone(&states), random.clone());
                let probe = Topic::Node(probe);
                let keeper = Keeper { index, server, line, names, probe, states, random };
                AbortOnDropHandle::new(tasks.spawn("bus.redis", keeper.keep()))
            });
        let tasks = Arc::new(Mutex::new(keepers.collect()));
        Arc::new(Self { names, lines, tasks })
    }

    fn line(&self, topic: Topic) -> &Line {
        &self.lines[place(&self.names, topic)]
    }

    /// These topics, grouped by their server.
    fn shares(&self, topics: &[Topic]) -> impl Iterator<Item = (&Line, Vec<Topic>)> {
        let mut shares = vec![Vec::new(); self.lines.len()];
        for topic in topics {
            shares[place(&self.names, *topic)].push(*topic);
        }
        let lines = self.lines.iter().map(|line| &**line);
        lines.zip(shares).filter(|(_, share)| !share.is_empty())
    }
}

impl Transport for Redis {
    fn publish(&self, topic: Topic, message: Arc<str>) {
        self.line(topic).publish(topic, message);
    }

    fn subscribe(&self, topics: Vec<Topic>) -> BoxFuture<'static, ()> {
        let heard: Vec<_> =
            self.shares(&topics).map(|(line, share)| line.subscribe(share)).collect();
        join_all(heard).map(drop).boxed()
    }

    fn unsubscribe(&self, topics: &[Topic]) {
        for (line, share) in self.shares(topics) {
            line.unsubscribe(share);
        }
    }

    fn close(&self) -> BoxFuture<'static, ()> {
        let (lines, tasks) = (self.lines.clone(), Arc::clone(&self.tasks));
        async move {
            let idle = join_all(lines.iter().map(|line| line.idle()));
            // What a server does not accept in time, others read from the database.
            let _ = tokio::time::timeout(LAST_WORDS, idle).await;
            tasks.lock().clear();
        }
        .boxed()
    }
}
