//! A protocol-conforming client's view of a channel: changes are applied once and in the order of
//! their positions, missing ones are requested, or the client is told to start afresh.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::hub::within;
use super::socket::Socket;

/// Beyond every position.
const END: u64 = 1_000_000_000;

/// A client's view of a channel.
#[derive(Clone, Debug)]
pub struct View {
    /// The channel.
    pub channel: String,
    /// The position up to which everything is known.
    pub seq: u64,
    /// The messages by their positions.
    pub messages: BTreeMap<u64, Value>,
    /// The position from which on it is complete; older messages were never requested.
    pub from: u64,
    /// How often something was missing.
    pub holes: usize,
    /// How often it had to start afresh.
    pub resets: usize,
    /// Messages that reappeared after they were deleted.
    pub returned: Vec<u64>,
}

/// The effect of a push.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// It concerns something else.
    Nothing,
    /// It was known already.
    Known,
    /// It is part of the view now.
    Applied,
    /// Something before it is missing, and has to be requested.
    Missing,
}

impl View {
    /// The view from the answer to a first join.
    pub fn of(joined: &Value) -> View {
        let channel = joined["state"]["id"].as_str().expect("a channel").to_owned();
        let mut view = View::empty(channel);
        view.start_again(joined);
        view
    }

    fn empty(channel: String) -> View {
        let (messages, returned) = (BTreeMap::new(), Vec::new());
        View { channel, seq: 0, messages, from: 0, holes: 0, resets: 0, returned }
    }

    /// Applies the answer to a join or a catch-up from the view's position.
    pub fn take(&mut self, changes: &Value) {
        if changes["reset"] == true {
            self.resets += 1;
            return self.start_again(changes);
        }
        assert_eq!(changes["after"], self.seq, "an answer to another question: {changes}");
        self.put(&changes["messages"]);
        self.seq = number(&changes["seq"]);
    }

    /// Applies a push.
    pub fn hear(&mut self, push: &Value) -> Heard {
        if push["channel"] != self.channel.as_str() {
            return Heard::Nothing;
        }
        let data = &push["data"];
        match push["push"].as_str() {
            Some("messages") if number(&data["seq"]) <= self.seq => Heard::Known,
            Some("messages") if number(&data["after"]) <= self.seq => {
                self.put(&data["messages"]);
                self.seq = number(&data["seq"]);
                Heard::Applied
            }
            Some("messages" | "reset") => {
                self.holes += 1;
                Heard::Missing
            }
            _ => Heard::Nothing,
        }
    }

    /// Reads on until everything up to this position has arrived.
    pub async fn reads_up_to(&mut self, seq: u64, socket: &mut Socket) {
        within(async {
            while self.seq < seq {
                let push = socket.push_where(|_| true).await;
                if self.hear(&push) == Heard::Missing {
                    self.catches_up(socket).await;
                }
            }
        })
        .await;
    }

    /// Requests what is missing.
    pub async fn catches_up(&mut self, socket: &mut Socket) {
        let question = json!({ "channel": self.channel, "after": self.seq });
        self.take(&socket.ask("channel.catch_up", question).await.expect("changes"));
    }

    /// The messages' texts, in order.
    pub fn texts(&self) -> Vec<&str> {
        self.messages.values().filter_map(|message| message["text"].as_str()).collect()
    }

    fn start_again(&mut self, changes: &Value) {
        let first = changes["messages"][0]["seq"].as_u64();
        self.seq = number(&changes["seq"]);
        self.messages.clear();
        self.from = match first {
            Some(first) if changes["more"] == true => first,
            _ => 0,
        };
        self.put(&changes["messages"]);
    }

    fn put(&mut self, messages: &Value) {
        for message in messages.as_array().expect("messages") {
            let seq = number(&message["seq"]);
            let known = self.messages.get(&seq);
            let changed = known.map_or(0, |known| number(&known["changed"]));
            if seq < self.from || number(&message["changed"]) < changed {
                continue;
            }
            if known.is_some_and(|known| known.get("deleted").is_some())
                && message.get("deleted").is_none()
            {
                self.returned.push(seq);
            }
            self.messages.insert(seq, message.clone());
        }
    }
}

/// The channel as a newcomer reads it, from its first message on: from the database, not only from
/// the hub's memory.
pub async fn snapshot(socket: &mut Socket, channel: &str) -> View {
    let joined = socket.ask("channel.join", json!({ "channel": channel })).await;
    let mut view = View::of(&joined.expect("a channel"));
    view.from = 0;
    let mut before = END;
    loop {
        let page = json!({ "channel": channel, "before": before, "limit": 100 });
        let page = socket.ask("channel.history", page).await.expect("a page");
        view.put(&page["messages"]);
        match page["messages"][0]["seq"].as_u64() {
            Some(first) if page["more"] == true => before = first,
            _ => break,
        }
    }
    let changes = view.messages.values().map(|message| number(&message["changed"]));
    view.seq = changes.fold(view.seq, u64::max);
    view
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("a number, not {value}"))
}
