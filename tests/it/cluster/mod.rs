//! Several hubs on one database.

mod announcements;
mod gaps;
mod lists;
mod presence;
mod talk;

use serde_json::json;

use crate::support::people::TestPerson;
use crate::support::socket::Socket;

/// A moderator bans somebody.
async fn ban(moderator: &mut Socket, person: &TestPerson) {
    let order = json!({ "person": person.id, "reason": "Spam" });
    moderator.ask("moderation.ban", order).await.expect("banned");
}

/// The names of the people in a channel.
async fn names(socket: &mut Socket, channel: &str) -> Vec<String> {
    let people = socket.ask("channel.people", json!({ "channel": channel })).await;
    let people = people.expect("people")["people"].clone();
    let people = people.as_array().expect("a list").iter();
    people.map(|person| person["name"].as_str().expect("a name").to_owned()).collect()
}
