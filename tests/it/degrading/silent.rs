//! The database falls silent on one connection, which stays open: whoever waits on it gives up after
//! a few seconds, and everybody else is served by the other connections.

use plenary::clock::Clock;
use plenary::permission::Role;
use serde_json::json;

use crate::support::conference::Conference;
use crate::support::databases::{TestDatabase, on_each_server};
use crate::support::hub::within;
use crate::support::proxy::{Proxy, Trap};
use crate::support::socket::Socket;

on_each_server!(
    one_silent_connection_does_not_keep_people_out,
    one_silent_connection_does_not_keep_bans_from_being_enforced,
);

/// A conference whose database is behind a proxy.
async fn behind_a_proxy(mut database: TestDatabase) -> (Conference, Proxy) {
    let (proxy, url) = Proxy::to_database(&database.url).await;
    database.url = url;
    (Conference::with(database, Clock::System).await, proxy)
}

async fn one_silent_connection_does_not_keep_people_out(database: TestDatabase) {
    let (camp, proxy) = behind_a_proxy(database).await;
    let (ada, bob) = (camp.attendee("Ada").await, camp.attendee("Bob").await);
    // Who has this sign-in is asked for everybody who comes, by one task.
    proxy.lay(Trap::Silence("s.token_hash IN"));
    let cookie = ada.client.cookie.as_deref();
    let mut socket = Socket::open(camp.address(), cookie).await.expect("a socket");
    let hello = within(socket.ask("hello", json!({ "event": "camp" }))).await;
    hello.expect_err("no answer of the database");
    assert!(!proxy.is_laid());
    within(camp.greeted(&bob)).await;
}

async fn one_silent_connection_does_not_keep_bans_from_being_enforced(database: TestDatabase) {
    let (camp, proxy) = behind_a_proxy(database).await;
    let (ada, bob) = (camp.attendee("Ada").await, camp.attendee("Bob").await);
    let channel = camp.room.channel.clone();
    let (mut listener, _) = camp.joined(&ada, &channel).await;
    let (_concerned, _) = camp.joined(&bob, &channel).await;
    let (mut organizer, _) = camp.joined(&camp.organizer, &channel).await;
    // What somebody is now is read again when a role has changed.
    let member = camp.hub.app.hub.connections_of(bob.id).remove(0);
    proxy.lay(Trap::SilenceAt(*member.sign_in.0.as_bytes()));
    camp.hub.grant(camp.event, bob.id, Role::Speaker, None).await;
    let ban = json!({ "person": ada.id, "reason": "Spam" });
    organizer.ask("moderation.ban", ban).await.expect("a ban");
    assert_eq!(listener.ended().await, (4_202, "moderation.banned".to_owned()));
    assert!(!proxy.is_laid());
}
