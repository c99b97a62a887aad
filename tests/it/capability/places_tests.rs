//! What the guest book's books show: a part, kinds of channels, a piece of the snapshot and a place of
//! a capability's own.

use std::sync::Arc;

use plenary::bus::Link;
use plenary::bus::faulty::Network;
use plenary::core::Core;
use plenary::events::ChannelKind;
use plenary::permission::Operation;
use plenary::registry::Registry;
use serde_json::{Value, json};

use super::book::register;
use super::places::{BOOKS, make_tables};
use crate::support::cluster::join;
use crate::support::conference::{Conference, message};
use crate::support::hub::TestHub;
use crate::support::people::TestPerson;
use crate::support::socket::Socket;

fn guest_book(hub: &mut Registry, core: &Core) {
    register(hub, core, &Arc::default());
}

async fn conference(link: Option<Link>) -> Conference {
    let hub = TestHub::first_with_capability(link, guest_book).await;
    make_tables(&hub).await;
    Conference::on(hub).await
}

/// A book, its channels, and how it is changed.
struct Opened {
    address: String,
    pages: String,
    keepers: String,
}

async fn open(camp: &mut Conference) -> Opened {
    let address = "/api/v1/events/camp/guestbook/books";
    let opened = camp.organizer.client.post(address, json!({ "title": "Summer" })).await.ok();
    let text = |name: &str| opened[name].as_str().expect("an id").to_owned();
    Opened {
        address: format!("{address}/{}", text("id")),
        pages: text("pages"),
        keepers: text("keepers"),
    }
}

impl Opened {
    async fn keep(&self, camp: &mut Conference, keepers: &[&TestPerson]) {
        let keepers: Vec<_> = keepers.iter().map(|keeper| keeper.id).collect();
        let kept = json!({ "keepers": keepers });
        assert_eq!(camp.organizer.client.patch(&self.address, kept).await.status, 204);
    }
}

async fn enter(socket: &mut Socket, channel: &str) -> Result<Value, String> {
    socket.ask("channel.join", json!({ "channel": channel })).await
}

async fn say(socket: &mut Socket, channel: &str, text: &str) -> Result<Value, String> {
    socket.ask("message.send", message(channel, text)).await
}

fn tells_of_books(push: &Value) -> bool {
    push["push"] == "event" && push["data"]["what"] == json!([BOOKS.name()])
}

#[tokio::test]
async fn a_capability_tells_everybody_that_its_part_has_changed_on_every_node() {
    let network = Network::new(1);
    let mut camp = conference(Some(join(&network).0)).await;
    let other = camp.hub.another_with_capability(Some(join(&network).0), guest_book).await;
    let (ada, ben) = (camp.attendee("Ada").await, camp.attendee("Ben").await);
    let mut here = camp.socket(&ada).await;
    let mut there = Socket::open_from(
        other.address,
        ben.client.cookie.as_deref(),
        &other.app.settings.addresses.public_url,
    )
    .await
    .expect("a socket");
    there.ask("hello", json!({ "event": "camp" })).await.expect("a welcome");
    let book = open(&mut camp).await;
    for socket in [&mut here, &mut there] {
        let told = socket.push_where(tells_of_books).await;
        assert!(told["data"]["within_ms"].as_u64() >= Some(250), "{told}");
    }
    camp.organizer.client.patch(&book.address, json!({ "title": "Winter" })).await;
    for socket in [&mut here, &mut there] {
        socket.push_where(tells_of_books).await;
    }
    let said = say(&mut there, &book.pages, "Me too").await;
    assert_eq!(said, Err("permission.denied".to_owned()), "its channels are known there too");
}

#[tokio::test]
async fn a_node_without_the_capability_takes_its_news_for_any_change() {
    let network = Network::new(1);
    let mut camp = conference(Some(join(&network).0)).await;
    let other = camp.hub.another(Some(join(&network).0)).await;
    let ben = camp.attendee("Ben").await;
    let (cookie, origin) = (ben.client.cookie.as_deref(), &other.app.settings.addresses.public_url);
    let mut there = Socket::open_from(other.address, cookie, origin).await.expect("a socket");
    there.ask("hello", json!({ "event": "camp" })).await.expect("a welcome");
    let book = open(&mut camp).await;
    let version = there.push_where(|push| push["push"] == "event").await["data"]["version"].clone();
    let known = other.app.events.known(camp.event).expect("the event");
    assert_eq!(version, known.version);
    assert_eq!(enter(&mut there, &book.pages).await, Err("not_found".to_owned()));
    assert!(enter(&mut there, &camp.room.channel).await.is_ok(), "the rest of the event is there");
}

