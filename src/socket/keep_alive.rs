//! What is done for every connection without waking its task: asking whether it is still there,
//! and, in a task of its own, sending it away when the hub stops.

use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::core::Core;
use crate::hub::{Lane, Member};
use crate::protocol::CloseReason;
use crate::websocket::Frame;

/// Every so many seconds a connection is asked whether it is there. The connections are spread over
/// as many slots, so that each second asks a part of them: a timing wheel with one timer.
const SLOTS: u64 = 25;
/// After so many pings without a sign of life a connection is given up.
const UNANSWERED: u8 = 2;

/// Asks whether connections are still there until it is told to stop.
pub async fn run(core: Core, stop: CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = ask_regularly(&core) => {}
    }
}

async fn ask_regularly(core: &Core) {
    let begin = Instant::now();
    let mut second = interval(Duration::from_secs(1));
    second.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut asked = 0;
    let ping = Frame::ping();
    loop {
        second.tick().await;
        let now = begin.elapsed().as_secs();
        // More than one when the machine was held up.
        let due = (now - asked).min(SLOTS);
        asked = now;
        let is_due = |member: &Member| {
            let slot = u64::from(member.connection.0.as_bytes()[15]) % SLOTS;
            (now + SLOTS - slot - 1) % SLOTS < due
        };
        for member in core.hub.connections_where(is_due) {
            if member.unanswered() >= UNANSWERED {
                member.outbox.close(CloseReason::Silent.into());
            } else {
                member.ask();
                member.outbox.push(Lane::Control, &ping);
            }
        }
    }
}

/// When the hub stops: closes one connection after the other, each at its moment of the drain.
pub async fn send_away(core: Core) {
    core.lifecycle.stopping().await;
    let begin = Instant::now();
    let leaving = core.hub.connections_where(|_| true);
    let farewells = core.lifecycle.farewells(leaving.len());
    for (farewell, member) in farewells.into_iter().zip(leaving) {
        sleep_until(begin + farewell.after).await;
        let come_back = core.lifecycle.come_back_from(farewell, &core.random);
        member.outbox.close(CloseReason::Draining(come_back).into());
    }
}
