//! The hub is killed in the middle of a conversation: what was acknowledged is there, once.

use std::net::SocketAddr;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::conference::Conference;
use crate::support::databases::{TestDatabase, on_each_database};
use crate::support::hub::{HubProcess, within};
use crate::support::people::TestPerson;
use crate::support::socket::Socket;
use crate::support::temporary::TemporaryFolder;

/// How many people talk at once.
const PEOPLE: usize = 6;
/// How many messages each says in a round.
const MESSAGES: usize = 8;
/// How often the hub is killed.
const KILLS: usize = 3;
/// The killed hub's public URL, with which browsers' origins are compared.
const ORIGIN: &str = "http://localhost:8080";

on_each_database!(acknowledged_messages_survive_a_kill);

async fn acknowledged_messages_survive_a_kill(database: TestDatabase) {
    let url = database.url.clone();
    let camp = Conference::with(database, plenary::clock::Clock::System).await;
    let mut people = Vec::new();
    for number in 0..PEOPLE {
        people.push(camp.attendee(&format!("Person {number}")).await);
    }
    let folder = TemporaryFolder::new();
    let flags = ["--database", url.as_str()];
    let channel = camp.room.channel.as_str();
    let mut said: Vec<String> = Vec::new();
    for round in 0..KILLS {
        let mut hub = HubProcess::start(&folder, &flags).await;
        let mut talks = Vec::new();
        for (number, person) in people.iter().enumerate() {
            let socket = joined(hub.address, person, channel).await;
            talks.push(tokio::spawn(talk(socket, channel.to_owned(), round * PEOPLE + number)));
        }
        // Killed when one has all answers; others still wait for theirs.
        let mut talked = vec![within(talks.remove(0)).await.expect("a talk")];
        hub.signal(rustix::process::Signal::KILL);
        hub.ended().await;
        for talk in talks {
            talked.push(within(talk).await.expect("a talk"));
        }
        let hub = HubProcess::start(&folder, &flags).await;
        for (person, talk) in people.iter().zip(talked) {
            said.extend(talk.acknowledged);
            let mut socket = joined(hub.address, person, channel).await;
            for message in talk.unanswered {
                // Some had been committed; sending them again does not duplicate them.
                said.push(message["text"].as_str().expect("a text").to_owned());
                socket.ask("message.send", message).await.expect("sent again");
            }
        }
    }
    let hub = HubProcess::start(&folder, &flags).await;
    let mut kept = history(&mut joined(hub.address, &people[0], channel).await, channel).await;
    assert_eq!(kept.len(), PEOPLE * MESSAGES * KILLS);
    kept.sort();
    said.sort();
    assert_eq!(kept, said, "what was acknowledged is there, once");
}

/// The outcome of somebody's messages.
struct Talk {
    acknowledged: Vec<String>,
    /// The requests that were not answered when the hub was gone.
    unanswered: Vec<Value>,
}

async fn talk(mut socket: Socket, channel: String, number: usize) -> Talk {
    let mut talk = Talk { acknowledged: Vec::new(), unanswered: Vec::new() };
    for count in 0..MESSAGES {
        let text = format!("{number}.{count}");
        let message = json!({ "channel": channel, "client_id": Uuid::new_v4(), "text": text });
        match socket.try_ask("message.send", message.clone()).await {
            Some(answer) => {
                answer.expect("an accepted message");
                talk.acknowledged.push(text);
            }
            None => talk.unanswered.push(message),
        }
    }
    talk
}

async fn joined(address: SocketAddr, person: &TestPerson, channel: &str) -> Socket {
    let cookie = person.client.cookie.as_deref();
    let mut socket = Socket::open_from(address, cookie, ORIGIN).await.expect("a socket");
    socket.ask("hello", json!({ "event": "camp" })).await.expect("a welcome");
    socket.ask("channel.join", json!({ "channel": channel })).await.expect("a channel");
    socket
}

/// The whole history, page by page, checking the positions.
async fn history(socket: &mut Socket, channel: &str) -> Vec<String> {
    let mut texts = Vec::new();
    let mut before = 1_000_000_u64;
    loop {
        let page = json!({ "channel": channel, "before": before, "limit": 100 });
        let page = socket.ask("channel.history", page).await.expect("a page");
        let messages = page["messages"].as_array().expect("messages");
        let numbers: Vec<u64> = messages.iter().filter_map(|one| one["seq"].as_u64()).collect();
        let holes = numbers.windows(2).filter(|pair| pair[1] != pair[0] + 1).count();
        assert_eq!(holes, 0, "{numbers:?}");
        texts.extend(messages.iter().filter_map(|one| one["text"].as_str().map(str::to_owned)));
        match (numbers.first(), &page["more"]) {
            (Some(first), Value::Bool(true)) => before = *first,
            _ => return texts,
        }
    }
}
