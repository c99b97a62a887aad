//! Somebody who talks: says something, changes it, comes and goes, from one hub to another. What
//! gets no answer is asked again, until there is one.

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

/// How long somebody waits for an answer before they ask another hub.
const ANSWER: Duration = Duration::from_secs(6);

/// What the plan wants of everybody.
#[derive(Clone, Debug)]
pub enum Phase {
    /// Talk.
    Talk,
    /// End what was begun, be in all channels, say that it is so, and listen.
    Calm,
    /// Hear up to these numbers.
    Hear(Arc<BTreeMap<String, u64>>),
}

/// What became of something that was asked.
#[derive(Debug)]
pub struct Answer {
    /// What the hub said; a refusal's code.
    pub result: Result<Value, String>,
    /// Whether an earlier attempt may have been heard all the same.
    pub repeated: bool,
}

/// A message as whoever sent it knows it.
#[derive(Clone, Debug)]
pub struct Said {
    /// Where.
    pub channel: String,
    /// The sender's identifier.
    pub client_id: String,
    /// Its number, once it was acknowledged.
    pub seq: Option<u64>,
    /// Whether it may be there though it was refused in the end.
    pub perhaps: bool,
    /// What it says, as far as that was acknowledged.
    pub text: String,
    /// What attempts without an answer would have made of it.
    pub attempts: Vec<String>,
    /// Whether its deletion was acknowledged, or nothing was answered.
    pub deleted: Option<bool>,
}

/// What somebody has to show in the end.
#[derive(Debug)]
pub struct Outcome {
    /// What they said.
    pub said: Vec<Said>,
    /// What they have of each channel; nothing when they were banned.
    pub views: Option<Vec<View>>,
    /// What they did.
    pub tally: Tally,
    /// What should not have been.
    pub broken: Vec<String>,
}

/// Somebody with at most one connection.
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
    /// Somebody of this name with this cookie, not connected yet.
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

    /// Talks until it is time to be calm, and tells what has become of it; `ready` is told when
    /// everything that was begun has ended.
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

    /// Says this, whatever it takes. Answers with its number.
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

    /// One of the own messages that can be changed.
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

    /// Asks until there is an answer that will not be another in a moment, at one hub after the
    /// other.
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

/// Whether the same may be answered otherwise in a moment.
fn is_passing(code: &str) -> bool {
    code.starts_with("server.") || code == "rate.limited"
}
