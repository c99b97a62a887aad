//! A throwaway capability: a guest book. Everything it brings, it registers, without any change
//! elsewhere. CONTRIBUTING.md uses it as its example.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Json;
use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use futures_util::FutureExt as _;
use plenary::clock::Clock;
use plenary::config::Settings;
use plenary::core::Core;
use plenary::doctor;
use plenary::events::Part;
use plenary::finding::{Finding, Weight};
use plenary::http::extract::InEvent;
use plenary::http::problem::Problem;
use plenary::hub::TotalKind;
use plenary::id::ChannelId;
use plenary::permission::{Operation, Target};
use plenary::protocol::Refusal;
use plenary::registry::Registry;
use plenary::socket::Connection;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::support::conference::Conference;
use crate::support::hub::{TestHub, settings, within};
use crate::support::temporary::TemporaryFolder;

/// How many have signed the book of a channel.
const SIGNATURES: TotalKind = TotalKind::sum("signatures");

/// The capability's own state.
#[derive(Clone, FromRef)]
struct GuestBook {
    core: Core,
    #[from_ref(skip)]
    book: Arc<Book>,
}

#[derive(Default)]
struct Book {
    signatures: AtomicU64,
    signed: Notify,
    counted: AtomicU64,
    rooms_changed: AtomicU64,
    left: AtomicU64,
    drained: AtomicU64,
}

/// Adds the guest book to the hub.
fn register(hub: &mut Registry, core: &Core, book: &Arc<Book>) {
    let state = GuestBook { core: core.clone(), book: Arc::clone(book) };
    hub.routes(OpenApiRouter::new().routes(routes!(read)).routes(routes!(write)), state.clone());
    let own = state;
    let context = move |connection: Arc<Connection>| (own.clone(), connection);
    hub.operations().with(context).add("guestbook.sign", sign);
    let own = Arc::clone(book);
    hub.welcome(move |_| {
        let signatures = own.signatures.load(Ordering::SeqCst);
        async move { Ok::<_, Refusal>(Welcome { signatures }) }
    });
    hub.total(SIGNATURES);
    let own = Arc::clone(book);
    hub.task("guestbook.count", move |stop| count(own, stop));
    let own = Arc::clone(book);
    hub.on_change(move |changed| {
        if changed.part == Some(Part::Rooms) {
            own.rooms_changed.fetch_add(1, Ordering::SeqCst);
        }
        std::future::ready(Ok(())).boxed()
    });
    let own = Arc::clone(book);
    hub.on_disconnect(move |_| {
        own.left.fetch_add(1, Ordering::SeqCst);
        std::future::ready(())
    });
    let own = Arc::clone(book);
    hub.ready(move || {
        (own.signatures.load(Ordering::SeqCst) > 1).then(|| "the book is full".into())
    });
    let own = Arc::clone(book);
    hub.drain(move || {
        own.drained.fetch_add(1, Ordering::SeqCst);
        std::future::ready(())
    });
    hub.doctor(|settings, _| std::future::ready(vec![finding(settings)]).boxed());
}

fn finding(settings: &Settings) -> Finding {
    if settings.public_url.starts_with("https:") {
        return Finding::fine("guestbook", "signatures are carried safely");
    }
    Finding::warning("guestbook", "signatures can be read on their way", "Set --public-url.")
}

#[derive(Serialize, ToSchema)]
struct Welcome {
    /// How many have signed.
    signatures: u64,
}

/// How many have signed.
#[utoipa::path(get, path = "/events/{slug}/guestbook", tag = "guestbook",
    operation_id = "read_guestbook", params(("slug" = String, Path)),
    responses((status = 200, body = Welcome)))]
async fn read(State(state): State<GuestBook>, in_event: InEvent) -> Result<Json<Welcome>, Problem> {
    in_event.may(Operation::EventRead, Target::EVENT)?;
    Ok(Json(Welcome { signatures: state.book.signatures.load(Ordering::SeqCst) }))
}

/// Requests something that would reach others.
#[utoipa::path(post, path = "/events/{slug}/guestbook", tag = "guestbook",
    operation_id = "write_guestbook", params(("slug" = String, Path)),
    responses((status = 204)))]
async fn write(in_event: InEvent) -> Result<StatusCode, Problem> {
    in_event.may(Operation::MessageSend, Target::EVENT)?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Sign {
    channel: ChannelId,
}

async fn sign(
    (state, connection): (GuestBook, Arc<Connection>),
    data: Sign,
) -> Result<Welcome, Refusal> {
    if !connection.member.is_in(data.channel) {
        return Err(Refusal::new("guestbook.not_here", "Enter the room before you sign its book."));
    }
    let signatures = state.book.signatures.fetch_add(1, Ordering::SeqCst) + 1;
    let set = state.core.hub.set_sum(data.channel, SIGNATURES, signatures);
    set.map_err(|error| Refusal::new("guestbook.full", error.to_string()))?;
    state.book.signed.notify_one();
    Ok(Welcome { signatures })
}

async fn count(book: Arc<Book>, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = book.signed.notified() => {
                book.counted.store(book.signatures.load(Ordering::SeqCst), Ordering::SeqCst);
            }
        }
    }
}

#[tokio::test]
async fn a_capability_plugs_in_by_what_it_registers() {
    let book = Arc::<Book>::default();
    let hub = TestHub::with_capability(|hub, core| register(hub, core, &book)).await;
    let mut camp = Conference::on(hub).await;
    let (ada, bob) = (camp.attendee("Ada").await, camp.attendee("Bob").await);
    let channel = camp.room.channel.clone();

    let (mut socket, welcome) = camp.greeted(&ada).await;
    assert_eq!(welcome["signatures"], 0, "its part of the welcome");
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
async fn the_doctor_runs_the_checks_that_a_capability_has_registered() {
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
