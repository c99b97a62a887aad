//! Moderation over real sockets: what a moderator does takes effect at once.

mod audit;
mod ban;
mod enforcing;
mod history;
mod mailbox;
mod roles;
mod switches;
mod time_out;

use plenary::clock::{Clock, Timestamp};
use plenary::id::PersonId;
use serde_json::{Value, json};

use crate::support::conference::Conference;
use crate::support::databases::TestDatabase;
use crate::support::socket::Socket;

/// A conference with a manual clock.
async fn standing_still(database: TestDatabase) -> Conference {
    Conference::with(database, Clock::manual(Timestamp(1_800_000_000_000))).await
}

/// A time-out of a minute in the whole event.
fn a_minute(person: PersonId) -> Value {
    json!({ "person": person, "seconds": 60, "reason": "Cool down" })
}

/// A ban for good from the whole event.
fn for_good(person: PersonId) -> Value {
    json!({ "person": person, "reason": "Spam" })
}

/// The sanctions in the next push to a person.
async fn told(socket: &mut Socket) -> Vec<Value> {
    let standing = socket.push("standing").await;
    standing["data"]["sanctions"].as_array().expect("a list").clone()
}
