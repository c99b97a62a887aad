//! Several hubs on one database in the test process, each with its own address, all for one public
//! URL.

use std::sync::Arc;

use plenary::bus::faulty::{Faulty, Network};
use plenary::bus::{Link, Transport};
use plenary::clock::Clock;
use serde_json::{Value, json};

use super::conference::Conference;
use super::databases::TestDatabase;
use super::hub::TestHub;
use super::people::TestPerson;
use super::socket::Socket;

/// The hubs, and a conference on them. Numbered from 0, the first being the conference's own.
pub struct Cluster {
    /// The conference, as the first hub has it.
    pub camp: Conference,
    /// The network that connects them, unless it is Redis.
    pub network: Network,
    others: Vec<TestHub>,
    transports: Vec<Arc<Faulty>>,
}

/// Nobody waits for who is sent away, people may talk fast, and load tests are welcome.
const FLAGS: [&str; 4] =
    ["--drain-seconds=0", "--message-burst=1000", "--messages-per-second=1000", "--load-tests"];

impl Cluster {
    /// This many hubs on this database, connected by a network without faults. Later faults, by
    /// [`Network::set_faults`], follow from the seed.
    pub async fn start(database: TestDatabase, nodes: usize, seed: u64) -> Cluster {
        let network = Network::new(seed);
        let (link, transport) = join(&network);
        let camp = Conference::on(TestHub::first(database, &FLAGS, Some(link)).await).await;
        let mut cluster =
            Cluster { camp, network, others: Vec::new(), transports: vec![transport] };
        for _ in 1..nodes {
            cluster.add(cluster.camp.hub.app.clock.clone()).await;
        }
        cluster
    }

    /// This many hubs on this database, connected by the Redis server at this address.
    pub async fn on_redis(database: TestDatabase, nodes: usize, redis: &str) -> Cluster {
        let redis = format!("--redis={redis}");
        let flags = [&FLAGS[..], &[&redis]].concat();
        let camp = Conference::on(TestHub::first(database, &flags, None).await).await;
        let (network, others, transports) = (Network::new(0), Vec::new(), Vec::new());
        let mut cluster = Cluster { camp, network, others, transports };
        for _ in 1..nodes {
            cluster.others.push(cluster.camp.hub.another(None).await);
        }
        cluster
    }

    /// One more hub, with this clock.
    pub async fn add(&mut self, clock: Clock) {
        let (link, transport) = join(&self.network);
        self.others.push(self.camp.hub.another_with(clock, Some(link)).await);
        self.transports.push(transport);
    }

    /// How many hubs there are.
    pub fn nodes(&self) -> usize {
        1 + self.others.len()
    }

    /// A hub.
    pub fn hub(&self, node: usize) -> &TestHub {
        node.checked_sub(1).map_or(&self.camp.hub, |other| &self.others[other])
    }

    /// Stops the last hub gracefully.
    pub async fn stop_last(&mut self) {
        self.others.pop().expect("another hub").stop().await;
    }

    /// Its transport to the others.
    pub fn transport(&self, node: usize) -> &Faulty {
        &self.transports[node]
    }

    /// A socket of this person at a hub that has sent hello.
    pub async fn socket(&self, node: usize, person: &TestPerson) -> Socket {
        let (cookie, hub) = (person.client.cookie.as_deref(), self.hub(node));
        let origin = &hub.app.settings.addresses.public_url;
        let opened = Socket::open_from(hub.address, cookie, origin).await;
        let mut socket = opened.expect("a socket");
        socket.ask("hello", json!({ "event": "camp" })).await.expect("a welcome");
        socket
    }

    /// The same, joined to this channel, and the answer to the join.
    pub async fn joined(&self, node: usize, person: &TestPerson, channel: &str) -> (Socket, Value) {
        let mut socket = self.socket(node, person).await;
        let joined = socket.ask("channel.join", json!({ "channel": channel })).await;
        (socket, joined.expect("a channel"))
    }
}

/// A node's link to the network.
pub fn join(network: &Network) -> (Link, Arc<Faulty>) {
    let mut transport = None;
    let link = Link::with(|inbox| {
        let joined = network.join(inbox);
        transport = Some(Arc::clone(&joined));
        joined as Arc<dyn Transport>
    });
    (link, transport.expect("it was created"))
}