#[tokio::test]
async fn keepers_may_at_their_book_what_others_may_not() {
    let mut camp = conference(None).await;
    let (mut ada, mut ben) = (camp.attendee("Ada").await, camp.attendee("Ben").await);
    let (book, other_book) = (open(&mut camp).await, open(&mut camp).await);
    let title = || json!({ "title": "Autumn" });
    assert_eq!(ada.client.patch(&book.address, title()).await.status, 403, "nobody's yet");
    book.keep(&mut camp, &[&ada]).await;
    assert_eq!(ada.client.patch(&book.address, title()).await.status, 204);
    assert_eq!(ada.client.patch(&other_book.address, title()).await.status, 403);
    assert_eq!(ben.client.patch(&book.address, title()).await.status, 403);
    let room = format!("/api/v1/events/camp/rooms/{}", camp.room.id);
    assert_eq!(ada.client.patch(&room, json!({ "name": "Mine" })).await.status, 403);
}

#[tokio::test]
async fn a_kind_of_channels_has_rules_of_its_own() {
    let mut camp = conference(None).await;
    let (ada, ben) = (camp.attendee("Ada").await, camp.attendee("Ben").await);
    let book = open(&mut camp).await;
    book.keep(&mut camp, &[&ada]).await;
    let (mut keeper, mut reader) = (camp.socket(&ada).await, camp.socket(&ben).await);
    let denied = || Err("permission.denied".to_owned());

    let entered = enter(&mut keeper, &book.pages).await.expect("entered");
    let state = &entered["state"];
    assert_eq!(state["kind"], "guestbook_pages");
    assert_eq!((&state["moderator"], &state["room"]), (&json!(true), &Value::Null));
    enter(&mut reader, &book.pages).await.expect("everybody reads the pages");
    say(&mut keeper, &book.pages, "Welcome!").await.expect("a keeper writes");
    let push = |push: &Value| push["data"]["messages"][0]["text"] == "Welcome!";
    assert_eq!(reader.push_where(push).await["channel"], json!(book.pages));
    assert_eq!(say(&mut reader, &book.pages, "Hello?").await, denied());
    let react = json!({ "channel": book.pages, "seq": 1, "emoji": "👍", "on": true });
    reader.ask("message.react", react).await.expect("who reads may react");
    let pin = json!({ "channel": book.pages, "seq": 1, "on": true });
    assert_eq!(reader.ask("message.pin", pin.clone()).await, denied());
    keeper.ask("message.pin", pin).await.expect("a keeper moderates");

    assert_eq!(enter(&mut reader, &book.keepers).await, denied());
    enter(&mut keeper, &book.keepers).await.expect("keepers among themselves");
    say(&mut keeper, &book.keepers, "Who opens today?").await.expect("said");
}

#[tokio::test]
async fn who_keeps_a_book_no_longer_leaves_its_channels_at_once() {
    let mut camp = conference(None).await;
    let ada = camp.attendee("Ada").await;
    let book = open(&mut camp).await;
    book.keep(&mut camp, &[&ada]).await;
    let mut keeper = camp.socket(&ada).await;
    enter(&mut keeper, &book.keepers).await.expect("entered");
    enter(&mut keeper, &book.pages).await.expect("entered");
    book.keep(&mut camp, &[]).await;
    let removed = keeper.push("removed").await;
    let told = (&removed["channel"], &removed["data"]["code"]);
    assert_eq!(told, (&json!(book.keepers), &json!("permission.denied")));
    assert_eq!(say(&mut keeper, &book.pages, "Bye").await, Err("permission.denied".to_owned()));

    camp.organizer.client.delete(&book.address).await;
    let removed = keeper.push("removed").await;
    let told = (&removed["channel"], &removed["data"]["code"]);
    assert_eq!(told, (&json!(book.pages), &json!("not_found")), "the book is gone");
}

#[tokio::test]
async fn two_capabilities_do_not_share_a_name() {
    let mut hub = Registry::default();
    hub.channel_kind(ChannelKind::new("room", Operation::ChannelRead));
    let core = Core::unconnected(plenary::chat::archive).expect("a core");
    let refused = core.events.register(hub.events).expect_err("a second kind of that name");
    assert_eq!(refused.to_string(), "the kind of channels \"room\" is registered twice");
}
