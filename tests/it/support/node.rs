//! A node without sockets, whose log is written directly, and the final content of the database, to
//! compare the answers with.

use std::collections::BTreeMap;
use std::sync::Arc;

use plenary::app::App;
use plenary::chat::log::Written;
use plenary::chat::{Action, Emoji, Entry, LogError, MessageText};
use plenary::clock::{Clock, Timestamp};
use plenary::db::{Columns, Db};
use plenary::id::{ChannelId, ClientMessageId, PersonId};
use plenary::protocol::Card;
use plenary::random::Random;

use super::conference::Conference;
use super::hub::settings;
use super::temporary::TemporaryFolder;

/// One of several nodes on a database.
pub struct Node {
    /// Its parts.
    pub app: Arc<App>,
    _folder: TemporaryFolder,
}

impl Node {
    /// A node on the database at this address.
    pub async fn on(url: &str, clock: Clock) -> Node {
        let folder = TemporaryFolder::new();
        let settings = settings(&folder, &["--database", url]);
        let app = App::open(settings, clock, Random::System).await.expect("a node");
        Node { app, _folder: folder }
    }

    /// Writes an action, and waits for the answer.
    pub async fn write(
        &self,
        channel: ChannelId,
        person: PersonId,
        action: Action,
    ) -> Result<Written, LogError> {
        self.app.chat.log.append(Entry { channel, person, permit: None, action }).await
    }

    /// Sends a message.
    pub async fn say(
        &self,
        channel: ChannelId,
        person: PersonId,
        text: &str,
    ) -> Result<Written, LogError> {
        self.write(channel, person, send(person, new_client_id(), text)).await
    }
}

/// Three empty channels of a conference, and a person who may write.
pub async fn stage(camp: &Conference) -> ([ChannelId; 3], PersonId) {
    let channel = |text: &str| text.parse().expect("a channel");
    let rooms = [&camp.room.channel, &camp.room.staff, &camp.other_room.channel];
    (rooms.map(|text| channel(text)), camp.attendee("Ada").await.id)
}

/// A new client id.
pub fn new_client_id() -> ClientMessageId {
    ClientMessageId(Random::System.uuid(Timestamp(0)))
}

/// A new message.
pub fn send(person: PersonId, client_id: ClientMessageId, text: &str) -> Action {
    let name = "Ada".to_owned();
    let sender =
        Card { id: person, name, reading: None, picture: None, affiliation: None, badge: None };
    let text = message_text(text);
    Action::Send { sender, client_id, text, reply_to: None, mentions: Vec::new() }
}

/// The text of a message.
pub fn message_text(text: &str) -> MessageText {
    MessageText::try_from(text.to_owned()).expect("a text")
}

/// A reaction.
pub fn thumb() -> Emoji {
    Emoji::try_from("👍".to_owned()).expect("an emoji")
}

/// A message as stored in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its last change.
    pub changed: u64,
    /// The client id.
    pub client_id: ClientMessageId,
    /// What it says.
    pub text: String,
    /// Whether it is pinned.
    pub pinned: bool,
    /// When it was sent.
    pub sent_at: Timestamp,
}

/// The channel's messages by their positions, its count of changes, and its count of messages.
pub async fn kept(db: &Db, channel: ChannelId) -> (BTreeMap<u64, Kept>, u64, u64) {
    let messages = db.query(
        "SELECT seq, changed, client_id, body, pinned_at, sent_at FROM messages
         WHERE channel_id = ? ORDER BY seq",
    );
    let rows = db.all(messages.bind(channel.bytes())).await.expect("read the messages");
    let kept = rows.iter().map(|row| {
        let kept = Kept {
            changed: row.count("changed").expect("a number"),
            client_id: ClientMessageId(row.uuid("client_id").expect("an identifier")),
            text: row.text("body").expect("a text"),
            pinned: row.optional_time("pinned_at").expect("a time").is_some(),
            sent_at: row.time("sent_at").expect("a time"),
        };
        (row.count("seq").expect("a number"), kept)
    });
    let kept = kept.collect();
    let numbers = db.query("SELECT last_seq, message_count FROM channels WHERE id = ?");
    let row = db.one(numbers.bind(channel.bytes())).await.expect("read").expect("the channel");
    let count = |column: &str| row.count(column).expect("a number");
    (kept, count("last_seq"), count("message_count"))
}
