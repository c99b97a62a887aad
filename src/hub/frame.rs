//! A channel's changes, encoded once for all recipients.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use super::publication::{Item, Publication};
use crate::id::ChannelId;
use crate::websocket::{Frame, Succession};

/// How many bytes of items go into one frame, as far as they can be split.
const FRAME_BYTES: usize = 32 * 1024;

/// Encodes the pending changes of a channel in as few frames as possible. An item that changed more
/// than once is sent once, in its present state.
pub(super) fn changes_frames(
    channel: ChannelId,
    news: &[Arc<Publication>],
    said: &mut Succession,
) -> Vec<Frame> {
    let mut frames = Vec::new();
    let mut items: BTreeMap<u64, &Item> = BTreeMap::new();
    let mut after = news.first().map_or(0, |first| first.after);
    let mut bytes = 0;
    for (index, publication) in news.iter().enumerate() {
        bytes += publication.bytes();
        items.extend(publication.items.iter().map(|item| (item.seq, item)));
        let is_last = index + 1 == news.len();
        if is_last || bytes + news[index + 1].bytes() > FRAME_BYTES {
            let told = std::mem::take(&mut items);
            let told = told.values().copied();
            frames.push(said.text(&changes(channel, after, publication.seq, told)));
            (after, bytes) = (publication.seq, 0);
        }
    }
    frames
}

fn changes<'a>(
    channel: ChannelId,
    after: u64,
    seq: u64,
    items: impl Iterator<Item = &'a Item>,
) -> String {
    let mut json = String::with_capacity(4 * 1024);
    let _ = write!(
        json,
        r#"{{"push":"messages","channel":"{channel}","data":{{"after":{after},"seq":{seq},"messages":["#
    );
    for (index, item) in items.enumerate() {
        if index > 0 {
            json.push(',');
        }
        json.push_str(item.json.get());
    }
    json.push_str("]}}");
    json
}
