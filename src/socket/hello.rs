//! The first request of every connection: who the client is and which event it joins.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::{PartialSchema, ToSchema};

use super::connection::Connection;
use super::registry::{OperationInfo, Operations};
use super::sockets::Sockets;
use super::welcome::Welcomes;
use crate::clock::Timestamp;
use crate::core::Core;
use crate::events::EventState;
use crate::hub::{Member, Outbox, Owner};
use crate::id::{ConnectionId, LogId};
use crate::identity::{self, ChangeStamp, Who, ticket};
use crate::permission::{Denied, Grant, Level, Operation, Target};
use crate::protocol::{Card, CloseReason, FRAME_BYTES, Refusal};
use crate::websocket::Socket;
use serde_json::value::RawValue;

/// After how many milliseconds of silence a client should send `ping`.
const PING_AFTER_MS: u64 = 30_000;

/// A client's first request.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Hello {
    /// The event's slug.
    event: String,
    /// A ticket from `POST /api/v1/tickets`; not needed where the sign-in cookie was sent.
    #[serde(default)]
    ticket: Option<String>,
    /// The client's name and version, for the log.
    #[serde(default)]
    client: Option<String>,
}

/// The core's part of the answer to a hello; see [`Welcomes`] for the rest.
#[derive(Debug, Serialize, ToSchema)]
struct Welcome {
    connection: ConnectionId,
    /// The hub's time, by which clients correct their clock for countdowns.
    server_time: Timestamp,
    /// The version of the event, to compare with what the client has read over REST.
    version: u64,
    /// The log that the channels' positions belong to. A client sends it with a position it resumes
    /// from, so that the hub can see whether the position is still valid.
    log: LogId,
    person: Card,
    roles: Vec<Grant>,
    /// Whether the person can only read.
    read_only: bool,
    /// After how many milliseconds of silence to send `ping`.
    ping_after_ms: u64,
}

/// The limits of every connection.
#[derive(Debug, Serialize, ToSchema)]
struct Limits {
    frame_bytes: usize,
}

/// A connection registered in the hub. Dropping this removes it, however the connection ends, even
/// when its hello is abandoned half-way.
#[derive(Debug)]
pub(super) struct Present {
    core: Core,
    member: Arc<Member>,
}

impl Drop for Present {
    fn drop(&mut self) {
        self.core.hub.disconnect(&self.member);
    }
}

/// A connection whose hello was accepted.
#[derive(Debug)]
pub(super) struct Greeted {
    pub(super) connection: Arc<Connection>,
    /// The version of the event that the welcome is at, or an older one.
    pub(super) version: u64,
    pub(super) welcome: Box<RawValue>,
    pub(super) present: Present,
}

/// Adds the core's part of the answer to a hello.
pub(super) fn welcomes(welcomes: &mut Welcomes) {
    welcomes.add(welcome);
    welcomes.add_limits(&Limits { frame_bytes: FRAME_BYTES });
}

/// Describes the first request.
pub(super) fn describe(operations: &mut Operations, welcomes: &Welcomes) {
    let (answer, mut referred) = welcomes.schema();
    <Hello as ToSchema>::schemas(&mut referred);
    let info = OperationInfo { request: <Hello as PartialSchema>::schema(), answer, referred };
    operations.describe("hello", info, || {
        Refusal::new("hello.twice", "This connection has already sent hello.")
    });
}

/// Answers a hello: the connection and its welcome. `cookie` is the secret of the sign-in cookie.
pub(super) async fn greet(
    sockets: &Arc<Sockets>,
    cookie: Option<&str>,
    hello: Hello,
    socket: &Arc<Socket>,
) -> Result<Greeted, Refusal> {
    let core = &sockets.core;
    let who = match &hello.ticket {
        Some(ticket) => ticket::redeem(&core.identity, ticket).await?.map(Who::SignIn),
        None => cookie.map(|secret| Who::of_cookie(&core.identity, secret)),
    };
    let who = who.ok_or(Denied::SignIn)?;
    let not_found = || Refusal::not_found("event");
    let event = core.events.by_slug(&hello.event).await?.ok_or_else(not_found)?;
    let before = ChangeStamp::now(&core.identity, &event);
    let mut arrival =
        identity::arrive(&core.identity, event.id, who).await?.ok_or(Denied::SignIn)?;
    let sign_in = arrival.sign_in;
    if let Some(wait) = sockets.floods.wait(sign_in.person, core.clock.uptime()) {
        let millis = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        let flood = CloseReason::Flood;
        return Err(Refusal::new(flood.name(), flood.message()).retry_after(millis));
    }
    let member = Member::new(
        ConnectionId::new(core.clock.now(), &core.random),
        Owner {
            event: event.id,
            person: sign_in.person,
            sign_in: sign_in.id,
            guest: sign_in.guest,
        },
        arrival.appearance(&event)?,
        Outbox::new(sockets.outbox_limits, Some(Arc::clone(socket))),
    );
    core.hub.connect(&member).map_err(|_| {
        Refusal::new("hello.refused", "You have too many windows open. Close one and try again.")
    })?;
    let present = Present { core: core.clone(), member: Arc::clone(&member) };
    // Changes from now on find the connection. Changes while its person was looked up did not, so
    // then the person is looked up again.
    let event = core.events.known(event.id).unwrap_or(event);
    if ChangeStamp::now(&core.identity, &event) != before {
        let again = identity::arrive(&core.identity, event.id, Who::SignIn(sign_in.id)).await?;
        arrival = again.ok_or(Denied::SignIn)?;
        core.hub.set_appearance(&member, arrival.appearance(&event)?);
    }
    let actor = arrival.actor(&event);
    if event.state == EventState::Draft && actor.level(None) < Level::Organizer {
        return Err(not_found());
    }
    if let Err(denied) = actor.may(Operation::Connect, Target::EVENT, core.clock.now()) {
        return Err(sockets.refusal(&event, sign_in.person, denied).await?);
    }
    let version = event.version;
    let connection = Connection::new(Arc::clone(sockets), member, sign_in, event, actor);
    tracing::debug!(connection = %connection.member.connection, client = hello.client, "hello");
    let welcome = sockets.hooks.welcomes.welcome(&connection).await?;
    Ok(Greeted { connection, version, welcome, present })
}

async fn welcome(connection: Arc<Connection>) -> Result<Welcome, Refusal> {
    let event = connection.event();
    let actor = connection.actor();
    let read_only = event.is_read_only_for(&actor);
    connection.member.told_read_only(read_only);
    Ok(Welcome {
        connection: connection.member.connection,
        server_time: connection.now(),
        version: event.version,
        log: connection.core.installation.log,
        person: connection.card()?,
        roles: actor.grants.clone(),
        read_only,
        ping_after_ms: PING_AFTER_MS,
    })
}
