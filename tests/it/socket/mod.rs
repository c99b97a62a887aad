//! The socket edge: misbehaving clients, and the consequences.

mod bad_input;
mod large;
mod silence;
mod slow;

use std::collections::BTreeMap;

use serde_json::json;

use crate::support::conference::{Conference, message};
use crate::support::dump::{Dumper, difference};
use crate::support::people::TestPerson;
use crate::support::socket::Socket;

/// A hub with a good client, a bad one, and a dump of the database.
struct Pair {
    camp: Conference,
    good: Socket,
    bad: TestPerson,
    dumper: Dumper,
    before: BTreeMap<String, String>,
}

impl Pair {
    async fn meet() -> Pair {
        let camp = Conference::start().await;
        let (good, bad) = (camp.attendee("Good").await, camp.attendee("Bad").await);
        let (mut good, _) = camp.joined(&good, &camp.room.channel).await;
        good.ask("message.send", message(&camp.room.channel, "First")).await.expect("sent");
        let dumper = Dumper::new(&camp.hub.app.db).await;
        let before = dumper.dump(&camp.hub.app.db).await;
        Pair { camp, good, bad, dumper, before }
    }

    /// A socket of the bad client that has joined the room.
    async fn bad_socket(&self) -> Socket {
        self.camp.joined(&self.bad, &self.camp.room.channel).await.0
    }

    /// A socket of the bad client that has sent nothing.
    async fn mute_socket(&self) -> Socket {
        let cookie = self.bad.client.cookie.as_deref();
        Socket::open(self.camp.address(), cookie).await.expect("a socket")
    }

    /// Nothing has changed, and the good client gets an answer at once.
    async fn unharmed(&mut self, what: &str) {
        let changed = difference(&self.before, &self.dumper.dump(&self.camp.hub.app.db).await);
        assert!(changed.is_empty(), "{what}: {changed:#?}");
        self.good.ask("ping", json!({})).await.unwrap_or_else(|code| panic!("{what}: {code}"));
    }

    /// The good client still reaches others.
    async fn still_talk(mut self) {
        let mut listener = self.camp.joined(&self.bad, &self.camp.room.channel).await.0;
        let said = message(&self.camp.room.channel, "Still here");
        self.good.ask("message.send", said).await.expect("sent");
        let heard = listener.push("messages").await;
        assert_eq!(heard["data"]["messages"][0]["text"], "Still here");
    }
}
