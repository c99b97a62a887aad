//! One frame to many sockets: on all cores, without a lock, a little at a time.
//!
//! It writes from the task that has the news: no queue, no wake-up. It holds a list of the members,
//! no lock; a large one is split over the cores and yields between batches, so that nobody's answer
//! waits for a crowd.

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

/// Up to how many members are told at once, in the task that has the news.
pub(super) const BATCH_SIZE: usize = 64;
/// How many members are told before others may go on. To give way costs as much as three members,
/// and more when another core takes the task over; this many take a millisecond or two.
const BETWEEN: usize = 256;
/// How many members a core gets at least: below it, handing over costs more than it saves.
const SHARE: usize = 512;

/// Tells everybody, without giving way. For [`BATCH_SIZE`] members.
pub(super) fn tell(members: &[Arc<Member>], lane: Lane, frames: &[Frame]) {
    // Of thousands, most are in none of the processor's caches. Looked at one after the other, they
    // come from memory at the same time; between two writes, each would be waited for.
    members.iter().for_each(|member| member.outbox.prefetch());
    for member in members {
        for frame in frames {
            member.outbox.push(lane, frame);
        }
    }
    counter!(LINES_SENT).increment((members.len() * frames.len()) as u64);
}

/// Tells everybody; each gets the frames in order.
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
    // A share ends early only when the process does.
    join_all(others).await;
}

async fn tell_share(members: &[Arc<Member>], range: Range<usize>, lane: Lane, frames: &[Frame]) {
    let end = range.end.min(members.len());
    for some in members.get(range.start..end).unwrap_or_default().chunks(BETWEEN) {
        some.chunks(BATCH_SIZE).for_each(|few| tell(few, lane, frames));
        // Somebody else's answer must not wait for a crowd.
        tokio::task::yield_now().await;
    }
}
