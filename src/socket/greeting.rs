//! The first frame of a connection, which must begin with a hello that is accepted.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt as _};
use tokio::time::timeout;

use super::connection::Connection;
use super::control::tell_roles;
use super::goodbye::{close_for, say_close};
use super::hello::{self, Greeted, Hello, Present};
use super::sockets::Sockets;
use crate::http::shares::Share;
use crate::hub::Lane;
use crate::protocol::{
    Close, CloseReason, Refusal, close_of, parse_data, parse_request, refusal_line, reply_line,
};
use crate::websocket::{Incoming, Receiver};

/// How long a client may take to send its hello.
const HELLO: Duration = Duration::from_secs(10);

/// How many pings and pongs may come before a hello.
const MAX_CONTROL_FRAMES: u32 = 8;

/// A connection whose hello was answered.
pub(super) struct Arrived {
    pub(super) connection: Arc<Connection>,
    pub(super) present: Present,
    /// The rest of the frame: clients send hello and joins in one.
    pub(super) requests: String,
}

/// Waits for the hello and answers it. `None` if the connection has ended. Boxed, because a
/// connection's task is as large as the largest future it ever awaits.
pub(super) fn greet<'a>(
    sockets: &'a Arc<Sockets>,
    receiver: &'a mut Receiver,
    secret: Option<String>,
    share: Share,
) -> BoxFuture<'a, Option<Box<Arrived>>> {
    async move { meet(sockets, receiver, secret.as_deref(), share).await }.boxed()
}

async fn meet(
    sockets: &Arc<Sockets>,
    receiver: &mut Receiver,
    secret: Option<&str>,
    share: Share,
) -> Option<Box<Arrived>> {
    let first = tokio::select! {
        first = timeout(HELLO, first_text(receiver)) => first,
        () = share.lost() => Ok(Err(Some(CloseReason::Full.into()))),
        // A connection without a hello is not waited for.
        () = sockets.core.lifecycle.stopping() => {
            let delay = sockets.core.lifecycle.reconnect_delay(&sockets.core.random);
            Ok(Err(Some(CloseReason::Draining(delay).into())))
        }
    };
    drop(share);
    let socket = Arc::clone(receiver.socket());
    let text = match first {
        Ok(Ok(text)) => text,
        Ok(Err(None)) => return None,
        Ok(Err(Some(close))) => {
            say_close(&socket, Vec::new(), &close).await;
            return None;
        }
        Err(_) => {
            // A slow network or a page that was frozen: it may try again.
            say_close(&socket, Vec::new(), &CloseReason::Silent.into()).await;
            return None;
        }
    };
    let line = text.lines().next().unwrap_or_default();
    let (id, answer) = answer(sockets, receiver, secret, line).await;
    match answer {
        Ok(greeted) => {
            let reply = reply_line(id.unwrap_or_default(), &greeted.welcome);
            let Greeted { connection, version, present, .. } = greeted;
            connection.member.outbox.push(Lane::Control, &reply);
            // What was told of a change meanwhile came before the welcome, which is older.
            if connection.event().version != version {
                tell_roles(&connection.event(), &connection.member, &connection.actor());
            }
            let requests = text[line.len()..].trim_start_matches(['\r', '\n']).to_owned();
            Some(Box::new(Arrived { connection, present, requests }))
        }
        Err(refusal) => {
            let close = Close {
                message: refusal.message.clone(),
                retry_after_ms: refusal.retry_after_ms,
                ..close_of(&refusal.code).into()
            };
            say_close(&socket, vec![refusal_line(id, &refusal)], &close).await;
            None
        }
    }
}

/// The first text; otherwise the reason to close the connection, or `None` if it is lost.
async fn first_text(receiver: &mut Receiver) -> Result<String, Option<Close>> {
    for _ in 0..=MAX_CONTROL_FRAMES {
        match receiver.receive().await {
            Ok(Some(Incoming::Text(text))) => return Ok(text),
            Ok(Some(Incoming::Ping(_) | Incoming::Pong)) => {}
            Ok(Some(Incoming::Binary(_))) => {
                return Err(Some(CloseReason::ProtocolViolation.into()));
            }
            Ok(Some(Incoming::Close(_)) | None) => return Err(None),
            Err(violation) => return Err(Some(close_for(violation))),
        }
    }
    Err(Some(CloseReason::Flood.into()))
}

async fn answer(
    sockets: &Arc<Sockets>,
    receiver: &Receiver,
    secret: Option<&str>,
    line: &str,
) -> (Option<u32>, Result<Greeted, Refusal>) {
    let request = match parse_request(line) {
        Ok(request) => request,
        Err(malformed) => return (malformed.id, Err(malformed.refusal)),
    };
    if request.op != "hello" {
        let refusal = Refusal::new("hello.required", "The first request must be hello.");
        return (Some(request.id), Err(refusal));
    }
    let greeted = async {
        hello::greet(sockets, secret, parse_data::<Hello>(request.data)?, receiver.socket()).await
    };
    (Some(request.id), greeted.await)
}
