//! A ready-made JSON line, encoded once for everybody it goes to.

use std::fmt::Write as _;

use bytes::Bytes;
use serde::Serialize;

use super::publication::Item;
use crate::id::ChannelId;

/// One JSON object on one line, without the line's end; cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame(Bytes);

impl Frame {
    /// A frame of a JSON text that holds no line break.
    pub fn new(json: String) -> Self {
        debug_assert!(!json.contains('\n'), "a frame is one line");
        Self(Bytes::from(json))
    }

    /// Its bytes, which are UTF-8.
    pub fn bytes(&self) -> &Bytes {
        &self.0
    }

    /// Its length in bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

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

/// Encodes a push.
pub fn push_frame<P: Push>(channel: Option<ChannelId>, data: &P) -> Frame {
    // Only a map with keys that are no strings can fail, and no push has one.
    let json = serde_json::to_string(&Envelope { push: P::NAME, channel, data });
    Frame::new(json.unwrap_or_default())
}

/// Encodes a channel's changes.
pub(super) fn changes_frame(channel: ChannelId, after: u64, seq: u64, items: &[Item]) -> Frame {
    let length: usize = items.iter().map(|item| item.json.len() + 1).sum();
    let mut json = String::with_capacity(length + 128);
    let _ = write!(
        json,
        r#"{{"push":"messages","channel":"{channel}","data":{{"after":{after},"seq":{seq},"messages":["#
    );
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            json.push(',');
        }
        json.push_str(&item.json);
    }
    json.push_str("]}}");
    Frame::new(json)
}
