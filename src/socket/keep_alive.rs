//! What is done for all connections without waking their tasks: pinging them, and, in a separate
//! task, closing them when the hub stops.

use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::core::Core;
use crate::hub::{Lane, Member};
use crate::protocol::CloseReason;
use crate::websocket::Frame;

/// The ping interval in seconds. Connections are spread over as many slots, one of which is pinged
/// each second: a timing wheel with one timer.
const SLOTS: u64 = 25;
/// After how many unanswered pings a connection is closed.
const MAX_UNANSWERED: u8 = 2;

/// Pings connections until it is told to stop.
pub async fn run(core: Core, stop: CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = ping_regularly(&core) => {}
    }
}

async fn ping_regularly(core: &Core) {
    let begin = Instant::now();
    let mut second = interval(Duration::from_secs(1));
    second.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut asked = 0;
    let ping = Frame::ping();
    loop {
        second.tick().await;
        let now = begin.elapsed().as_secs();
        // More than one if the machine was stalled.
        let due = (now - asked).min(SLOTS);
        asked = now;
        let is_due = |member: &Member| {
            let slot = u64::from(member.connection.0.as_bytes()[15]) % SLOTS;
            (now + SLOTS - slot - 1) % SLOTS < due
        };
        for member in core.hub.connections_where(is_due) {
            if member.unanswered() >= MAX_UNANSWERED {
                member.outbox.close(CloseReason::Silent.into());
            } else {
                member.ask();
                member.outbox.push(Lane::Control, &ping);
            }
        }
    }
}

/// When the hub stops: closes the connections one by one, each at its moment of the drain.
pub async fn send_away(core: Core) {
    core.lifecycle.stopping().await;
    let begin = Instant::now();
    let leaving = core.hub.connections_where(|_| true);
    let planned_closes = core.lifecycle.planned_closes(leaving.len());
    for (planned, member) in planned_closes.into_iter().zip(leaving) {
        sleep_until(begin + planned.after).await;
        let reconnect_delay = core.lifecycle.reconnect_delay_after(planned, &core.random);
        member.outbox.close(CloseReason::Draining(reconnect_delay).into());
    }
}
