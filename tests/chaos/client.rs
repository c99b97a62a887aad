//! A talking client: sends messages, changes them, comes and goes, from one hub to another.
//! Requests without an answer are repeated until there is one.

mod hearing;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::timeout;
use uuid::Uuid;

use crate::stage::Addresses;
use crate::support::socket::Socket;
use crate::support::view::View;
use crate::tally::Tally;

/// How long a client waits for an answer before it asks another hub.
const ANSWER: Duration = Duration::from_secs(6);

/// The phase of the plan, for all clients.
#[derive(Clone, Debug)]
pub enum Phase {
    /// Talk.
    Talk,
    /// Finish pending requests, join all channels, report ready, and listen.
    Calm,
    /// Receive everything up to these positions.
    Hear(Arc<BTreeMap<String, u64>>),
}

/// The outcome of a request.
#[derive(Debug)]
pub struct Answer {
    /// The hub's answer, or a refusal's code.
    pub result: Result<Value, String>,
    /// Whether an earlier attempt may have arrived nevertheless.
    pub repeated: bool,
}

/// A message as its sender knows it.
#[derive(Clone, Debug)]
pub struct Said {
    /// Where.
    pub channel: String,
    /// The sender's identifier.
    pub client_id: String,
    /// Its position, once it was acknowledged.
    pub seq: Option<u64>,
    /// Whether it may exist although it was finally refused.
    pub perhaps: bool,
    /// Its last acknowledged text.
    pub text: String,
    /// The texts of edits without an answer.
    pub attempts: Vec<String>,
    /// Whether its deletion was acknowledged, or got no answer.
    pub deleted: Option<bool>,
}

/// A client's final state.
#[derive(Debug)]
pub struct Outcome {
    /// The messages it sent.
    pub said: Vec<Said>,
    /// Its view of each channel; `None` if it was banned.
    pub views: Option<Vec<View>>,
    /// What it did.
    pub tally: Tally,
    /// The deviations it noticed.
    pub broken: Vec<String>,
}

/// A client with at most one connection.
pub struct Client {
    name: String,
    cookie: String,
    pub channels: Vec<String>,
    pub random: StdRng,
    addresses: Addresses,
    pub phase: watch::Receiver<Phase>,
    socket: Option<Socket>,
    views: Vec<Option<View>>,
    joined: Vec<bool>,
    said: Vec<Said>,
    pub tally: Tally,
    pub broken: Vec<String>,
    banned: bool,
}

impl Client {
    /// A client with this name and cookie, not connected yet.
    pub fn new(
        name: &str,
        cookie: &str,
        channels: &[String],
        seed: u64,
        addresses: &Addresses,
        phase: &watch::Receiver<Phase>,
    ) -> Client {
        Client {
            name: name.to_owned(),
            cookie: cookie.to_owned(),
            channels: channels.to_vec(),
            random: StdRng::seed_from_u64(seed),
            addresses: addresses.clone(),
            phase: phase.clone(),
            socket: None,
            views: vec![None; channels.len()],
            joined: vec![false; channels.len()],
            said: Vec::new(),
            tally: Tally::default(),
            broken: Vec::new(),
            banned: false,
        }
    }

    /// Talks until the phase changes, and returns its final state; signals `ready` when no request
    /// is pending.
    pub async fn run(mut self, ready: tokio::sync::mpsc::Sender<()>) -> Outcome {
        while !self.banned && matches!(*self.phase.borrow(), Phase::Talk) {
            self.step().await;
        }
        self.settle(ready).await
    }

    /// Ends gracefully.
    pub async fn settle(mut self, ready: tokio::sync::mpsc::Sender<()>) -> Outcome {
        while !self.banned && !self.is_everywhere() {
            self.be_everywhere().await;
        }
        let _ = ready.send(()).await;
        while !self.banned && !matches!(*self.phase.borrow(), Phase::Hear(_)) {
            self.listen(Duration::from_millis(50)).await;
        }
        let heads = match &*self.phase.borrow() {
            Phase::Hear(heads) => Arc::clone(heads),
            _ => Arc::default(),
        };
        self.hear_up_to(&heads).await;
        let views: Vec<View> = self.views.into_iter().flatten().collect();
        for view in &views {
            self.tally.gaps += view.holes;
            self.tally.resets += view.resets;
        }
        let views = (!self.banned).then_some(views);
        Outcome { said: self.said, views, tally: self.tally, broken: self.broken }
    }

