//! The task of a connection.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt, OptionFuture};
use metrics::{counter, gauge};
use tokio::time::{Instant, timeout_at};

use super::answers::{READ_PAUSE, answer_lines};
use super::connection::Connection;
use super::counted::{CONNECTIONS, ENDED};
use super::goodbye::{answer_close, close_for, say_close};
use super::greeting::Arrived;
use super::sockets::Sockets;
use crate::hub::{Flushed, Lane};
use crate::protocol::{Close, CloseReason};
use crate::websocket::{Frame, Incoming, Lost, Receiver, Socket};

/// How long a client may read nothing while something is queued for it.
const STALLED: Duration = Duration::from_secs(30);
/// How many refusals by the rate limit a client gets before it is disconnected.
const FLOOD: u32 = 200;

/// A connection in the gauge, whatever ends it.
struct Counted;

impl Counted {
    fn new() -> Self {
        gauge!(CONNECTIONS).increment(1);
        Self
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        gauge!(CONNECTIONS).decrement(1);
    }
}

/// Runs a connection from its hello to its end.
pub(super) async fn run(sockets: &Arc<Sockets>, receiver: &mut Receiver, arrived: Box<Arrived>) {
    let core = &sockets.core;
    let Arrived { connection, present, requests } = *arrived;
    let counted = Counted::new();
    if core.lifecycle.is_stopping() {
        // The drain has already planned the connections that were open before.
        let delay = core.lifecycle.reconnect_delay(&core.random);
        connection.member.outbox.close(CloseReason::Draining(delay).into());
    }
    let has_asked = !requests.trim().is_empty();
    let answering = has_asked.then(|| answer_lines(Arc::clone(&connection), requests));
    let session = Session { connection: &connection, receiver, refused: 0 };
    let ended = session.run(answering).await;
    sockets.left(&connection).await;
    // Fails only when the semaphore is closed, which never happens.
    let turn = sockets.teardowns.acquire().await;
    drop(present);
    let reason = ended.reason();
    drop(counted);
    counter!(ENDED, "reason" => reason).increment(1);
    tracing::debug!(connection = %connection.member.connection, reason, "ended");
    drop(connection);
    drop(turn);
    ended.say(Arc::clone(receiver.socket())).await;
}

/// How a connection ended.
enum Ended {
    /// The hub ends it.
    Closed(Close),
    /// The client closed it.
    Left(Option<u16>),
    /// The client is gone.
    Lost,
    /// The client has not read for so long that even a close frame would not reach it.
    Stalled,
}

impl Ended {
    fn reason(&self) -> &'static str {
        match self {
            Self::Closed(close) => close.reason,
            Self::Left(_) => "client.left",
            Self::Lost => "connection.lost",
            Self::Stalled => CloseReason::Slow.name(),
        }
    }

    fn say(self, socket: Arc<Socket>) -> BoxFuture<'static, ()> {
        async move {
            match self {
                Self::Closed(close) => say_close(&socket, Vec::new(), &close).await,
                Self::Left(code) => answer_close(&socket, code).await,
                Self::Lost | Self::Stalled => {}
            }
        }
        .boxed()
    }
}

struct Session<'a> {
    connection: &'a Arc<Connection>,
    receiver: &'a mut Receiver,
    refused: u32,
}

impl Session<'_> {
    /// Runs until the connection ends.
    async fn run(mut self, first_answers: Option<BoxFuture<'static, u32>>) -> Ended {
        let outbox = &self.connection.member.outbox;
        let mut answering = first_answers;
        loop {
            outbox.set_direct(answering.is_none());
            // Most answers are ready at once, and are written together with what is queued already.
            if let Some(answered) = answering.as_mut().and_then(FutureExt::now_or_never) {
                answering = None;
                self.answered(answered);
                continue;
            }
            let mut full = None;
            match outbox.flush() {
                Flushed::All => {}
                Flushed::Full(since) => full = Some(writable(self.receiver.socket(), since)),
                Flushed::Close(close) => return Ended::Closed(close),
                Flushed::Lost => return Ended::Lost,
            }
            let can_read = answering.is_none() && outbox.bytes() < READ_PAUSE;
            tokio::select! {
                biased;
                Some(answered) = OptionFuture::from(answering.as_mut()) => {
                    answering = None;
                    self.answered(answered);
                }
                Some(writable) = OptionFuture::from(full) => {
                    if let Err(ended) = writable {
                        return ended;
                    }
                }
                () = outbox.woken() => {}
                incoming = self.receiver.receive(), if can_read => match incoming {
                    Ok(Some(incoming)) => match self.take(incoming) {
                        Ok(answers) => answering = answers,
                        Err(ended) => return ended,
                    },
                    Ok(None) => return Ended::Lost,
                    Err(violation) => return Ended::Closed(close_for(violation)),
                },
            }
        }
    }

    /// Handles what the client sent; returns the answering future for requests.
    fn take(&mut self, incoming: Incoming) -> Result<Option<BoxFuture<'static, u32>>, Ended> {
        let member = &self.connection.member;
        member.heard();
        match incoming {
            Incoming::Text(text) => {
                let connection = Arc::clone(self.connection);
                return Ok(Some(answer_lines(connection, text)));
            }
            Incoming::Ping(_) | Incoming::Pong if self.connection.take_request().is_err() => {
                self.answered(1);
            }
            Incoming::Ping(payload) => member.outbox.push(Lane::Control, &Frame::pong(&payload)),
            Incoming::Pong => {}
            Incoming::Binary(_) => member.outbox.close(CloseReason::ProtocolViolation.into()),
            Incoming::Close(code) => return Err(Ended::Left(code)),
        }
        Ok(None)
    }

    /// All requests of a frame are answered, this many of them refused by the rate limit.
    fn answered(&mut self, refused: u32) {
        self.refused = if refused == 0 { 0 } else { self.refused + refused };
        if self.refused > FLOOD {
            self.connection.flooded();
        }
    }
}

/// Waits until the socket accepts more, at most as long as a client may read nothing. Boxed: only
/// slow clients need a timer.
fn writable(socket: &Arc<Socket>, since: Instant) -> BoxFuture<'static, Result<(), Ended>> {
    let socket = Arc::clone(socket);
    async move {
        match timeout_at(since + STALLED, socket.writable()).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(Lost)) => Err(Ended::Lost),
            Err(_) => Err(Ended::Stalled),
        }
    }
    .boxed()
}
