//! Two hubs and the proxy, and people's connections to them.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpSocket;

use crate::support::client::Client;
use crate::support::conference::message;
use crate::support::databases::{Kind, TestDatabase};
use crate::support::front::{Example, Front, Hubs};
use crate::support::hub::{HubProcess, within};
use crate::support::program::organizer_link;
use crate::support::redis::TestRedis;
use crate::support::socket::Socket;
use crate::support::temporary::{TemporaryFolder, free_port};

const HOSTS: [&str; 2] = ["127.0.0.2", "127.0.0.3"];
/// Long enough for the proxy to notice, even on a busy machine, before people are disconnected.
const NOTICE: &str = "--drain-notice-seconds=6";

/// Two hubs on MariaDB and Redis, and the proxy; an event and its room.
pub(super) struct Stage {
    pub(super) front: Front,
    pub(super) hubs: [HubProcess; 2],
    flags: Vec<String>,
    folders: [TemporaryFolder; 2],
    pub(super) people: Vec<Client>,
    room: String,
    _redis: TestRedis,
    _database: TestDatabase,
}

impl Stage {
    pub(super) async fn open(example: Example) -> Option<Stage> {
        let database = TestDatabase::new(Kind::Mariadb).await?;
        let redis = TestRedis::start().await?;
        let address: SocketAddr = (Ipv4Addr::LOCALHOST, free_port()).into();
        let places = Hubs { hosts: HOSTS, port: free_port(), admin_port: free_port() };
        let flags = vec![
            format!("--database={}", database.url),
            format!("--redis={}", redis.url()),
            format!("--public-url=http://{address}"),
            "--proxies=1".to_owned(),
            "--requests-per-minute=8".to_owned(),
            "--message-burst=100".to_owned(),
            "--drain-seconds=1".to_owned(),
            NOTICE.to_owned(),
        ];
        let folders = [TemporaryFolder::new(), TemporaryFolder::new()];
        let secrets = ["ada@example.org", "ben@example.org"]
            .map(|email| organizer_link(&folders[0], &database, email));
        let secrets = join_all(secrets).await;
        let start = async |node: usize| {
            let own = [
                format!("--listen={}:{}", HOSTS[node], places.port),
                format!("--admin-listen={}:{}", HOSTS[node], places.admin_port),
            ];
            let all: Vec<&str> = flags.iter().chain(&own).map(String::as_str).collect();
            HubProcess::start(&folders[node], &all).await
        };
        let hubs = [start(0).await, start(1).await];
        let front = Front::start(example, address, places).await?;
        let mut people = Vec::new();
        for secret in secrets {
            let mut client = Client::new(address);
            let redeem = json!({ "token": secret });
            client.post("/api/v1/sign-in/link/redeem", redeem).await.ok();
            people.push(client);
        }
        let event = json!({
            "slug": "camp", "title": "Summer Camp", "state": "open", "time_zone": "Europe/Berlin",
            "starts_at": 1_800_000_000_000_i64, "ends_at": 1_800_300_000_000_i64,
        });
        people[0].post("/api/v1/events", event).await.ok();
        let hall = json!({ "name": "Main hall" });
        let room = people[0].post("/api/v1/events/camp/rooms", hall).await.ok();
        let room = room["channel"].as_str().expect("a channel").to_owned();
        for hub in &hubs {
            knows_the_room(hub, &people[0], &format!("http://{address}"), &room).await;
        }
        let (_redis, _database) = (redis, database);
        Some(Stage { front, hubs, flags, folders, people, room, _redis, _database })
    }

    /// How many sockets each hub has; none for a killed one.
    pub(super) async fn sockets(&self) -> [u64; 2] {
        let count = async |hub: &HubProcess| {
            if hub.is_gone() {
                return 0;
            }
            let cluster = Client::new(hub.admin_address).get("/cluster").await.ok();
            let this = cluster["nodes"][0]["connections"].as_u64();
            this.unwrap_or_else(|| panic!("{cluster}"))
        };
        [count(&self.hubs[0]).await, count(&self.hubs[1]).await]
    }

