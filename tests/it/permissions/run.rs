//! Trying the examples.

use std::net::SocketAddr;

use futures_util::future::{BoxFuture, FutureExt as _, join_all};
use http::Method;
use serde_json::{Value, json};

use super::example::{Ask, Example};
use super::part::{Outcome, Part};
use super::stage::{Player, Stage};
use crate::support::client::Client;
use crate::support::dump::{Dumper, difference};
use crate::support::socket::Socket;

/// A request with its placeholders filled in.
enum Ready {
    Rest { method: Method, path: String, body: Option<Vec<u8>> },
    Socket { operation: &'static str, data: Value },
    Hello { event: &'static str },
}

/// The stage, the players and the results so far.
pub struct Trial {
    stage: Stage,
    cast: Vec<Player>,
    dumper: Dumper,
    /// How many attempts there were.
    pub tried: usize,
    /// The deviations.
    pub wrong: Vec<String>,
}

impl Trial {
    /// Sets the stage.
    pub async fn new() -> Trial {
        let mut stage = Stage::new().await;
        let mut cast = Vec::new();
        for part in Part::ALL {
            cast.push(stage.player(part).await);
        }
        let dumper = Dumper::new(&stage.camp.hub.app.db).await;
        Trial { stage, cast, dumper, tried: 0, wrong: Vec::new() }
    }

    /// Tries an example in every part: first those who must be refused, between two dumps of the
    /// database, then those who are allowed.
    pub async fn run(&mut self, example: &Example) {
        self.stage.let_time_pass();
        let mut cast = std::mem::take(&mut self.cast);
        let (refused, let_through): (Vec<_>, Vec<_>) =
            cast.iter_mut().partition(|player| example.expected(player.part).is_err());
        self.refuse(example, refused).await;
        if example.uses_up {
            let mut stand_ins = Vec::new();
            for player in let_through {
                stand_ins.push(self.stage.player(player.part).await);
            }
            self.let_through(example, stand_ins.iter_mut().collect()).await;
        } else {
            self.let_through(example, let_through).await;
        }
        self.cast = cast;
    }

    async fn refuse(&mut self, example: &Example, players: Vec<&mut Player>) {
        let mut attempts = Vec::new();
        for player in players {
            attempts.push(self.attempt(example, player).await);
        }
        let db = &self.stage.camp.hub.app.db;
        let before = self.dumper.dump(db).await;
        let outcomes = join_all(attempts).await;
        let changed = difference(&before, &self.dumper.dump(db).await);
        self.compare(example, outcomes);
        if !changed.is_empty() {
            let lines = changed.join("\n    ");
            self.wrong.push(format!("{}: what was refused changed\n    {lines}", name_of(example)));
        }
    }

    async fn let_through(&mut self, example: &Example, players: Vec<&mut Player>) {
        let mut attempts = Vec::new();
        for player in players {
            let attempt = self.attempt(example, player).await;
            match example.ask {
                // These may change things; each runs on the state that the previous one left.
                Ask::Rest { .. } => {
                    let outcome = attempt.await;
                    self.compare(example, vec![outcome]);
                }
                Ask::Socket(_) | Ask::Hello(_) => attempts.push(attempt),
            }
        }
        let outcomes = join_all(attempts).await;
        self.compare(example, outcomes);
    }

    /// An attempt that is ready to be made.
    async fn attempt<'a>(
        &mut self,
        example: &Example,
        player: &'a mut Player,
    ) -> BoxFuture<'a, (Part, Outcome)> {
        let part = player.part;
        let ready = prepare(&mut self.stage, example, player).await;
        let address = self.stage.camp.address();
        async move { (part, make(player, address, ready).await) }.boxed()
    }

    fn compare(&mut self, example: &Example, outcomes: Vec<(Part, Outcome)>) {
        self.tried += outcomes.len();
        for (part, outcome) in outcomes {
            let expected = example.expected(part);
            if outcome != expected {
                let name = name_of(example);
                let told = format!("{name}: {part:?} should get {expected:?}, gets {outcome:?}");
                self.wrong.push(told);
            }
        }
    }
}

/// Makes an attempt.
async fn make(player: &mut Player, address: SocketAddr, ready: Ready) -> Outcome {
    match ready {
        Ready::Rest { method, path, body } => {
            ask_over_rest(player.client.clone(), method, &path, body).await
        }
        Ready::Hello { event } => hello(player, address, event, None).await,
        Ready::Socket { operation, data } => match &mut player.socket {
            Some(socket) => socket.ask(operation, data).await.map(drop),
            // There is no socket without a hello: both are sent in one frame, and neither succeeds.
            None => hello(player, address, "camp", Some((operation, data))).await,
        },
    }
}

/// Sends hello on a new socket, with another request in the same frame.
async fn hello(
    player: &Player,
    address: SocketAddr,
    event: &str,
    and: Option<(&'static str, Value)>,
) -> Outcome {
    let cookie = player.client.cookie.as_deref();
    let mut socket = Socket::open(address, cookie).await.expect("a socket");
    let mut lines = vec![json!({ "id": 1, "op": "hello", "data": { "event": event } })];
    lines.extend(and.map(|(op, data)| json!({ "id": 2, "op": op, "data": data })));
    let lines: Vec<String> = lines.iter().map(Value::to_string).collect();
    socket.send_text(lines.join("\n")).await;
    let reply = socket.push_where(|line| line["reply"] == 1).await;
    let Some(code) = reply["error"]["code"].as_str() else { return Ok(()) };
    socket.ended().await;
    assert!(!socket.heard(|line| line["reply"] == 2), "answered without a hello");
    Err(code.to_owned())
}

fn name_of(example: &Example) -> String {
    format!("{} {}", example.name, example.what).trim_end().to_owned()
}

/// Fills in the placeholders.
async fn prepare(stage: &mut Stage, example: &Example, player: &Player) -> Ready {
    match &example.ask {
        Ask::Hello(event) => Ready::Hello { event },
        Ask::Socket(data) => {
            Ready::Socket { operation: example.name, data: stage.put_in(data, player).await }
        }
        Ask::Rest { id, query, body } => {
            let (method, path) = example.name.split_once(' ').expect("a method and a path");
            let id = stage.put_in(&json!(id), player).await;
            let path = path.replace("{slug}", "camp");
            let path = path.replace("{id}", id.as_str().unwrap_or_default());
            let body = stage.put_in(body, player).await;
            Ready::Rest {
                method: method.parse().expect("a method"),
                path: format!("/api/v1{path}{query}"),
                body: match body {
                    Value::Null => None,
                    // Other than JSON, like a table.
                    Value::String(text) => Some(text.into_bytes()),
                    body => Some(body.to_string().into_bytes()),
                },
            }
        }
    }
}

async fn ask_over_rest(
    mut client: Client,
    method: Method,
    path: &str,
    body: Option<Vec<u8>>,
) -> Outcome {
    let answer = client.ask(method, path, &[], body).await;
    match answer.status.is_success() {
        true => Ok(()),
        false if answer.code().is_empty() => Err(answer.status.to_string()),
        false => Err(answer.code()),
    }
}
