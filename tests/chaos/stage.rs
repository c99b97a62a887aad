//! The stage of a plan: an installation of several hubs, each with its own connections to Redis and
//! the database, and its people.

use std::net::SocketAddr;
use std::sync::Arc;

use parking_lot::{Mutex, RwLock};
use plenary::clock::Clock;
use rustix::process::Signal;

use crate::support::conference::Conference;
use crate::support::hub::HubProcess;
use crate::support::own_database::OwnDatabase;
use crate::support::people::TestPerson;
use crate::support::proxy::Proxy;
use crate::support::redis::TestRedis;
use crate::support::temporary::TemporaryFolder;

/// How many hubs there are.
pub const HUBS: usize = 3;
/// How many people talk, besides the moderator.
pub const PEOPLE: usize = 6;

/// The conference: who takes part, and where they talk.
pub struct Camp {
    /// The channels of its rooms.
    pub channels: Vec<String>,
    /// Who talks.
    pub people: Vec<TestPerson>,
    /// Who can silence them.
    pub moderator: TestPerson,
    /// Who comes in the end and reads everything.
    pub newcomer: TestPerson,
}

impl Camp {
    /// Sets it up in this database, with a temporary hub.
    pub async fn set_up(database: &OwnDatabase) -> Camp {
        let camp = Conference::with(database.database(), Clock::System).await;
        let mut people = Vec::new();
        for number in 0..PEOPLE {
            people.push(camp.attendee(&format!("Person {number}")).await);
        }
        let (moderator, newcomer) = (camp.moderator("Mia").await, camp.attendee("Zoe").await);
        let channels = vec![camp.room.channel.clone(), camp.other_room.channel.clone()];
        camp.hub.stop().await;
        Camp { channels, people, moderator, newcomer }
    }
}

/// The hubs' addresses; `None` while one is down.
#[derive(Clone, Debug, Default)]
pub struct Addresses(Arc<RwLock<[Option<SocketAddr>; HUBS]>>);

impl Addresses {
    /// This hub's address.
    pub fn get(&self, hub: usize) -> Option<SocketAddr> {
        self.0.read()[hub]
    }

    fn set(&self, hub: usize, address: Option<SocketAddr>) {
        self.0.write()[hub] = address;
    }
}

/// A hub's own connections to the servers.
pub struct Proxies {
    /// To Redis.
    pub redis: Proxy,
    /// To the database.
    pub database: Proxy,
    database_url: String,
}

impl Proxies {
    /// Open connections.
    pub async fn to(database: &OwnDatabase, redis: &TestRedis) -> Proxies {
        let (database, database_url) = Proxy::to_database(&database.url).await;
        let redis = Proxy::to(redis.address().to_string()).await;
        Proxies { redis, database, database_url }
    }
}

/// One hub, running or not.
pub struct Hub {
    number: usize,
    flags: Vec<String>,
    folder: TemporaryFolder,
    process: Option<HubProcess>,
    addresses: Addresses,
    log: Arc<Mutex<Vec<String>>>,
}

impl Hub {
    /// Starts the hub with this number.
    pub async fn start(
        number: usize,
        proxies: &Proxies,
        addresses: &Addresses,
        log: &Arc<Mutex<Vec<String>>>,
    ) -> Hub {
        let flags = vec![
            format!("--database={}", proxies.database_url),
            format!("--redis=redis://{}", proxies.redis.address),
            "--drain-seconds=1".to_owned(),
            "--message-burst=1000".to_owned(),
            "--messages-per-second=1000".to_owned(),
            "--requests-per-minute=100000".to_owned(),
        ];
        let (folder, addresses, log) = (TemporaryFolder::new(), addresses.clone(), Arc::clone(log));
        let mut hub = Hub { number, flags, folder, process: None, addresses, log };
        hub.start_again().await;
        hub
    }

    /// Restarts it with its data, retrying while the database is down.
    pub async fn start_again(&mut self) {
        let flags: Vec<&str> = self.flags.iter().map(String::as_str).collect();
        let process = loop {
            match HubProcess::try_start(&self.folder, &flags).await {
                Ok(process) => break process,
                Err(log) => self.keep("did not start", log),
            }
        };
        self.addresses.set(self.number, Some(process.address));
        self.process = Some(process);
    }

    /// Ends it with this signal.
    pub async fn end(&mut self, signal: Signal) {
        self.addresses.set(self.number, None);
        if let Some(mut process) = self.process.take() {
            process.signal(signal);
            process.ended().await;
            let log = process.log_so_far();
            self.keep("ended", log);
        }
    }

    /// Sends it a signal that does not end it.
    pub fn signal(&self, signal: Signal) {
        if let Some(process) = &self.process {
            process.signal(signal);
        }
    }

    fn keep(&self, what: &str, lines: Vec<String>) {
        let mut log = self.log.lock();
        log.extend(lines.into_iter().map(|line| format!("{}: {line}", self.number)));
        log.push(format!("{}: {what}", self.number));
    }
}