    async fn step(&mut self) {
        match self.random.random_range(0..100) {
            0..55 => {
                let wait = Duration::from_millis(self.random.random_range(5..80));
                self.listen(wait).await;
            }
            55..80 => self.say().await,
            80..86 => self.edit().await,
            86..90 => self.delete().await,
            90..92 => self.leave().await,
            92..94 => self.hang_up(),
            _ => self.be_everywhere().await,
        }
    }

    async fn say(&mut self) {
        let channel = self.random.random_range(0..self.channels.len());
        let number = self.said.len();
        let text = format!("{} {number}", self.name);
        self.say_in(channel, &text).await;
    }

    /// Sends this, retrying as often as needed. Returns its position.
    pub async fn say_in(&mut self, channel: usize, text: &str) -> Option<u64> {
        let channel = self.channels[channel].clone();
        let client_id = Uuid::from_u128(self.random.random()).to_string();
        let data = json!({ "channel": channel, "client_id": client_id, "text": text });
        let answer = self.ask("message.send", data).await;
        let seq = answer.result.as_ref().ok().and_then(|sent| sent["message"]["seq"].as_u64());
        self.count(&answer, |tally| &mut tally.sent);
        let perhaps = seq.is_some() || answer.repeated;
        let (text, attempts) = (text.to_owned(), Vec::new());
        self.said.push(Said { channel, client_id, seq, perhaps, text, attempts, deleted: None });
        seq
    }

    /// One of its own messages that can be changed.
    fn own(&mut self) -> Option<usize> {
        let there = |said: &Said| said.seq.is_some() && said.deleted.is_none();
        let own: Vec<usize> = (0..self.said.len()).filter(|one| there(&self.said[*one])).collect();
        own.choose(&mut self.random).copied()
    }

    async fn edit(&mut self) {
        let Some(index) = self.own() else { return };
        let said = &self.said[index];
        let text = format!("{}, corrected {}", said.text, self.random.random_range(0..1_000_000));
        let data = json!({ "channel": said.channel, "seq": said.seq, "text": text });
        let answer = self.ask("message.edit", data).await;
        self.count(&answer, |tally| &mut tally.edited);
        let said = &mut self.said[index];
        if answer.repeated {
            said.attempts.push(text.clone());
        }
        if answer.result.is_ok() {
            said.text = text;
        }
    }

    async fn delete(&mut self) {
        let Some(index) = self.own() else { return };
        let said = &self.said[index];
        let data = json!({ "channel": said.channel, "seq": said.seq });
        let answer = self.ask("message.delete", data).await;
        self.count(&answer, |tally| &mut tally.deleted);
        if answer.result.is_ok() {
            self.said[index].deleted = Some(true);
        } else if answer.repeated {
            self.said[index].deleted = Some(false);
        }
    }

    fn count(&mut self, answer: &Answer, what: impl Fn(&mut Tally) -> &mut usize) {
        if answer.result.is_ok() {
            *what(&mut self.tally) += 1;
        } else {
            self.tally.refused += 1;
        }
    }

    /// Asks one hub after the other until there is a final answer.
    pub async fn ask(&mut self, operation: &str, data: Value) -> Answer {
        let mut repeated = false;
        loop {
            if self.socket.is_none() {
                self.connect().await;
            }
            if self.banned {
                return Answer { result: Err("moderation.banned".to_owned()), repeated };
            }
            let Some(socket) = &mut self.socket else { continue };
            match timeout(ANSWER, socket.try_ask(operation, data.clone())).await {
                Ok(Some(Err(code))) if is_passing(&code) => {
                    self.listen(Duration::from_millis(100)).await;
                }
                Ok(Some(result)) => return Answer { result, repeated },
                Ok(None) | Err(_) => self.hang_up(),
            }
            repeated = true;
            self.tally.repeated += 1;
        }
    }
}

/// Whether the refusal is temporary.
fn is_passing(code: &str) -> bool {
    code.starts_with("server.") || code == "rate.limited"
}
