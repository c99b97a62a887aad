//! A hub under test: inside the test process, or as the real program.

use std::net::SocketAddr;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use plenary::app::{self, App};
use plenary::bus::Link;
use plenary::clock::Clock;
use plenary::config::Settings;
use plenary::core::Core;
use plenary::http::Listeners;
use plenary::random::Random;
use plenary::registry::Registry;
use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;

use super::client::Client;
use super::databases::TestDatabase;
use super::temporary::TemporaryFolder;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    settings: Settings,
}

/// The settings that these flags make, on free loopback ports, with everything kept in `folder`.
pub fn settings(folder: &TemporaryFolder, flags: &[&str]) -> Settings {
    let data = folder.path().display().to_string();
    let own =
        ["plenary", "--listen=127.0.0.1:0", "--admin-listen=127.0.0.1:0", "--data", data.as_str()];
    let line = Line::try_parse_from(own.iter().chain(flags));
    line.unwrap_or_else(|error| panic!("{error}")).settings
}

/// A hub inside the test process, with an adjustable clock. Stopped on drop.
pub struct TestHub {
    /// Its internals.
    pub app: Arc<App>,
    /// Where attendees reach it.
    pub address: SocketAddr,
    /// Where operators reach it.
    pub admin_address: SocketAddr,
    serving: AbortOnDropHandle<anyhow::Result<()>>,
    _database: Option<TestDatabase>,
    _folder: TemporaryFolder,
}

impl TestHub {
    /// A hub on a new SQLite database, with the real time.
    pub async fn start() -> TestHub {
        Self::with(TestDatabase::sqlite(), Clock::System, &[]).await
    }

    /// A hub on this database with this clock and these flags.
    pub async fn with(database: TestDatabase, clock: Clock, flags: &[&str]) -> TestHub {
        let folder = TemporaryFolder::new();
        let mut settings = settings(&folder, flags);
        settings.storage.database = Some(database.url.clone());
        let hub = Self::open(settings, None, clock, folder, None, nothing).await;
        TestHub { _database: Some(database), ..hub }
    }

    /// The first of several hubs on this database, with this link to the others.
    pub async fn first(database: TestDatabase, flags: &[&str], link: Option<Link>) -> TestHub {
        let folder = TemporaryFolder::new();
        let mut settings = settings(&folder, flags);
        settings.storage.database = Some(database.url.clone());
        let hub = Self::open(settings, None, Clock::System, folder, link, nothing).await;
        TestHub { _database: Some(database), ..hub }
    }

    /// Another hub on this one's database, with the same flags, clock and public URL, and its own
    /// data folder.
    pub async fn another(&self, link: Option<Link>) -> TestHub {
        self.another_with(self.app.clock.clone(), link).await
    }

    /// The same with a clock of its own.
    pub async fn another_with(&self, clock: Clock, link: Option<Link>) -> TestHub {
        self.another_with_all(clock, link, nothing).await
    }

    /// Another hub on this one's database, with one more capability.
    pub async fn another_with_capability(
        &self,
        link: Option<Link>,
        register: impl FnOnce(&mut Registry, &Core),
    ) -> TestHub {
        self.another_with_all(self.app.clock.clone(), link, register).await
    }

    async fn another_with_all(
        &self,
        clock: Clock,
        link: Option<Link>,
        register: impl FnOnce(&mut Registry, &Core),
    ) -> TestHub {
        let folder = TemporaryFolder::new();
        let mut settings = self.app.settings.clone();
        settings.storage.data = folder.path().to_owned();
        let public_url = Some(settings.addresses.public_url.clone());
        Self::open(settings, public_url, clock, folder, link, register).await
    }

    /// A hub with one more capability.
    pub async fn with_capability(register: impl FnOnce(&mut Registry, &Core)) -> TestHub {
        Self::first_with_capability(None, register).await
    }

    /// The first of several hubs with one more capability, with this link to the others.
    pub async fn first_with_capability(
        link: Option<Link>,
        register: impl FnOnce(&mut Registry, &Core),
    ) -> TestHub {
        let folder = TemporaryFolder::new();
        let database = TestDatabase::sqlite();
        let mut settings = settings(&folder, &["--drain-seconds=0"]);
        settings.storage.database = Some(database.url.clone());
        let hub = Self::open(settings, None, Clock::System, folder, link, register).await;
        TestHub { _database: Some(database), ..hub }
    }