    /// Waits until the hubs have this many.
    pub(super) async fn have(&self, wanted: [u64; 2]) {
        within(async {
            while self.sockets().await != wanted {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        })
        .await;
    }

    /// A socket through the proxy that resumes the room from `after`, and the answer to its join.
    pub(super) async fn come_in(&self, person: usize, after: Option<u64>) -> (Socket, Value) {
        let (client, address) = (&self.people[person], self.front.address);
        let mut socket = Socket::open(address, client.cookie.as_deref()).await.expect("a socket");
        socket.ask("hello", json!({ "event": "camp" })).await.expect("a welcome");
        let join = json!({ "channel": self.room, "after": after });
        let found = socket.ask("channel.join", join).await.expect("the room");
        (socket, found)
    }

    /// The same at this hub: reconnects until the proxy chooses it.
    pub(super) async fn come_to(
        &self,
        node: usize,
        person: usize,
        after: Option<u64>,
    ) -> (Socket, Value) {
        within(async {
            loop {
                let mut wanted = self.sockets().await;
                let before = wanted;
                let (socket, found) = self.come_in(person, after).await;
                wanted[node] += 1;
                // It is counted before it is answered.
                if self.sockets().await == wanted {
                    return (socket, found);
                }
                socket.cut();
                self.have(before).await;
            }
        })
        .await
    }

    /// Waits until the proxy has had a request answered by this hub: nginx probes one that was down
    /// with a single request every two seconds until one succeeds, and a socket does not end.
    pub(super) async fn answers(&self, node: usize) {
        let operator = Client::new(self.hubs[node].admin_address);
        within(async {
            while !operator.get("/metrics").await.text.contains("/agenda\"") {
                self.people[0].get("/api/v1/events/camp/agenda").await.ok();
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        })
        .await;
    }

    /// Requests a sign-in link from this address, with a forged one in the header; returns the
    /// status.
    pub(super) async fn ask_for_link(&self, from: Ipv4Addr, number: u8) -> u16 {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind((from, 0).into()).expect("a loopback address");
        let mut stream = socket.connect(self.front.address).await.expect("the proxy");
        let (front, body) =
            (self.front.address, json!({ "email": format!("{number}@example.org") }));
        let (body, length) = (body.to_string(), body.to_string().len());
        let request = format!(
            "POST /api/v1/sign-in/link HTTP/1.1\r\nhost: {front}\r\norigin: http://{front}\r\n\
             x-forwarded-for: 192.0.2.{number}\r\ncontent-type: application/json\r\n\
             content-length: {length}\r\nconnection: close\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).await.expect("ask");
        let mut answer = String::new();
        within(stream.read_to_string(&mut answer)).await.expect("an answer");
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
        status.unwrap_or_else(|| panic!("{answer}"))
    }

    pub(super) async fn say(&self, socket: &mut Socket, text: &str) -> u64 {
        let sent = socket.ask("message.send", message(&self.room, text)).await.expect("sent");
        sent["seq"].as_u64().expect("a number")
    }

    pub(super) async fn start_again(&mut self, node: usize) {
        let HubProcess { address, admin_address, .. } = &self.hubs[node];
        let own = [format!("--listen={address}"), format!("--admin-listen={admin_address}")];
        let all: Vec<&str> = self.flags.iter().chain(&own).map(String::as_str).collect();
        self.hubs[node] = HubProcess::start(&self.folders[node], &all).await;
    }
}

/// Waits until a hub knows the room, which may have been created at the other one.
async fn knows_the_room(hub: &HubProcess, client: &Client, origin: &str, room: &str) {
    let opened = Socket::open_from(hub.address, client.cookie.as_deref(), origin).await;
    let mut socket = opened.expect("a socket");
    socket.ask("hello", json!({ "event": "camp" })).await.expect("a welcome");
    within(async {
        while socket.ask("channel.join", json!({ "channel": room })).await.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
}
