//! Pushes, each encoded once for all its recipients.

use serde::Serialize;

use crate::id::ChannelId;
use crate::websocket::Frame;

/// The data of a push, and its name.
pub trait Push: Serialize {
    /// The name on the wire.
    const NAME: &'static str;
}

/// The envelope of every push.
#[derive(Serialize)]
struct Envelope<'a, T> {
    push: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<ChannelId>,
    data: &'a T,
}

/// Encodes a push as a line, to be put into one frame with others.
pub fn push_line<P: Push>(channel: Option<ChannelId>, data: &P) -> String {
    // Fails as `push_frame` does.
    serde_json::to_string(&Envelope { push: P::NAME, channel, data }).unwrap_or_default()
}

/// Encodes a push.
pub fn push_frame<P: Push>(channel: Option<ChannelId>, data: &P) -> Frame {
    // Only a map with keys other than strings can fail, and no push has one.
    Frame::json(&Envelope { push: P::NAME, channel, data }).unwrap_or_else(|_| Frame::text(""))
}