    /// Without a public URL it uses its own address; without a link, that of the settings.
    async fn open(
        mut settings: Settings,
        public_url: Option<String>,
        clock: Clock,
        folder: TemporaryFolder,
        link: Option<Link>,
        register: impl FnOnce(&mut Registry, &Core),
    ) -> TestHub {
        let listeners = Listeners::bind(&settings).await.expect("free ports");
        let address = listeners.public.local_addr().expect("a bound address");
        let admin_address = listeners.admin.local_addr().expect("a bound address");
        // Browsers' origins are compared with it.
        settings.addresses.public_url = public_url.unwrap_or_else(|| format!("http://{address}"));
        let opened = App::open_with(settings, clock, Random::System, link, register).await;
        let app = opened.expect("a hub");
        let serving = AbortOnDropHandle::new(tokio::spawn(app::serve(Arc::clone(&app), listeners)));
        TestHub { app, address, admin_address, serving, _database: None, _folder: folder }
    }

    /// Somebody who is not signed in.
    pub fn client(&self) -> Client {
        Client::new(self.address)
    }

    /// An operator.
    pub fn operator(&self) -> Client {
        Client::new(self.admin_address)
    }

    /// Stops it gracefully and waits for the end.
    pub async fn stop(self) {
        self.app.lifecycle.stop();
        self.serving.await.expect("no panic").expect("a graceful end");
    }

    /// Waits until it has ended by itself, and returns the result.
    pub async fn ended(&mut self) -> anyhow::Result<()> {
        within(&mut self.serving).await.expect("no panic")
    }

    /// Stops it gracefully and starts it again with the same data, clock and address.
    pub async fn restart(self) -> TestHub {
        self.restart_after(None, async || {}).await
    }

    /// The same, then with this link to the others.
    pub async fn restart_with(self, link: Option<Link>) -> TestHub {
        self.restart_after(link, async || {}).await
    }

    /// The same, running this while it is stopped.
    pub async fn restart_after(
        mut self,
        link: Option<Link>,
        meanwhile: impl AsyncFnOnce(),
    ) -> TestHub {
        self.app.lifecycle.stop();
        self.ended().await.expect("a graceful end");
        meanwhile().await;
        self.start_again(link).await
    }

    /// Starts it again with the same data, clock and address after it has ended.
    pub async fn start_again(self, link: Option<Link>) -> TestHub {
        let clock = self.app.clock.clone();
        let mut settings = self.app.settings.clone();
        settings.addresses.listen = self.address;
        let listeners = Listeners::bind(&settings).await.expect("the ports that were given up");
        let admin_address = listeners.admin.local_addr().expect("a bound address");
        let opened = App::open_with(settings, clock, Random::System, link, nothing).await;
        let app = opened.expect("a hub");
        let serving = AbortOnDropHandle::new(tokio::spawn(app::serve(Arc::clone(&app), listeners)));
        TestHub { app, admin_address, serving, ..self }
    }
}

/// What a hub registers beside what every hub has.
fn nothing(_: &mut Registry, _: &Core) {}

/// The real program, started and stopped like in production. Killed on drop.
pub struct HubProcess {
    child: Child,
    /// Where attendees reach it.
    pub address: SocketAddr,
    /// Where operators reach it.
    pub admin_address: SocketAddr,
    /// Its log, one JSON object per line. Read continuously, because a full pipe would block it.
    log: mpsc::UnboundedReceiver<String>,
    reader: AbortOnDropHandle<()>,
}

impl HubProcess {
    /// Starts `plenary serve` with these flags and everything kept in `folder`, on free ports
    /// unless they name others (`--listen=`, `--admin-listen=`); returns when it serves.
    pub async fn start(folder: &TemporaryFolder, flags: &[&str]) -> HubProcess {
        Self::try_start(folder, flags).await.unwrap_or_else(|log| {
            panic!("plenary ended instead of serving:\n{}", log.join("\n"));
        })
    }

