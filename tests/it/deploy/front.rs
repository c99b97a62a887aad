//! Two hubs behind the proxies of the examples, each on a loopback address of its own as on a machine of its own:
//! whoever is behind the proxy talks on while one hub is stopped in good order and the other is killed.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use futures_util::future::join_all;
use rustix::process::Signal;
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_behind_haproxy_talk_on_while_a_hub_is_drained_and_another_is_killed() {
    talk_on(Example::Haproxy).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_behind_nginx_talk_on_while_a_hub_is_drained_and_another_is_killed() {
    talk_on(Example::Nginx).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn limits_count_by_the_address_that_people_come_to_the_proxy_from() {
    for example in [Example::Haproxy, Example::Nginx] {
        let Some(stage) = Stage::open(example).await else { return };
        let (flood, neighbour) = (Ipv4Addr::new(127, 0, 0, 9), Ipv4Addr::new(127, 0, 0, 10));
        // Each hub counts for itself. Whoever makes up where they come from is not believed.
        let mut refused_in_a_row = 0;
        for number in 0..100 {
            let status = stage.ask_for_link(flood, number).await;
            assert!(matches!(status, 202 | 429), "{status}");
            refused_in_a_row = if status == 429 { refused_in_a_row + 1 } else { 0 };
            if refused_in_a_row == 6 {
                break;
            }
        }
        assert_eq!(refused_in_a_row, 6, "{example:?}: nobody is limited");
        for number in 100..104 {
            assert_eq!(stage.ask_for_link(neighbour, number).await, 202, "{example:?}");
        }
    }
}

const HOSTS: [&str; 2] = ["127.0.0.2", "127.0.0.3"];
/// Long enough that the proxy has noticed, whatever the machine is doing, before people are sent away.
const NOTICE: &str = "--drain-notice-seconds=6";

/// Two hubs on MariaDB and Redis, and the proxy; an event and its room.
struct Stage {
    front: Front,
    hubs: [HubProcess; 2],
    flags: Vec<String>,
    folders: [TemporaryFolder; 2],
    people: Vec<Client>,
    room: String,
    _redis: TestRedis,
    _database: TestDatabase,
}

impl Stage {
    async fn open(example: Example) -> Option<Stage> {
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

    /// How many sockets each hub has; a killed one has none.
    async fn sockets(&self) -> [u64; 2] {
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

    /// Waits until the hubs have so many.
    async fn have(&self, wanted: [u64; 2]) {
        within(async {
            while self.sockets().await != wanted {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        })
        .await;
    }

    /// A socket by the proxy, which knows the room's changes up to `after`, and what it was told of later ones.
    async fn come_in(&self, person: usize, after: Option<u64>) -> (Socket, Value) {
        let (client, address) = (&self.people[person], self.front.address);
        let mut socket = Socket::open(address, client.cookie.as_deref()).await.expect("a socket");
        socket.ask("hello", json!({ "event": "camp" })).await.expect("a welcome");
        let join = json!({ "channel": self.room, "after": after });
        let found = socket.ask("channel.join", join).await.expect("the room");
        (socket, found)
    }

    /// The same at this hub: comes until the proxy has led there.
    async fn come_to(&self, node: usize, person: usize, after: Option<u64>) -> (Socket, Value) {
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

    /// Waits until the proxy has had this hub answer a request: nginx tries one that was away with a single request
    /// every two seconds, until one has ended well, and a socket does not end.
    async fn answers(&self, node: usize) {
        let operator = Client::new(self.hubs[node].admin_address);
        within(async {
            while !operator.get("/metrics").await.text.contains("/agenda\"") {
                self.people[0].get("/api/v1/events/camp/agenda").await.ok();
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        })
        .await;
    }

    /// Asks for a link to sign in from this address, with a made-up one in the header; answers the status.
    async fn ask_for_link(&self, from: Ipv4Addr, number: u8) -> u16 {
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

    async fn say(&self, socket: &mut Socket, text: &str) -> u64 {
        let sent = socket.ask("message.send", message(&self.room, text)).await.expect("sent");
        sent["seq"].as_u64().expect("a number")
    }

    async fn start_again(&mut self, node: usize) {
        let HubProcess { address, admin_address, .. } = &self.hubs[node];
        let own = [format!("--listen={address}"), format!("--admin-listen={admin_address}")];
        let all: Vec<&str> = self.flags.iter().chain(&own).map(String::as_str).collect();
        self.hubs[node] = HubProcess::start(&self.folders[node], &all).await;
    }
}

/// Waits until a hub lets people into the room, which the proxy may have had the other one make.
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

/// What these messages say.
fn texts(found: &Value) -> Vec<&str> {
    let messages = found["messages"].as_array().expect("messages");
    messages.iter().filter_map(|message| message["text"].as_str()).collect()
}

async fn hears(socket: &mut Socket, text: &str) {
    let says = |push: &Value| push["push"] == "messages" && texts(&push["data"]).contains(&text);
    socket.push_where(says).await;
}

async fn talk_on(example: Example) {
    let Some(mut stage) = Stage::open(example).await else { return };
    stage.have([0, 0]).await;
    let (mut ada, _) = stage.come_to(0, 0, None).await;
    let (mut ben, _) = stage.come_to(1, 1, None).await;
    stage.say(&mut ada, "Good morning").await;
    hears(&mut ben, "Good morning").await;
    let known = stage.say(&mut ben, "And to you").await;
    hears(&mut ada, "And to you").await;

    drain(&mut stage, example, &mut ada, ben, known).await;
    stage.start_again(1).await;
    if example == Example::Haproxy {
        stage.front.says("Server hubs/hub2 is UP, reason: Layer7 check passed").await;
    }
    stage.answers(1).await;
    let (mut ben, _) = stage.come_to(1, 1, None).await;
    let known = stage.say(&mut ada, "Welcome back").await;
    hears(&mut ben, "Welcome back").await;
    kill(&mut stage, &mut ben, ada, known).await;
}

/// Ben's hub is stopped: it gets nobody new from then on, lets Ben talk until it sends him away, and
/// he comes back to Ada's.
async fn drain(stage: &mut Stage, example: Example, ada: &mut Socket, mut ben: Socket, known: u64) {
    stage.hubs[1].signal(Signal::TERM);
    stage.hubs[1].logged("stopping in good order; a second signal stops at once").await;
    if example == Example::Haproxy {
        stage.front.says("Server hubs/hub2 is DOWN, reason: Layer7 wrong status, code: 503").await;
    }
    let mut newcomers = Vec::new();
    for _ in 0..4 {
        newcomers.push(stage.come_in(0, None).await.0);
    }
    assert_eq!(stage.sockets().await, [5, 1], "newcomers come to the other one");
    stage.say(&mut ben, "Still here").await;
    hears(ada, "Still here").await;
    assert!(!ben.heard(|push| push["push"] == "closing"), "nobody was sent away so far");

    let closing = ben.push("closing").await;
    let told = closing["data"]["retry_after_ms"].as_u64().expect("when to come back");
    assert!(told < 1_000, "at once, since another hub serves: {told} ms");
    assert_eq!(ben.ended().await.0, 4100);
    stage.say(ada, "Where is Ben?").await;
    let (mut ben, found) = stage.come_in(1, Some(known)).await;
    assert_eq!(texts(&found), ["Still here", "Where is Ben?"]);
    stage.say(&mut ben, "Here").await;
    hears(ada, "Here").await;
    assert!(stage.hubs[1].ended().await.success());
}

/// Ada's hub is killed: nobody meets it any more, and she comes back to Ben's.
async fn kill(stage: &mut Stage, ben: &mut Socket, mut ada: Socket, known: u64) {
    stage.hubs[0].signal(Signal::KILL);
    stage.hubs[0].ended().await;
    ada.rest().await;
    assert_eq!(ada.closed, None, "without a word");
    stage.say(ben, "Where is Ada?").await;
    let (mut ada, found) = stage.come_in(0, Some(known)).await;
    assert_eq!(texts(&found), ["Where is Ada?"]);
    stage.say(&mut ada, "Here").await;
    hears(ben, "Here").await;
    for _ in 0..20 {
        stage.people[0].get("/api/v1/events/camp/agenda").await.ok();
    }
}
