//! One frame to many sockets: on all cores, without a lock, a little at a time.
//!
//! It writes from the publishing task: no queue, no wake-up. It holds a list of the members, no
//! lock; a large one is split over the cores and yields between batches, so that no answer waits
//! for a crowd.

use std::num::NonZero;
use std::ops::Range;
use std::sync::Arc;
use std::thread::available_parallelism;

use futures_util::future::join_all;
use metrics::counter;

use super::counted::LINES_SENT;
use super::member::Member;
use super::members::MemberList;
use super::outbox::Lane;
use crate::websocket::Frame;

/// Up to how many members are sent to at once, in the publishing task.
pub(super) const BATCH_SIZE: usize = 64;
/// How many members are sent to between yields. A yield costs as much as three members, and more
/// when another core takes over the task; this many take a millisecond or two.
const BETWEEN: usize = 256;
/// The minimum number of members per core: below it, splitting costs more than it saves.
const SHARE: usize = 512;

/// Sends to all, without yielding. For up to [`BATCH_SIZE`] members.
pub(super) fn tell(members: &[Arc<Member>], lane: Lane, frames: &[Frame]) {
    // Of thousands, most are in none of the processor's caches. Touched in a row, they are loaded
    // from memory in parallel; between two writes, each load would stall.
    members.iter().for_each(|member| member.outbox.prefetch());
    for member in members {
        for frame in frames {
            member.outbox.push(lane, frame);
        }
    }
    counter!(LINES_SENT).increment((members.len() * frames.len()) as u64);
}

/// Sends to all members; each gets the frames in order.
pub(super) async fn fan_out(members: MemberList, lane: Lane, frames: Arc<[Frame]>) {
    let cores = available_parallelism().map_or(1, NonZero::get);
    let share = members.len().div_ceil(cores).max(SHARE);
    let mut shares = (0..members.len()).step_by(share).map(|begin| begin..begin + share);
    let own = shares.next().unwrap_or(0..0);
    let others: Vec<_> = shares
        .map(|range| {
            let (members, frames) = (Arc::clone(&members), Arc::clone(&frames));
            tokio::spawn(async move { tell_share(&members, range, lane, &frames).await })
        })
        .collect();
    tell_share(&members, own, lane, &frames).await;
    // A share is aborted only with the process.
    join_all(others).await;
}

async fn tell_share(members: &[Arc<Member>], range: Range<usize>, lane: Lane, frames: &[Frame]) {
    let end = range.end.min(members.len());
    for some in members.get(range.start..end).unwrap_or_default().chunks(BETWEEN) {
        some.chunks(BATCH_SIZE).for_each(|few| tell(few, lane, frames));
        // Other answers must not wait for a crowd.
        tokio::task::yield_now().await;
    }
}
