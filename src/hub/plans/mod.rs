//! Random plans against the hub: messages are sent and changed, what is delivered is lost, doubled
//! and reordered, clients come and go or stop reading, hubs are restarted. Those with several nodes
//! and the bus between them stand in `cluster/plans`.
//! Whatever happens, what each client has applied in the end equals a fresh snapshot, and every
//! client applied each number once and in order or was told to start again.
//!
//! A plan is made from its seed, so that a failing one can be played again.

pub(crate) mod client;
pub(crate) mod log;
mod one;

use std::future::Future;
use std::time::Duration;

use uuid::Uuid;

use crate::id::{ChannelId, EventId};

/// Where everything is said.
pub(crate) const CHANNEL: ChannelId = ChannelId(Uuid::from_u128(7));
/// Its event.
pub(crate) const EVENT: EventId = EventId(Uuid::nil());

/// Random steps, and what must hold after them.
pub(crate) trait Plan {
    /// The beginning; all that happens later follows from the seed.
    fn new(seed: u64) -> Self;

    /// Something happens.
    async fn step(&mut self);

    /// The faults end, and all is repaired.
    async fn settle(&mut self);

    /// Panics, with the seed, if something does not hold.
    fn check(&self, seed: u64);
}

/// Plays a plan of so many steps.
pub(crate) fn play_plan<P: Plan>(seed: u64, steps: usize) {
    play(async {
        let mut plan = P::new(seed);
        for _ in 0..steps {
            plan.step().await;
        }
        plan.settle().await;
        plan.check(seed);
    });
}

/// Waits until this is so, a minute of the plan's time at most.
pub(crate) async fn until(is_so: impl Fn() -> bool) {
    let waiting = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), waiting).await.expect("a repaired channel");
}

/// Plays in one thread, in a time that passes by itself when everybody waits.
pub(crate) fn play(plan: impl Future<Output = ()>) {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_time().start_paused(true).build().unwrap().block_on(plan);
}
