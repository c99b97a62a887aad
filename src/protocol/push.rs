//! What the hub says unasked, encoded once for everybody it goes to.

use serde::Serialize;

use crate::id::ChannelId;
use crate::websocket::Frame;

/// Something that the hub says unasked: the data of a push, and its name.
pub trait Push: Serialize {
    /// The name on the wire.
    const NAME: &'static str;
}

/// The envelope of everything that the hub says unasked.
#[derive(Serialize)]
struct Envelope<'a, T> {
    push: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<ChannelId>,
    data: &'a T,
}

/// Encodes a push as a line, to go into one frame with others.
pub fn push_line<P: Push>(channel: Option<ChannelId>, data: &P) -> String {
    // It fails as `push_frame` does.
    serde_json::to_string(&Envelope { push: P::NAME, channel, data }).unwrap_or_default()
}

/// Encodes a push.
pub fn push_frame<P: Push>(channel: Option<ChannelId>, data: &P) -> Frame {
    // Only a map with keys that are no strings can fail, and no push has one.
    Frame::json(&Envelope { push: P::NAME, channel, data }).unwrap_or_else(|_| Frame::text(""))
}
