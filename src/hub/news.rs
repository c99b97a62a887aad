//! Sending a channel's pending publications: one fan-out at a time, to keep the order; those that
//! arrive meanwhile, or fall into one tick, are sent together.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::Instant;

use super::channel::{Channel, State};
use super::fan_out::{self, BATCH_SIZE, fan_out};
use super::frame::changes_frames;
use super::members::MemberList;
use super::outbox::Lane;
use super::publication::Publication;
use super::tempo::Tempo;
use crate::websocket::Frame;

/// How many bytes of publications may be pending.
const NEWS_BYTES: usize = 256 * 1024;

impl Channel {
    /// Waits until there is room for more: the log must not be faster than the sockets.
    pub(super) async fn wait_for_capacity(&self) {
        loop {
            let mut handed_out = std::pin::pin!(self.handed_out.notified());
            handed_out.as_mut().enable();
            if self.state.lock().news_bytes <= NEWS_BYTES {
                return;
            }
            handed_out.await;
        }
    }

    /// Sends what is pending: directly to few members, otherwise in a separate task.
    pub(super) fn hand_out(self: &Arc<Self>, wait: Duration) {
        let turn = Turn(Arc::clone(self));
        if wait.is_zero() && self.state.lock().members.len() <= BATCH_SIZE {
            while let Some((frames, members)) = self.next_news() {
                fan_out::tell(&members, Lane::Durable(self.id), &frames);
            }
            return;
        }
        tokio::spawn(async move {
            let channel = &turn.0;
            if !wait.is_zero() {
                tokio::time::sleep(wait).await;
            }
            while let Some((frames, members)) = channel.next_news() {
                let tick = channel.tempo.tick(members.len());
                let next = Instant::now() + tick;
                fan_out(members, Lane::Durable(channel.id), frames.into()).await;
                if channel.has_news() {
                    tokio::time::sleep_until(next).await;
                }
            }
        });
    }

    /// Whether anything is pending.
    pub(crate) fn has_news(&self) -> bool {
        !self.state.lock().news.is_empty()
    }

    /// The next frames and their recipients; without any, another task may send again.
    fn next_news(&self) -> Option<(Vec<Frame>, MemberList)> {
        let mut state = self.state.lock();
        let news = std::mem::take(&mut state.news);
        state.news_bytes = 0;
        self.handed_out.notify_waiters();
        let Some(last) = news.last() else {
            state.handing_out = false;
            return None;
        };
        state.told = last.seq;
        state.handed_out_at = Some(Instant::now());
        let members = state.members.list();
        drop(state);
        Some((changes_frames(self.id, &news, &mut self.said.lock()), members))
    }
}

/// Held by the sending task. If it panics, another task continues with what is pending, and
/// members who missed something notice it by the positions.
struct Turn(Arc<Channel>);

impl Drop for Turn {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            return;
        }
        let mut state = self.0.state.lock();
        state.handing_out = false;
        let turn = state.take_turn(self.0.tempo);
        drop(state);
        if let (Some(_), Ok(runtime)) = (turn, Handle::try_current()) {
            let channel = Arc::clone(&self.0);
            runtime.spawn(async move { channel.hand_out(Duration::ZERO) });
        }
    }
}

impl State {
    /// Takes in the items, to be sent to the members.
    pub(super) fn publish(&mut self, publication: Arc<Publication>) {
        self.take_in(&publication);
        if self.members.is_empty() && self.news.is_empty() {
            self.told = publication.seq;
            return;
        }
        self.news_bytes += publication.bytes();
        self.news.push(publication);
    }

    /// Takes the turn to send: returns how long to wait first, so that a tick passes between two
    /// fan-outs. `None` if nothing is pending, or another task is sending.
    pub(super) fn take_turn(&mut self, tempo: Tempo) -> Option<Duration> {
        if self.news.is_empty() || std::mem::replace(&mut self.handing_out, true) {
            return None;
        }
        let tick = tempo.tick(self.members.len());
        Some(self.handed_out_at.map_or(Duration::ZERO, |at| tick.saturating_sub(at.elapsed())))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::super::plans::client::member;
    use super::super::publication::Opened;
    use super::super::recent::RecentLimits;
    use super::super::{OutboxLimits, presence::Presence};
    use super::*;
    use crate::id::{ChannelId, ConnectionId, PersonId};

    fn publication(seq: u64) -> Arc<Publication> {
        let channel = ChannelId(Uuid::from_u128(1));
        let (items, mentions) = (Vec::new(), Vec::new());
        Arc::new(Publication { channel, after: seq - 1, seq, count: seq, items, mentions })
    }

    #[tokio::test(start_paused = true)]
    async fn a_panic_while_handing_out_leaves_the_turn_to_others() {
        let (id, limits) = (ChannelId(Uuid::from_u128(1)), RecentLimits::default());
        let channel = Channel::new(id, limits, Tempo::default(), Presence::default());
        channel.open(Opened::default());
        let (person, connection) = (PersonId(Uuid::from_u128(1)), ConnectionId(Uuid::from_u128(1)));
        channel
            .join(&member(person, connection, OutboxLimits::default()), None, None)
            .expect("open");

        {
            let mut state = channel.state.lock();
            state.publish(publication(1));
            assert!(state.take_turn(channel.tempo).is_some());
        }
        // Subscribed before anything happens, as notifications are not stored.
        let handed_out = channel.handed_out.notified();
        let turn = Turn(Arc::clone(&channel));
        let panicked = tokio::spawn(async move {
            let _turn = turn;
            panic!("at a fan-out");
        });
        panicked.await.expect_err("a panic");
        let handed_out = tokio::time::timeout(Duration::from_secs(1), handed_out);
        handed_out.await.expect("what waited is handed out");
        channel.offer(&publication(2));
        assert!(!channel.has_news(), "and so is what comes after it");
    }
}
