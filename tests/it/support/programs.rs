//! Several hubs as real programs on one database and one Redis, for what can only happen to
//! processes: being killed, frozen, and signalled to stop.

use std::net::SocketAddr;

use serde_json::{Value, json};

use super::client::Client;
use super::hub::{HubProcess, within};
use super::people::TestPerson;
use super::redis::TestRedis;
use super::socket::Socket;
use super::temporary::TemporaryFolder;

/// The default public address, which browsers' origins are compared with.
const ORIGIN: &str = "http://localhost:8080";

/// The programs, numbered from 0.
pub struct Programs {
    /// The hubs.
    pub hubs: Vec<HubProcess>,
    flags: Vec<String>,
    folders: Vec<TemporaryFolder>,
}

impl Programs {
    /// This many hubs with these flags, once they know each other.
    pub async fn start(count: usize, database: &str, redis: &TestRedis, flags: &[&str]) -> Self {
        let own = [
            format!("--database={database}"),
            format!("--redis={}", redis.url()),
            "--message-burst=1000".to_owned(),
            "--messages-per-second=1000".to_owned(),
            "--requests-per-minute=100000".to_owned(),
        ];
        let flags = own.into_iter().chain(flags.iter().copied().map(String::from)).collect();
        let mut programs = Programs { hubs: Vec::new(), flags, folders: Vec::new() };
        for _ in 0..count {
            let folder = TemporaryFolder::new();
            let flags: Vec<&str> = programs.flags.iter().map(String::as_str).collect();
            programs.hubs.push(HubProcess::start(&folder, &flags).await);
            programs.folders.push(folder);
        }
        for hub in &programs.hubs {
            let operator = Client::new(hub.admin_address);
            let serving = |view: &Value| {
                let nodes = view["nodes"].as_array().expect("nodes").iter();
                nodes.filter(|node| node["state"] == "serving").count()
            };
            within(async { while serving(&operator.get("/cluster").await.json()) < count {} })
                .await;
        }
        programs
    }

    /// Restarts a hub on its data, after it has ended.
    pub async fn start_again(&mut self, hub: usize) {
        let flags: Vec<&str> = self.flags.iter().map(String::as_str).collect();
        self.hubs[hub] = HubProcess::start(&self.folders[hub], &flags).await;
    }

    /// A socket of this person at a hub and in this channel, and the answer to its join.
    pub async fn joined(&self, hub: usize, person: &TestPerson, channel: &str) -> (Socket, Value) {
        joined(self.hubs[hub].address, person, channel, None).await
    }
}

/// A socket of this person at this address and in this channel, and the changes there since this
/// position.
pub async fn joined(
    address: SocketAddr,
    person: &TestPerson,
    channel: &str,
    after: Option<u64>,
) -> (Socket, Value) {
    let cookie = person.client.cookie.as_deref();
    let mut socket = Socket::open_from(address, cookie, ORIGIN).await.expect("a socket");
    socket.ask("hello", json!({ "event": "camp" })).await.expect("a welcome");
    let join = json!({ "channel": channel, "after": after });
    let joined = socket.ask("channel.join", join).await.expect("a channel");
    (socket, joined)
}

/// The names of the people in the channel, according to this socket's hub.
pub async fn names(socket: &mut Socket, channel: &str) -> Vec<String> {
    let people = socket.ask("channel.people", json!({ "channel": channel })).await;
    let people = people.expect("people")["people"].clone();
    let people = people.as_array().expect("a list").iter();
    people.map(|person| person["name"].as_str().expect("a name").to_owned()).collect()
}
