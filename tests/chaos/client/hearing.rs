//! Connecting to a hub, joining the channels, and receiving pushes.

use std::collections::BTreeMap;
use std::time::Duration;

use rand::Rng as _;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::{ANSWER, Client, Phase};
use crate::stage::HUBS;
use crate::support::socket::Socket;
use crate::support::view::{Heard, View};

/// How long a hub may take to answer a hello.
const ARRIVAL: Duration = Duration::from_secs(4);
/// How long after the faults everyone may take to receive everything.
const TOLD: Duration = Duration::from_secs(15);
/// The hubs' public URL.
const ORIGIN: &str = "http://localhost:8080";

impl Client {
    /// Connects to any hub, if possible.
    pub(super) async fn connect(&mut self) {
        let hub = self.random.random_range(0..HUBS);
        let Some(address) = self.addresses.get(hub) else {
            return sleep(Duration::from_millis(20)).await;
        };
        let arrival = timeout(ARRIVAL, async {
            let opened = Socket::open_from(address, Some(&self.cookie), ORIGIN).await;
            let mut socket = opened.map_err(|error| error.to_string())?;
            match socket.try_ask("hello", json!({ "event": "camp" })).await {
                Some(Ok(_)) => Ok(socket),
                Some(Err(code)) => Err(code),
                None => Err("closed".to_owned()),
            }
        });
        match arrival.await {
            Ok(Ok(socket)) => {
                self.tally.connected += 1;
                self.socket = Some(socket);
            }
            Ok(Err(code)) if code == "moderation.banned" => self.banned = true,
            Ok(Err(_)) => sleep(Duration::from_millis(50)).await,
            Err(_) => {}
        }
    }

    pub(super) fn hang_up(&mut self) {
        self.socket = None;
        self.joined.fill(false);
    }

    pub(super) fn is_everywhere(&self) -> bool {
        self.socket.is_some() && self.joined.iter().all(|joined| *joined)
    }

    /// Joins the channels that it is not in.
    pub(super) async fn be_everywhere(&mut self) {
        for index in 0..self.channels.len() {
            if self.joined[index] {
                continue;
            }
            let channel = self.channels[index].clone();
            let after = self.views[index].as_ref().map(|view| view.seq);
            let answer =
                self.ask("channel.join", json!({ "channel": channel, "after": after })).await;
            match (answer.result, &mut self.views[index]) {
                (Ok(joined), Some(view)) => {
                    let before = view.seq;
                    view.take(&joined);
                    self.tally.gaps += usize::from(view.seq > before);
                }
                (Ok(joined), none) => *none = Some(View::of(&joined)),
                (Err(code), _) if code == "moderation.banned" => self.banned = true,
                (Err(code), _) => self.broken.push(format!("{} may not join: {code}", self.name)),
            }
            // The answer came on the present socket.
            self.joined[index] = self.socket.is_some();
        }
    }

    pub(super) async fn leave(&mut self) {
        let index = self.random.random_range(0..self.channels.len());
        if std::mem::replace(&mut self.joined[index], false) {
            let channel = self.channels[index].clone();
            self.ask("channel.leave", json!({ "channel": channel })).await;
        }
    }

    /// Receives pushes for this long.
    pub async fn listen(&mut self, wait: Duration) {
        let until = Instant::now() + wait;
        while let Some(socket) = &mut self.socket {
            let Ok(push) = timeout_at(until, socket.next_push()).await else { return };
            match push {
                Some(push) => self.hear(&push).await,
                None => {
                    let banned =
                        socket.closed.as_ref().is_some_and(|frame| frame.code == 4_202.into());
                    self.banned |= banned;
                    self.hang_up();
                }
            }
        }
        sleep_until_or_talk(until, &mut self.phase).await;
    }

    async fn hear(&mut self, push: &Value) {
        for index in 0..self.channels.len() {
            let (true, Some(view)) = (self.joined[index], &mut self.views[index]) else { continue };
            if view.hear(push) != Heard::Missing {
                continue;
            }
            let question = json!({ "channel": view.channel, "after": view.seq });
            let Some(socket) = &mut self.socket else { return };
            match timeout(ANSWER, socket.try_ask("channel.catch_up", question)).await {
                Ok(Some(Ok(changes))) => view.take(&changes),
                // The next join reports it.
                _ => return self.hang_up(),
            }
        }
    }

    /// Listens until everything up to these positions has arrived, without asking for it.
    pub(super) async fn hear_up_to(&mut self, heads: &BTreeMap<String, u64>) {
        let until = Instant::now() + TOLD;
        while !self.banned && Instant::now() < until && !self.behind(heads).is_empty() {
            self.listen(Duration::from_millis(20)).await;
        }
        if self.banned {
            return;
        }
        for (channel, own, head) in self.behind(heads) {
            let name = &self.name;
            let what = format!("{name} was told {own} of {head} in {channel}, and then nothing");
            self.broken.push(what);
        }
        for view in self.views.iter().flatten().filter(|view| !view.returned.is_empty()) {
            let (name, returned) = (&self.name, &view.returned);
            self.broken.push(format!("{name} saw deleted messages come back: {returned:?}"));
        }
    }

    fn behind(&self, heads: &BTreeMap<String, u64>) -> Vec<(String, u64, u64)> {
        let views = self.views.iter().flatten();
        let numbers = views.map(|view| (view.channel.clone(), view.seq, heads[&view.channel]));
        numbers.filter(|(_, own, head)| own < head).collect()
    }
}

/// Waits, unless the phase changes.
async fn sleep_until_or_talk(until: Instant, phase: &mut watch::Receiver<Phase>) {
    let _ = timeout_at(until, phase.changed()).await;
}
