//! How a connection ends.

use std::time::Duration;

use super::pushes::Closing;

use crate::protocol::{Close, CloseReason, push_frame};
use crate::websocket::{Frame, Socket, Violation};

/// How long to wait for the client to close after a close frame.
const TIMEOUT: Duration = Duration::from_secs(3);

/// The close reason for a malformed message.
pub(super) fn close_for(violation: Violation) -> Close {
    match violation {
        Violation::TooLarge => CloseReason::TooLarge.into(),
        Violation::InvalidText => CloseReason::InvalidText.into(),
        Violation::Protocol(_) => CloseReason::ProtocolViolation.into(),
    }
}

/// Sends the reason and ends the connection.
pub(super) async fn say_close(socket: &Socket, mut frames: Vec<Frame>, close: &Close) {
    let closing = Closing {
        code: close.reason,
        message: close.message.clone(),
        retry_after_ms: close.retry_after_ms,
    };
    frames.push(push_frame(None, &closing));
    let reason = match close.retry_after_ms {
        Some(millis) => format!("{} {millis}", close.reason),
        None => close.reason.to_owned(),
    };
    frames.push(Frame::close(Some(close.code), &reason));
    socket.end(&frames, TIMEOUT).await;
}

/// Answers a client's close frame.
pub(super) async fn answer_close(socket: &Socket, code: Option<u16>) {
    socket.end(&[Frame::close(code, "")], TIMEOUT).await;
}
