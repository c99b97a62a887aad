//! A guest book: all that it brings, it registers. Its books are [`places`](super::places).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Json;
use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use futures_util::FutureExt as _;
use metrics::{counter, gauge};
use parking_lot::Mutex;
use plenary::config::Settings;
use plenary::core::Core;
use plenary::events::Part;
use plenary::finding::Finding;
use plenary::http::extract::InEvent;
use plenary::http::problem::Problem;
use plenary::hub::TotalKind;
use plenary::id::{ChannelId, RoomId};
use plenary::metrics::Metric;
use plenary::permission::{Operation, Target};
use plenary::protocol::Refusal;
use plenary::registry::Registry;
use plenary::socket::Connection;
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{command, places};

/// How many have signed the book of a channel.
const SIGNATURES: TotalKind = TotalKind::sum("signatures");

const SIGNED: &str = "plenary_guestbook_signatures";
const TURNED_AWAY: &str = "plenary_guestbook_turned_away_total";
/// What is counted of it.
const METRICS: &[Metric] = &[
    Metric::gauge(SIGNED, "How many have signed."),
    Metric::counter(TURNED_AWAY, "Those who were not in the room.").from_zero(),
];

/// The capability's own state.
#[derive(Clone, Debug, FromRef)]
pub struct GuestBook {
    pub core: Core,
    #[from_ref(skip)]
    book: Arc<Book>,
}

#[derive(Debug, Default)]
pub struct Book {
    pub signatures: AtomicU64,
    signed: Notify,
    pub counted: AtomicU64,
    pub rooms_changed: AtomicU64,
    pub left: AtomicU64,
    pub drained: AtomicU64,
    /// The rooms that its command has listed.
    pub listed: Mutex<Vec<RoomId>>,
}

/// Adds the guest book to the hub.
pub fn register(hub: &mut Registry, core: &Core, book: &Arc<Book>) {
    let state = GuestBook { core: core.clone(), book: Arc::clone(book) };
    places::register(hub, state.clone());
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
    hub.metrics(METRICS);
    let own = Arc::clone(book);
    hub.measure(move || {
        let signatures = u32::try_from(own.signatures.load(Ordering::SeqCst)).unwrap_or(u32::MAX);
        gauge!(SIGNED).set(f64::from(signatures));
    });
    let own = Arc::clone(book);
    hub.task("guestbook.count", move |stop| count(own, stop));
    let own = Arc::clone(book);
    hub.on_change(move |changed| {
        if changed.part == Some(Part::ROOMS) {
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
    command::register(hub, book);
}

fn finding(settings: &Settings) -> Finding {
    if settings.addresses.public_url.starts_with("https:") {
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

/// Asks for what others would hear of.
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
        counter!(TURNED_AWAY).increment(1);
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
