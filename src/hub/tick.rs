//! The ticks: what changes often is told as totals, at most once a second and channel (every five
//! seconds in a crowd), and only where something has changed.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::{Channel, Hub};
use crate::id::ChannelId;

const TICK: Duration = Duration::from_secs(1);

pub(super) async fn run(hub: &Arc<Hub>, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => hub.tick(),
            () = hub.neighbours.opening() => hub.ask_about_opened(),
        }
    }
}

impl Hub {
    /// Something in the channel is to be told with the next tick.
    pub fn ticks(&self, channel: ChannelId) {
        self.ticking.lock().insert(channel);
    }

    /// Tells what has changed in the channels where something may have, and forgets those that are
    /// empty here, whoever is there on other nodes.
    pub fn tick(&self) {
        let now = self.clock.uptime();
        let ticking = std::mem::take(&mut *self.ticking.lock());
        for id in ticking {
            self.send_totals(id, now);
            let Some(channel) = self.open_channel(id) else { continue };
            self.update_peers(&channel, now);
            if channel.tick(now, |state| self.changed_totals(id, state)) {
                self.ticks(id);
            }
            let closes = |_: &ChannelId, channel: &Arc<Channel>| channel.close_if_empty(now);
            if channel.is_empty(now) && self.channels.remove_if(&id, closes).is_some() {
                self.interest.channel_closed(id);
            }
        }
        self.ask_again();
    }
}
