//! A capability that is thrown away again: a guest book. All that it brings, it registers, and
//! nothing else had to be touched. CONTRIBUTING.md takes it as its example.

mod book;
mod command;
mod places;
mod places_tests;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::http::StatusCode;
use plenary::clock::Clock;
use plenary::core::Core;
use plenary::doctor;
use plenary::finding::{Finding, Weight};
use plenary::registry::Registry;
use serde_json::json;

use crate::support::conference::Conference;
use crate::support::hub::{TestHub, settings, within};
use crate::support::temporary::TemporaryFolder;
use book::{Book, register};

#[tokio::test]
async fn a_capability_plugs_in_by_what_it_registers() {
    let book = Arc::<Book>::default();
    let hub = TestHub::with_capability(|hub, core| register(hub, core, &book)).await;
    places::make_tables(&hub).await;
    let mut camp = Conference::on(hub).await;
    let (ada, bob) = (camp.attendee("Ada").await, camp.attendee("Bob").await);
    let channel = camp.room.channel.clone();

    let (mut socket, welcome) = camp.greeted(&ada).await;
    assert_eq!(welcome["signatures"], 0, "its part of the welcome");
    let counted = async || camp.hub.operator().get("/metrics").await.text;
    let before = counted().await;
    assert!(before.contains("\nplenary_guestbook_turned_away_total 0\n"), "its counter: {before}");
    let outside = socket.ask("guestbook.sign", json!({ "channel": channel })).await;
    assert_eq!(outside, Err("guestbook.not_here".to_owned()), "its refusal");
    let (mut reader, _) = camp.joined(&bob, &channel).await;
    socket.ask("channel.join", json!({ "channel": channel })).await.expect("joined");
    let signed = socket.ask("guestbook.sign", json!({ "channel": channel })).await;
    assert_eq!(signed, Ok(json!({ "signatures": 1 })), "its operation");
    let total = reader.push_where(|push| push["data"]["totals"]["signatures"] == 1).await;
    assert_eq!(total["channel"], json!(channel), "its total: {total}");
    let read = bob.client.get("/api/v1/events/camp/guestbook").await.ok();
    assert_eq!(read, json!({ "signatures": 1 }), "its route");
    within(async {
        while book.counted.load(Ordering::SeqCst) != 1 {
            tokio::task::yield_now().await;
        }
    })
    .await;

    let room = format!("/api/v1/events/camp/rooms/{}", camp.room.id);
    let before = book.rooms_changed.load(Ordering::SeqCst);
    camp.organizer.client.patch(&room, json!({ "name": "The hall" })).await.ok();
    reader.push("event").await;
    assert_eq!(book.rooms_changed.load(Ordering::SeqCst), before + 1, "its change hook");
    socket.ask("guestbook.sign", json!({ "channel": channel })).await.expect("signed");
    let after = counted().await;
    for line in [
        "# HELP plenary_guestbook_signatures How many have signed.\n",
        "\nplenary_guestbook_signatures 2\n",
        "\nplenary_guestbook_turned_away_total 1\n",
    ] {
        assert!(after.contains(line), "its metrics: {line} in {after}");
    }
    let ready = camp.hub.operator().get("/readyz").await;
    assert!(ready.text.contains("the book is full"), "its readiness: {}", ready.text);

    drop(socket);
    within(async {
        while book.left.load(Ordering::SeqCst) != 1 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    camp.hub.stop().await;
    assert_eq!(book.drained.load(Ordering::SeqCst), 1, "its drain");
}

#[tokio::test]
async fn a_closed_event_is_read_only_over_rest_as_over_the_socket() {
    let book = Arc::<Book>::default();
    let hub = TestHub::with_capability(|hub, core| register(hub, core, &book)).await;
    places::make_tables(&hub).await;
    let mut camp = Conference::on(hub).await;
    let mut ada = camp.attendee("Ada").await;
    let address = "/api/v1/events/camp/guestbook";
    assert_eq!(ada.client.post(address, json!({})).await.status, StatusCode::NO_CONTENT);
    camp.organizer.client.patch("/api/v1/events/camp", json!({ "state": "closed" })).await.ok();
    let refused = ada.client.post(address, json!({})).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (403, "chat.read_only"));
    let staff = camp.organizer.client.post(address, json!({})).await;
    assert_eq!(staff.status, StatusCode::NO_CONTENT, "its staff writes on");
}

#[tokio::test]
async fn the_doctor_examines_what_a_capability_has_registered() {
    let core = Core::unconnected(plenary::chat::archive).expect("a core");
    let mut hub = Registry::default();
    register(&mut hub, &core, &Arc::default());
    let folder = TemporaryFolder::new();
    let examined = async |url: &str| {
        let settings = settings(&folder, &[&format!("--public-url={url}")]);
        let findings = doctor::examine(&settings, &Clock::System, &hub).await;
        findings.into_iter().filter(|finding| finding.part == "guestbook").collect::<Vec<_>>()
    };
    let warned = examined("http://conference.example").await;
    assert_eq!(warned.iter().map(|finding| finding.weight).collect::<Vec<_>>(), [Weight::Warning]);
    assert!(doctor::report(&warned).contains("→ Set --public-url."), "{warned:?}");
    let fine = examined("https://conference.example").await;
    assert_eq!(fine, [Finding::fine("guestbook", "signatures are carried safely")]);
}
