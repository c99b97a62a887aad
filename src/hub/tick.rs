//! The ticks: frequently changing state is sent as totals, at most once a second per channel (every
//! five seconds in a crowd), and only if something has changed.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::Hub;
use super::channel::{Channel, State};
use super::member::Member;
use super::outbox::Lane;
use super::pushes::{Tick, Totals};
use super::totals::{TotalChanges, TotalKinds};
use crate::clock::Uptime;
use crate::id::ChannelId;
use crate::protocol::push_line;
use crate::websocket::Frame;

const TICK: Duration = Duration::from_secs(1);

pub(super) async fn run(hub: &Arc<Hub>, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => hub.tick(),
            () = hub.peers.opening() => hub.ask_about_opened(),
        }
    }
}

impl Hub {
    /// Includes the channel in the next tick.
    pub fn ticks(&self, channel: ChannelId) {
        self.ticking.lock().insert(channel);
    }

    /// Sends changed totals, and closes channels without members on this node.
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

impl Channel {
    /// Sends what has changed since the last tick, in one frame. True if the next tick has to
    /// include the channel, too.
    pub(super) fn tick(
        &self,
        now: Uptime,
        changed_totals: impl FnOnce(&mut State) -> TotalChanges,
    ) -> bool {
        let mut state = self.state.lock();
        let wait = self.tempo.totals(state.members.len());
        if state.totals_at.is_some_and(|at| now.since(at) < wait) {
            return true;
        }
        let tick = state.tick(now);
        let TotalChanges { mut kinds, totals } = changed_totals(&mut state);
        let mut lines = Vec::new();
        if let Some(tick) = tick {
            kinds = kinds.and(TotalKinds::PRESENCE);
            lines.push(push_line(Some(self.id), &tick));
        }
        if !totals.is_empty() {
            lines.push(push_line(Some(self.id), &Totals { totals }));
        }
        if !lines.is_empty() {
            state.totals_at = Some(now);
        }
        let waits = state.waits();
        drop(state);
        if !lines.is_empty() {
            let frame = Frame::text(&lines.join("\n"));
            self.push_to_members(Lane::Totals(self.id, kinds), &frame);
        }
        waits
    }

    /// Sends the totals to a new member.
    pub(super) fn tell_totals_to(&self, member: &Member) {
        if let Some(frame) = self.state.lock().totals.welcome(self.id) {
            member.outbox.push(Lane::Totals(self.id, TotalKinds::REGISTERED), &frame);
        }
    }
}

impl State {
    /// Presence and typing, if they have changed since the last tick.
    fn tick(&mut self, now: Uptime) -> Option<Tick> {
        let changes = self.presence.tick(now);
        let typing_changed = self.typing.tick(now);
        if changes.is_none() && !typing_changed {
            return None;
        }
        let (joined, left) = changes.map_or_else(Default::default, |one| (one.joined, one.left));
        Some(Tick {
            people: self.presence.total(),
            joined: joined.iter().map(|appearance| appearance.card.clone()).collect(),
            left,
            typing: self.typing.people(),
        })
    }

    /// Whether the next tick may have something to send, or to close.
    fn waits(&self) -> bool {
        self.members.is_empty() || self.presence.is_waiting() || self.typing.is_waiting()
    }
}
