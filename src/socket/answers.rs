//! Answers a frame's requests, one after the other.

use std::sync::Arc;

use futures_util::future::{BoxFuture, FutureExt as _};
use metrics::counter;

use super::connection::Connection;
use crate::hub::{LINES_SENT, Lane};
use crate::protocol::{FRAME_REQUESTS, Refusal, parse_request, refusal_line};
use crate::websocket::Frame;

/// How many bytes may be queued for the client before reading and answering requests pauses.
pub(super) const READ_PAUSE: usize = 64 * 1024;

/// Answers a frame's requests in order. Returns how many were refused by the rate limit.
pub(super) fn answer_lines(connection: Arc<Connection>, text: String) -> BoxFuture<'static, u32> {
    answer_each(connection, text).boxed()
}

async fn answer_each(connection: Arc<Connection>, text: String) -> u32 {
    let mut refused = 0;
    // Blank lines and empty frames count, too.
    for (index, line) in text.strip_suffix('\n').unwrap_or(&text).split('\n').enumerate() {
        // The answers to a frame may exceed what may be queued at once.
        connection.member.outbox.wait_for_capacity(READ_PAUSE).await;
        let frame = match take(&connection, index) {
            Ok(()) if line.trim().is_empty() => continue,
            Ok(()) => answer(&connection, line).await,
            Err(refusal) => {
                refused += 1;
                let id = parse_request(line).map_or_else(|bad| bad.id, |request| Some(request.id));
                refusal_line(id, &refusal)
            }
        };
        connection.member.outbox.push(Lane::Control, &frame);
        counter!(LINES_SENT).increment(1);
        if index >= FRAME_REQUESTS {
            // Otherwise a short compressed frame would be answered with megabytes.
            connection.flooded();
            break;
        }
    }
    refused
}

/// Counts the frame's next request.
fn take(connection: &Connection, index: usize) -> Result<(), Refusal> {
    if index < FRAME_REQUESTS {
        return connection.take_request();
    }
    let message = format!("A frame can hold {FRAME_REQUESTS} requests.");
    Err(Refusal::new("rate.limited", message).retry_after(1_000))
}

async fn answer(connection: &Arc<Connection>, line: &str) -> Frame {
    let (id, answering) = match parse_request(line) {
        Ok(request) => {
            let operations = &connection.sockets.operations;
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
