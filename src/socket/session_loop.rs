//! The one task of a connection.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use bytes::{Bytes, BytesMut};
use futures_util::future::{BoxFuture, FutureExt as _};
use metrics::{counter, gauge};
use tokio::time::{Instant, sleep_until, timeout};

use super::connection::Connection;
use super::hello::{self, Greeted, Hello};
use super::pushes::Closing;
use crate::app::App;
use crate::hub::{Close, Frame, Lane, Output, push_frame};
use crate::metrics::{CONNECTIONS, CONNECTIONS_ENDED, LINES_SENT};
use crate::protocol::{
    CloseReason, FRAME_BYTES, FRAME_REQUESTS, Refusal, parse_data, parse_request, refusal_line,
    reply_line,
};

/// How long a client may take for its hello.
const HELLO: Duration = Duration::from_secs(10);
/// How often the hub makes sure that the client is there. The first time comes earlier by a random
/// part, so that a thousand connections that came together are not asked together.
const PING: Duration = Duration::from_secs(25);
/// How long a write may take before the client counts as one that does not read.
const WRITE: Duration = Duration::from_secs(30);
/// How many bytes may wait for the client before no more requests are read.
const READ_PAUSE: usize = 64 * 1024;
/// How many refusals for asking too fast a client gets before it is sent away.
const FLOOD: u32 = 200;

/// Runs a connection from its upgrade to its end.
pub(super) async fn run(app: &Arc<App>, mut socket: WebSocket, secret: Option<String>) {
    let greeted = tokio::select! {
        greeted = timeout(HELLO, greet(app, &mut socket, secret)) => greeted,
        // Whoever has not said hello is not waited for.
        () = app.lifecycle.stopping() => {
            let delay = app.lifecycle.farewell(&app.random).come_back_after;
            Ok(Err(Some(CloseReason::Draining(delay).into())))
        }
    };
    let (greeted, rest) = match greeted {
        Ok(Ok(greeted)) => greeted,
        Ok(Err(Some(close))) => return say_close(&mut socket, Vec::new(), &close).await,
        Ok(Err(None)) => return,
        Err(_) => {
            return say_close(&mut socket, Vec::new(), &CloseReason::HelloRefused.into()).await;
        }
    };
    gauge!(CONNECTIONS).increment(1);
    let connection = &greeted.connection;
    let reason = Session { connection, socket: &mut socket, refused: 0 }.run(rest).await;
    drop(greeted.present);
    gauge!(CONNECTIONS).decrement(1);
    counter!(CONNECTIONS_ENDED, "reason" => reason).increment(1);
    tracing::debug!(connection = %connection.member.connection, reason, "ended");
}

/// Reads the first frame, which must begin with an accepted hello; what else it holds is handed
/// back: clients say hello and join in one frame. `Err(None)`: the client is gone.
async fn greet(
    app: &Arc<App>,
    socket: &mut WebSocket,
    secret: Option<String>,
) -> Result<(Greeted, String), Option<Close>> {
    let violation = || Some(Close::from(CloseReason::ProtocolViolation));
    let text = loop {
        match socket.recv().await {
            Some(Ok(Message::Text(text))) => break text,
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(Message::Binary(_))) => return Err(violation()),
            Some(Ok(Message::Close(_))) | None => return Err(None),
            Some(Err(error)) if is_lost(&error) => return Err(None),
            Some(Err(error)) => return Err(Some(close_for(&error))),
        }
    };
    let mut lines = text.split('\n');
    let first = lines.next().unwrap_or_default();
    let (id, answer) = match parse_request(first) {
        Err(malformed) => (malformed.id, Err(malformed.refusal)),
        Ok(request) if request.op != "hello" => {
            let refusal = Refusal::new("hello.required", "The first request must be hello.");
            (Some(request.id), Err(refusal))
        }
        Ok(request) => {
            let greeted = async {
                let cookie = hello::signed_in(app, secret.as_deref()).await?;
                hello::greet(app, cookie, parse_data::<Hello>(request.data)?).await
            };
            (Some(request.id), greeted.await)
        }
    };
    match answer {
        Ok(greeted) => {
            let reply = reply_line(id.unwrap_or_default(), &greeted.welcome);
            greeted.connection.member.outbox.push(Lane::Control, reply);
            Ok((greeted, text[first.len()..].to_owned()))
        }
        Err(refusal) => {
            let close = Close {
                message: refusal.message.clone(),
                retry_after_ms: refusal.retry_after_ms,
                ..close_for_hello(&refusal).into()
            };
            say_close(socket, vec![refusal_line(id, &refusal)], &close).await;
            Err(None)
        }
    }
}

