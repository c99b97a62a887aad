//! A real Redis server for each test that needs one, which can be stopped, frozen, emptied and made
//! to disconnect its clients.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use super::hub::within;
use super::keeper::Kept;
use super::servers::{Unavailable, redis};
use super::skip::skip;
use super::temporary::free_port;

/// How long a server may take to answer for the first time.
const START: Duration = Duration::from_secs(30);

/// A Redis server on a loopback port. It goes away with this value or with the test process.
pub struct TestRedis {
    /// Where it listens, also after it was started again.
    pub port: u16,
    flags: Vec<String>,
    running: Option<Running>,
}

struct Running {
    kept: Kept,
    process: Pid,
}

impl TestRedis {
    /// An empty server. `None` when this machine lacks it: the test is then reported as skipped
    /// (with `CI=true`: failed) and has nothing more to do.
    pub async fn start() -> Option<TestRedis> {
        Self::with(&[]).await
    }

    /// A server with these additional settings, like `--requirepass`.
    pub async fn with(flags: &[&str]) -> Option<TestRedis> {
        let flags = flags.iter().copied().map(String::from).collect();
        let mut server = TestRedis { port: free_port(), flags, running: None };
        match server.run().await {
            Ok(()) => Some(server),
            Err(Unavailable::Missing(program)) => {
                skip(&format!("{program} is not installed"));
                None
            }
            Err(Unavailable::Broken(why)) => panic!("redis-server is installed but {why}"),
        }
    }

    /// What `--redis` takes.
    pub fn url(&self) -> String {
        format!("redis://{}", self.address())
    }

    /// Its host and port.
    pub fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    /// Ends it, with all that it holds.
    pub async fn stop(&mut self) {
        let running = self.running.take().expect("a running server");
        within(tokio::task::spawn_blocking(|| running.kept.stop())).await.expect("an end");
    }

    /// Starts it at the same address, empty.
    pub async fn start_again(&mut self) {
        assert!(self.running.is_none(), "it was stopped");
        self.run().await.expect("it starts as it did before");
    }

    /// Ends it and starts it again, empty.
    pub async fn restart(&mut self) {
        self.stop().await;
        self.start_again().await;
    }

    /// Freezes it, with all its connections open.
    pub fn pause(&self) {
        self.signal(Signal::STOP);
    }

    /// Lets it continue.
    pub fn resume(&self) {
        self.signal(Signal::CONT);
    }

    /// Deletes all its data.
    pub async fn flush(&self) {
        self.ask(&["FLUSHALL"]).await;
    }

    /// Disconnects all subscribers, and returns how many there were.
    pub async fn drop_subscribers(&self) -> usize {
        self.ask(&["CLIENT", "KILL", "TYPE", "pubsub"]).await.parse().expect("a number")
    }

    /// How many are subscribed to this channel.
    pub async fn subscribers(&self, channel: &str) -> usize {
        let answer = self.ask(&["PUBSUB", "NUMSUB", channel]).await;
        answer.lines().last().and_then(|count| count.parse().ok()).expect("a number")
    }

    /// Its answer to one command: the items of a list in lines.
    pub async fn ask(&self, command: &[&str]) -> String {
        within(ask(self.address(), command)).await.expect("an answer of Redis")
    }

    fn signal(&self, signal: Signal) {
        let running = self.running.as_ref().expect("a running server");
        kill_process(running.process, signal).expect("send a signal");
    }

    async fn run(&mut self) -> Result<(), Unavailable> {
        let server = redis(self.port, &self.flags)?;
        let kept = Kept::start(&server.folder, server.stop_signal, &server.command)
            .map_err(|error| Unavailable::Broken(format!("cannot be started: {error}")))?;
        let deadline = Instant::now() + START;
        // It may require a password: any answer means that it is up.
        while let Err(error) = ask(self.address(), &["PING"]).await {
            if Instant::now() > deadline {
                let log = kept.log();
                return Err(Unavailable::Broken(format!("does not answer: {error}\n{log}")));
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let process = process(server.folder.join("pid"))?;
        self.running = Some(Running { kept, process });
        Ok(())
    }
}

/// The process id that the server has written to this file.
fn process(file: PathBuf) -> Result<Pid, Unavailable> {
    let text = std::fs::read_to_string(file)?;
    let number = text.trim().parse().ok().and_then(Pid::from_raw);
    number.ok_or_else(|| Unavailable::Broken(format!("its number is {text:?}")))
}

/// Sends one command to the server, on a separate connection.
async fn ask(address: SocketAddr, command: &[&str]) -> io::Result<String> {
    let mut stream = BufReader::new(TcpStream::connect(address).await?);
    let mut text = format!("*{}\r\n", command.len());
    for word in command {
        text += &format!("${}\r\n{word}\r\n", word.len());
    }
    stream.write_all(text.as_bytes()).await?;
    let mut items = Vec::new();
    let mut left = 1_usize;
    while left > 0 {
        left -= 1;
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        let (kind, rest) =
            line.trim_end().split_at_checked(1).ok_or(io::ErrorKind::UnexpectedEof)?;
        match (kind, rest.parse::<usize>()) {
            ("*", Ok(more)) => left += more,
            ("$", Ok(length)) => {
                let mut bytes = vec![0; length + 2];
                stream.read_exact(&mut bytes).await?;
                items.push(String::from_utf8_lossy(&bytes[..length]).into_owned());
            }
            _ => items.push(rest.to_owned()),
        }
    }
    Ok(items.join("\n"))
}

mod tests {
    use super::TestRedis;

    #[tokio::test]
    async fn it_keeps_what_it_is_told_until_it_is_started_again() {
        let Some(mut redis) = TestRedis::start().await else { return };
        redis.ask(&["SET", "greeting", "good morning"]).await;
        redis.pause();
        redis.resume();
        assert_eq!(redis.ask(&["GET", "greeting"]).await, "good morning");
        redis.restart().await;
        assert_eq!(redis.ask(&["DBSIZE"]).await, "0");
    }
}
