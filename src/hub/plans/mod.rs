//! Random plans against the hub: messages are sent and changed, the bus drops, doubles and
//! reorders what rings, clients come and go or stop reading, hubs are restarted and cut off.
//! Whatever happens, what each client has applied in the end equals a fresh snapshot, and every
//! client applied each number once and in order or was told to start again.
//!
//! A plan is made from its seed, so that a failing one can be played again.

mod client;
mod crowd;
mod log;
mod node;
mod one;
mod several;

use std::future::Future;

use uuid::Uuid;

use crate::id::{ChannelId, EventId};

/// Where everything is said.
const CHANNEL: ChannelId = ChannelId(Uuid::from_u128(7));
/// Its event.
const EVENT: EventId = EventId(Uuid::nil());

/// Plays in one thread, in a time that passes by itself when everybody waits.
pub(super) fn play(plan: impl Future<Output = ()>) {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_time().start_paused(true).build().unwrap().block_on(plan);
}