fn close_for_hello(refusal: &Refusal) -> CloseReason {
    match refusal.code.as_ref() {
        "sign_in.required" => CloseReason::SignInEnded,
        "registration.required" => CloseReason::RegistrationEnded,
        "chat.banned" => CloseReason::Banned,
        "server.storage" => CloseReason::Draining(Duration::from_secs(2)),
        "request.malformed" | "hello.required" => CloseReason::ProtocolViolation,
        _ => CloseReason::HelloRefused,
    }
}

/// Whether the network failed, or the client went away without a word.
fn is_lost(error: &axum::Error) -> bool {
    let text = error.to_string();
    text.contains("IO error") || text.contains("without closing handshake")
}

/// What a broken read says of the client.
fn close_for(error: &axum::Error) -> Close {
    let text = error.to_string();
    if text.contains("too long") || text.contains("too big") {
        CloseReason::TooLarge.into()
    } else if text.to_lowercase().contains("utf-8") {
        CloseReason::InvalidText.into()
    } else {
        CloseReason::ProtocolViolation.into()
    }
}

struct Session<'a> {
    connection: &'a Arc<Connection>,
    socket: &'a mut WebSocket,
    refused: u32,
}

impl Session<'_> {
    /// Runs until the connection ends and says why.
    async fn run(mut self, first_requests: String) -> &'static str {
        let app = &self.connection.app;
        let outbox = &self.connection.member.outbox;
        let farewell = app.lifecycle.farewell(&app.random);
        let first_answers = answer_lines(Arc::clone(self.connection), first_requests).boxed();
        let mut answering: Option<BoxFuture<'static, u32>> = Some(first_answers);
        let jitter = u64::try_from(PING.as_millis() / 2).unwrap_or(0);
        let mut ping_at = Instant::now() + PING - Duration::from_millis(app.random.below(jitter));
        let mut heard_at = Instant::now();
        let mut leave_at: Option<Instant> = None;
        loop {
            let can_read = answering.is_none() && outbox.bytes() < READ_PAUSE;
            tokio::select! {
                biased;
                output = outbox.next() => {
                    if let Some(reason) = self.write(output).await {
                        return reason;
                    }
                }
                refused = finished(&mut answering) => {
                    answering = None;
                    self.refused = if refused == 0 { 0 } else { self.refused + refused };
                    if self.refused > FLOOD {
                        outbox.close(CloseReason::Flood.into());
                    }
                }
                () = app.lifecycle.stopping(), if leave_at.is_none() => {
                    leave_at = Some(Instant::now() + farewell.after);
                }
                () = sleep_until(leave_at.unwrap_or(ping_at)), if leave_at.is_some() => {
                    outbox.close(CloseReason::Draining(farewell.come_back_after).into());
                    leave_at = Some(Instant::now() + WRITE);
                }
                () = sleep_until(ping_at) => {
                    if heard_at.elapsed() > PING * 2 {
                        outbox.close(CloseReason::Silent.into());
                    } else if self.send(Message::Ping(Bytes::new())).await.is_err() {
                        return "connection.lost";
                    }
                    ping_at = Instant::now() + PING;
                }
                message = self.socket.recv(), if can_read => {
                    heard_at = Instant::now();
                    match message {
                        Some(Ok(Message::Text(text))) => {
                            let connection = Arc::clone(self.connection);
                            let text = text.as_str().to_owned();
                            answering = Some(answer_lines(connection, text).boxed());
                        }
                        Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                        Some(Ok(Message::Binary(_))) => {
                            outbox.close(CloseReason::ProtocolViolation.into());
                        }
                        Some(Ok(Message::Close(_))) | None => return "client.left",
                        Some(Err(error)) if is_lost(&error) => return "connection.lost",
                        Some(Err(error)) => {
                            let close = close_for(&error);
                            let reason = close.reason;
                            say_close(self.socket, Vec::new(), &close).await;
                            return reason;
                        }
                    }
                }
            }
        }
    }

    /// Writes what the outbox has. Answers with a reason when that was the end.
    async fn write(&mut self, output: Output) -> Option<&'static str> {
        match output {
            Output::Frames(frames) => {
                counter!(LINES_SENT).increment(frames.len() as u64);
                for text in joined(frames) {
                    if let Err(reason) = self.send(Message::Text(text)).await {
                        return Some(reason);
                    }
                }
                None
            }
            Output::Close(frames, close) => {
                say_close(self.socket, frames, &close).await;
                Some(close.reason)
            }
        }
    }

    async fn send(&mut self, message: Message) -> Result<(), &'static str> {
        match timeout(WRITE, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err("connection.lost"),
            // The client has not read for so long that not even a close frame would reach it.
            Err(_) => Err(CloseReason::Slow.name()),
        }
    }
}

