//! A conference on the real program, set up as an operator would, by command and REST.

use std::net::SocketAddr;

use plenary::identity::sign_in;
use serde_json::{Value, json};

use super::client::Client;
use super::databases::TestDatabase;
use super::hub::{HubProcess, plenary, within};
use super::socket::Socket;
use super::temporary::TemporaryFolder;

/// The program on its own folder and database, with an event, `camp`, and one room.
pub struct ProgramConference {
    /// The running hub.
    pub hub: HubProcess,
    /// The organizer's cookie.
    pub cookie: String,
    /// The room's channel.
    pub channel: String,
    database: TestDatabase,
    folder: TemporaryFolder,
    flags: Vec<String>,
}

impl ProgramConference {
    /// Starts the program with these flags and sets the conference up.
    pub async fn start(database: TestDatabase, flags: &[&str]) -> ProgramConference {
        let folder = TemporaryFolder::new();
        let secret = organizer_link(&folder, &database, "organizer@example.org").await;
        let flags: Vec<String> = flags.iter().copied().map(String::from).collect();
        let hub = serve(&folder, &database, &flags).await;

        let mut organizer = Client::new(hub.address);
        // The program's public URL has another port than the one it was given.
        let redeem = json!({ "token": secret });
        let browser = [("sec-fetch-site", "same-origin")];
        let body = Some(redeem.to_string().into_bytes());
        let path = "/api/v1/sign-in/link/redeem";
        organizer.ask(http::Method::POST, path, &browser, body).await.ok();
        let cookie = organizer.cookie.clone().expect("a cookie");
        assert!(cookie.starts_with(sign_in::cookie_name(false)));

        let post = async |path: &str, body: Value| {
            let body = Some(body.to_string().into_bytes());
            organizer.clone().ask(http::Method::POST, path, &browser, body).await.ok()
        };
        let event = json!({
            "slug": "camp", "title": "Summer Camp", "state": "open", "time_zone": "Europe/Berlin",
            "starts_at": 1_800_000_000_000_i64, "ends_at": 1_800_300_000_000_i64,
        });
        post("/api/v1/events", event).await;
        let room = post("/api/v1/events/camp/rooms", json!({ "name": "Main hall" })).await;
        let channel = room["channel"].as_str().expect("a channel").to_owned();
        ProgramConference { hub, cookie, channel, database, folder, flags }
    }

    /// A socket of the organizer's, and the hub's welcome.
    pub async fn greeted(&self) -> (Socket, Value) {
        self.greeted_at(self.hub.address).await
    }

    /// The same at another hub.
    pub async fn greeted_at(&self, hub: SocketAddr) -> (Socket, Value) {
        let opened = Socket::open_from(hub, Some(&self.cookie), ORIGIN).await;
        let mut socket = opened.expect("a socket");
        let welcome = socket.ask("hello", json!({ "event": "camp" })).await.expect("a welcome");
        (socket, welcome)
    }

    /// A socket of the organizer's in the room, and the answer to its join.
    pub async fn joined(&self) -> (Socket, Value) {
        let (mut socket, _) = self.greeted().await;
        let join = json!({ "channel": self.channel });
        let state = socket.ask("channel.join", join).await.expect("the channel");
        (socket, state)
    }

    /// Runs another command on the same data, and returns its output.
    pub async fn command(&self, arguments: &[&str]) -> String {
        command(&self.folder, &self.database, arguments).await
    }

    /// Restarts the program on its data, after it has ended.
    pub async fn restart(&mut self) {
        self.hub = serve(&self.folder, &self.database, &self.flags).await;
    }
}

/// The default public address.
const ORIGIN: &str = "http://localhost:8080";

async fn serve(folder: &TemporaryFolder, database: &TestDatabase, flags: &[String]) -> HubProcess {
    let mut all = vec!["--database", database.url.as_str()];
    all.extend(flags.iter().map(String::as_str));
    HubProcess::start(folder, &all).await
}

/// Makes the person with this address an organizer, and returns the secret of the printed link.
pub async fn organizer_link(
    folder: &TemporaryFolder,
    database: &TestDatabase,
    email: &str,
) -> String {
    let grant = ["person", "grant", email, "organizer", "--link"];
    let printed = command(folder, database, &grant).await;
    let link = printed.split_once("#token=").unwrap_or_else(|| panic!("a link in {printed}")).1;
    link.split(|end: char| end.is_whitespace() || end == '&').next().unwrap_or_default().to_owned()
}

/// Runs a command that must succeed, and returns its output.
async fn command(folder: &TemporaryFolder, database: &TestDatabase, arguments: &[&str]) -> String {
    let mut command = plenary();
    command.args(arguments).arg("--data").arg(folder.path()).args(["--database", &database.url]);
    let output = within(command.output()).await.expect("run plenary");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
