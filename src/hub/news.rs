//! Handing out a channel's news: one fan-out at a time, so that the order stays; what comes
//! meanwhile, or falls into a tick, goes together.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::channel::{Channel, State};
use super::fan_out::{self, BATCH_SIZE, fan_out};
use super::frame::changes_frames;
use super::members::MemberList;
use super::outbox::Lane;
use super::publication::Publication;
use super::tempo::Tempo;
use crate::websocket::Frame;

/// How many bytes of news may wait to be handed out.
const NEWS_BYTES: usize = 256 * 1024;

impl Channel {
    /// Waits until more news may come: whoever brings it must not be faster than the sockets.
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

    /// Hands out what waits: now when few are concerned, otherwise in a task of its own.
    pub(super) fn hand_out(self: &Arc<Self>, wait: Duration) {
        if wait.is_zero() && self.state.lock().members.len() <= BATCH_SIZE {
            while let Some((frames, members)) = self.next_news() {
                fan_out::tell(&members, Lane::Durable(self.id), &frames);
            }
            return;
        }
        let channel = Arc::clone(self);
        tokio::spawn(async move {
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

    /// Whether something waits to be handed out.
    pub(crate) fn has_news(&self) -> bool {
        !self.state.lock().news.is_empty()
    }

    /// The next frames and whom to tell; when there are none, somebody else may hand out again.
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

impl State {
    /// Takes the items in, to be handed out to the members.
    pub(super) fn publish(&mut self, publication: Arc<Publication>) {
        self.take_in(&publication);
        if self.members.is_empty() && self.news.is_empty() {
            self.told = publication.seq;
            return;
        }
        self.news_bytes += publication.bytes();
        self.news.push(publication);
    }

    /// For whoever is to hand out the news: how long to wait before, so that a tick passes between
    /// two fan-outs. `None` if there is none, or somebody is at it.
    pub(super) fn take_turn(&mut self, tempo: Tempo) -> Option<Duration> {
        if self.news.is_empty() || std::mem::replace(&mut self.handing_out, true) {
            return None;
        }
        let tick = tempo.tick(self.members.len());
        Some(self.handed_out_at.map_or(Duration::ZERO, |at| tick.saturating_sub(at.elapsed())))
    }
}