/// Waits for the answers under way; for ever when there are none.
async fn finished(answering: &mut Option<BoxFuture<'static, u32>>) -> u32 {
    match answering {
        Some(answering) => answering.await,
        None => std::future::pending().await,
    }
}

/// Answers a frame's requests one after the other. Says how many were refused for coming too fast.
async fn answer_lines(connection: Arc<Connection>, text: String) -> u32 {
    let mut refused = 0;
    let lines = text.split('\n').filter(|line| !line.trim().is_empty());
    for (index, line) in lines.enumerate() {
        // A frame can ask for more than may wait at once.
        connection.member.outbox.room(READ_PAUSE).await;
        let frame = match take(&connection, index) {
            Ok(()) => answer(&connection, line).await,
            Err(refusal) => {
                refused += 1;
                let id = parse_request(line).map_or_else(|bad| bad.id, |request| Some(request.id));
                refusal_line(id, &refusal)
            }
        };
        connection.member.outbox.push(Lane::Control, frame);
    }
    refused
}

/// Counts the frame's next request.
fn take(connection: &Connection, index: usize) -> Result<(), Refusal> {
    if index < FRAME_REQUESTS {
        return connection.take_request();
    }
    let message = format!("A frame can hold {FRAME_REQUESTS} requests. Send the rest again.");
    Err(Refusal::new("rate.limited", message).retry_after(1_000))
}

async fn answer(connection: &Arc<Connection>, line: &str) -> Frame {
    let (id, answering) = match parse_request(line) {
        Ok(request) => {
            let operations = &connection.app.operations;
            let connection = Arc::clone(connection);
            (request.id, operations.answer(connection, request.id, &request.op, request.data))
        }
        Err(malformed) => return refusal_line(malformed.id, &malformed.refusal),
    };
    match answering.await {
        Ok(frame) => frame,
        Err(refusal) => refusal_line(Some(id), &refusal),
    }
}

/// Joins lines into as few frames as their size allows.
fn joined(frames: Vec<Frame>) -> Vec<Utf8Bytes> {
    let mut texts: Vec<BytesMut> = Vec::new();
    for frame in frames {
        match texts.last_mut() {
            Some(text) if text.len() + frame.len() < FRAME_BYTES => {
                text.extend_from_slice(b"\n");
                text.extend_from_slice(frame.bytes());
            }
            _ => texts.push(BytesMut::from(frame.bytes().as_ref())),
        }
    }
    texts.into_iter().filter_map(|text| Utf8Bytes::try_from(text.freeze()).ok()).collect()
}

/// Says why and ends the connection.
async fn say_close(socket: &mut WebSocket, frames: Vec<Frame>, close: &Close) {
    let closing = Closing {
        code: close.reason,
        message: close.message.clone(),
        retry_after_ms: close.retry_after_ms,
    };
    let mut lines = frames;
    lines.push(push_frame(None, &closing));
    let reason = match close.retry_after_ms {
        Some(millis) => format!("{} {millis}", close.reason),
        None => close.reason.to_owned(),
    };
    let goodbye = async {
        for text in joined(lines) {
            socket.send(Message::Text(text)).await?;
        }
        let frame = CloseFrame { code: close.code, reason: reason.into() };
        socket.send(Message::Close(Some(frame))).await?;
        // The client answers with its own close frame; whatever else it says is not read any more.
        while let Some(Ok(_)) = socket.recv().await {}
        Ok::<(), axum::Error>(())
    };
    // A client that is gone cannot be told.
    let _ = timeout(Duration::from_secs(3), goodbye).await;
}
