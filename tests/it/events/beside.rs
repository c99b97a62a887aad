//! Changes made by the command line take effect in a running hub.

use std::collections::HashSet;

use plenary::app::{self, App};
use plenary::clock::Clock;
use plenary::identity::roles::{self, NewGrant, Scope};
use plenary::moderation::Restrictions;
use plenary::people::registration;
use plenary::permission::Role;
use plenary::random::Random;
use serde_json::json;

use crate::support::conference::{Conference, message, open_direct};
use crate::support::hub::within;

#[tokio::test]
async fn a_role_granted_outside_the_hub_reaches_the_open_socket() {
    let camp = Conference::start().await;
    let ada = camp.attendee("Ada").await;
    let mut socket = camp.socket(&ada).await;
    let settings = camp.hub.app.settings.clone();
    let beside = App::open(settings, Clock::System, Random::System).await.expect("the database");
    let scope = Scope { event: Some(camp.event), room: None };
    let grant = NewGrant { person: ada.id, role: Role::Moderator, scope };
    roles::grant(&beside.identity, grant, None).await.expect("grant a role");
    // The hub reads the event again for this, before it checks for changes.
    let said = message(&camp.room.channel, "What am I now?");
    socket.ask("message.send", said).await.expect("sent");
    let told = within(socket.push("roles")).await;
    assert_eq!(told["data"]["roles"][0]["role"], "moderator");
}

#[tokio::test]
async fn a_registration_cancelled_outside_the_hub_ends_access_to_it() {
    let camp = Conference::start().await;
    let (ada, ben) = (camp.attendee("Ada").await, camp.attendee("Ben").await);
    let (mut ada_socket, mut ben_socket) = (camp.socket(&ada).await, camp.socket(&ben).await);
    let settings = camp.hub.app.settings.clone();
    let beside = App::open(settings, Clock::System, Random::System).await.expect("the database");
    let event = beside.events.by_id(camp.event).await.expect("an answer").expect("the event");
    let own = registration::of(&beside.db, event.id, ada.id).await.expect("an answer");
    let id = own.expect("a registration").id;
    registration::cancel(&beside, &event, id, ben.id).await.expect("cancelled");
    assert_eq!(within(ada_socket.ended()).await.0, 4201);
    ben_socket.ask("ping", serde_json::json!({})).await.expect("others stay");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_reads_an_event_as_the_hub_does() {
    let camp = Conference::start().await;
    let (ada, ben) = (camp.attendee("Ada").await, camp.attendee("Ben").await);
    open_direct(&mut camp.socket(&ada).await, ben.id).await;
    let ban = json!({ "person": ada.id, "reason": "Spam" });
    camp.socket(&camp.organizer).await.ask("moderation.ban", ban).await.expect("banned");
    let core = app::open_core(camp.hub.app.settings.clone()).await.expect("a core");
    let event = core.event("camp").await.expect("the event");
    assert_eq!(Restrictions::on(&event, ada.id).len(), 1, "what moderation adds to it is there");
    let kinds: HashSet<_> = event.channels.values().map(|channel| channel.kind.name()).collect();
    assert_eq!(kinds, HashSet::from(["announcements", "room", "staff"]));
}