    /// The same, or its log if it ended instead.
    pub async fn try_start(
        folder: &TemporaryFolder,
        flags: &[&str],
    ) -> Result<HubProcess, Vec<String>> {
        let mut command = plenary();
        command.arg("serve").args(["--log-format=json", "--data"]).arg(folder.path()).args(flags);
        for flag in ["--listen", "--admin-listen"] {
            if !flags.iter().any(|given| given.starts_with(&format!("{flag}="))) {
                command.arg(format!("{flag}=127.0.0.1:0"));
            }
        }
        Self::run(command).await
    }

    /// Starts the program as this command does, which has it log in JSON; or what it has logged
    /// when it ended instead of serving.
    pub async fn run(mut command: Command) -> Result<HubProcess, Vec<String>> {
        let mut child = command.stderr(Stdio::piped()).spawn().expect("start plenary");
        let mut lines = BufReader::new(child.stderr.take().expect("its log")).lines();
        let (sender, mut log) = mpsc::unbounded_channel();
        let reader = tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                // The test may be over.
                let _ = sender.send(line);
            }
        });
        let serving = find_in(&mut log, "serving").await?;
        let address = |name: &str| {
            let text = serving[name].as_str().unwrap_or_else(|| panic!("{name} in {serving}"));
            text.parse().expect("an address")
        };
        let (address, admin_address) = (address("listen"), address("admin_listen"));
        let reader = AbortOnDropHandle::new(reader);
        Ok(HubProcess { child, address, admin_address, log, reader })
    }

    /// The unread part of its log.
    pub fn log_so_far(&mut self) -> Vec<String> {
        std::iter::from_fn(|| self.log.try_recv().ok()).collect()
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) {
        let number = self.child.id().and_then(|id| i32::try_from(id).ok());
        let process = number.and_then(Pid::from_raw).expect("a running process");
        kill_process(process, signal).expect("send a signal");
    }

    /// How many bytes of memory it uses.
    pub fn resident_memory(&self) -> u64 {
        let process = self.child.id().expect("a running process");
        let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("a status");
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kibibytes = resident.and_then(|text| text.trim().strip_suffix(" kB")).expect("a size");
        kibibytes.parse::<u64>().expect("a number") * 1_024
    }

    /// Stops reading its log: from now on it writes to a broken pipe.
    pub async fn stop_reading_log(&mut self) {
        self.reader.abort();
        // The pipe is closed when the task ends.
        let _ = (&mut self.reader).await;
    }

    /// Waits until it has logged this message and returns the whole line.
    pub async fn logged(&mut self, message: &str) -> serde_json::Value {
        wait_for(&mut self.log, message).await
    }

    /// Waits for its end and returns everything it has logged since it started serving.
    pub async fn rest_of_log(&mut self) -> String {
        let mut log = String::new();
        let read = async {
            while let Some(line) = self.log.recv().await {
                log.push_str(&line);
                log.push('\n');
            }
        };
        within(read).await;
        log
    }

    /// Whether it has ended.
    pub fn is_gone(&self) -> bool {
        self.child.id().is_none()
    }

    /// Waits for its end.
    pub async fn ended(&mut self) -> ExitStatus {
        within(self.child.wait()).await.expect("a process that ends")
    }
}

/// The program, not started yet, without the developer's environment.
pub fn plenary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plenary"));
    command.env_clear().stdin(Stdio::null()).kill_on_drop(true);
    command
}

async fn wait_for(log: &mut mpsc::UnboundedReceiver<String>, message: &str) -> serde_json::Value {
    find_in(log, message).await.unwrap_or_else(|seen| {
        panic!("plenary ended without logging {message:?}:\n{}", seen.join("\n"));
    })
}

/// The line with this message, or all lines if it never comes.
async fn find_in(
    log: &mut mpsc::UnboundedReceiver<String>,
    message: &str,
) -> Result<serde_json::Value, Vec<String>> {
    let mut seen = Vec::new();
    within(async {
        while let Some(text) = log.recv().await {
            let line: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
            if line["message"] == message {
                return Ok(line);
            }
            seen.push(text);
        }
        Err(seen)
    })
    .await
}

/// Fails after a generous timeout.
pub async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(60), future).await.expect("within a minute")
}
