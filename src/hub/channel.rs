//! One channel on this node: its position, its recent items, its members.

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::{Notify, OnceCell};
use tokio::time::Instant;

use super::archive::ArchiveError;
use super::catch_up::{CatchUp, Joined};
use super::fan_out::{self, BATCH_SIZE, fan_out};
use super::member::Member;
use super::members::{MemberList, Members};
use super::outbox::Lane;
use super::presence::{Presence, PresentPerson};
use super::publication::{Item, Opened, Publication};
use super::recent::{Recent, RecentLimits};
use super::sequencer::{Offered, Sequencer};
use super::tempo::Tempo;
use super::totals::ChannelTotals;
use super::typing::Typing;
use crate::clock::Uptime;
use crate::id::{ChannelId, PersonId};
use crate::websocket::{Frame, Succession};

/// A channel in memory.
#[derive(Debug)]
pub struct Channel {
    pub(super) id: ChannelId,
    pub(super) opened: OnceCell<()>,
    pub(super) tempo: Tempo,
    pub(super) state: Mutex<State>,
    /// Pending publications were sent, so that there is room for more.
    pub(super) handed_out: Notify,
    /// The messages last sent to members. Only for the task that sends.
    pub(super) said: Mutex<Succession>,
    /// Another node has answered about its people.
    pub(super) answered: Notify,
}

/// Its state, behind a lock that is never held across an await.
#[derive(Debug)]
pub(super) struct State {
    pub(super) open: bool,
    /// It was removed from the map, and nobody may join it.
    pub(super) closed: bool,
    /// Why it could not be opened.
    pub(super) failed: Option<ArchiveError>,
    pub(super) sequencer: Sequencer,
    pub(super) recent: Recent,
    kept: BTreeMap<u64, Item>,
    count: u64,
    pub(super) members: Members,
    /// Pending publications, in order.
    pub(super) news: Vec<Arc<Publication>>,
    pub(super) news_bytes: usize,
    /// The position up to which members have been sent changes. New members start from there.
    pub(super) told: u64,
    /// Whether a task is sending: only one at a time, to keep the order.
    pub(super) handing_out: bool,
    pub(super) handed_out_at: Option<Instant>,
    /// When the last totals were sent.
    pub(super) totals_at: Option<Uptime>,
    pub(super) presence: Presence,
    pub(super) typing: Typing,
    pub(super) totals: ChannelTotals,
    /// Whether a gap is being repaired: by one task only.
    pub(super) repairing: bool,
    /// The highest known position.
    pub(super) announced: u64,
}

impl Channel {
    pub(super) fn new(
        id: ChannelId,
        limits: RecentLimits,
        tempo: Tempo,
        presence: Presence,
    ) -> Arc<Self> {
        let state = State {
            open: false,
            closed: false,
            failed: None,
            sequencer: Sequencer::default(),
            recent: Recent::new(limits),
            kept: BTreeMap::new(),
            count: 0,
            members: Members::default(),
            news: Vec::new(),
            news_bytes: 0,
            told: 0,
            handing_out: false,
            handed_out_at: None,
            totals_at: None,
            presence,
            typing: Typing::default(),
            totals: ChannelTotals::default(),
            repairing: false,
            announced: 0,
        };
        Arc::new(Self {
            id,
            opened: OnceCell::new(),
            tempo,
            state: Mutex::new(state),
            handed_out: Notify::new(),
            said: Mutex::default(),
            answered: Notify::new(),
        })
    }

    /// The position of the last change that has passed.
    pub fn head(&self) -> u64 {
        self.state.lock().sequencer.head()
    }

    /// How many messages the channel has had.
    pub fn count(&self) -> u64 {
        self.state.lock().count
    }

    /// The people present, by name; see [`Presence::page`].
    pub fn people(
        &self,
        cursor: Option<(String, PersonId)>,
        search: &str,
        limit: usize,
    ) -> (Vec<PresentPerson>, Option<(String, PersonId)>, usize) {
        let state = self.state.lock();
        let (people, next) = state.presence.page(cursor, search, limit);
        (people, next, state.presence.total())
    }

    pub(super) fn set_appearance(&self, member: &Arc<Member>) {
        self.state.lock().presence.set_appearance(member.person, &member.appearance());
    }

    /// Somebody is typing; sent with the next tick.
    pub fn typing(&self, person: PersonId, name: &str, now: Uptime) {
        self.state.lock().typing.start(person, name, now);
    }

    /// Somebody has sent what they were typing.
    pub fn typed(&self, person: PersonId) {
        self.state.lock().typing.stop(person);
    }

    /// Sends a frame to every member.
    pub fn push_to_members(&self, lane: Lane, frame: &Frame) {
        let members = self.members();
        if members.len() <= BATCH_SIZE {
            return fan_out::tell(&members, lane, std::slice::from_ref(frame));
        }
        tokio::spawn(fan_out(members, lane, [frame.clone()].into()));
    }

    /// The present members.
    pub(crate) fn members(&self) -> MemberList {
        self.state.lock().members.list()
    }

    pub(super) fn open(&self, opened: Opened) {
        let mut state = self.state.lock();
        state.open = true;
        state.count = opened.count;
        state.recent.load(opened.items, opened.complete);
        state.kept = opened.kept.into_iter().map(|item| (item.seq, item)).collect();
        // Newer publications that arrived while the archive was read wait in the sequencer.
        for publication in state.sequencer.start(opened.head) {
            state.take_in(&publication);
        }
        // Pending publications are included.
        state.news = Vec::new();
        state.news_bytes = 0;
        state.told = state.sequencer.head();
    }

    /// Adds a member, unless the channel was closed meanwhile. `archived` are the archive's changes
    /// after `after`, if they are no longer in memory.
    pub(super) fn join(
        &self,
        member: &Arc<Member>,
        after: Option<u64>,
        archived: Option<&CatchUp>,
    ) -> Option<Joined> {
        let mut state = self.state.lock();
        if state.closed {
            return None;
        }
        if state.members.insert(member) {
            state.presence.join(member.person, &member.appearance());
        }
        Some(Joined {
            changes: state.changes_for(after, archived),
            count: state.count,
            people: state.presence.total(),
            kept: state.kept.values().cloned().collect(),
        })
    }

    pub(super) fn leave(&self, member: &Arc<Member>, now: Uptime) {
        let mut state = self.state.lock();
        if state.members.remove(member.connection) {
            state.presence.leave(member.person, now);
            state.typing.stop(member.person);
        }
        drop(state);
        member.outbox.forget(self.id);
    }

    /// Takes in a publication and sends what is in order. True if there is a gap that is not being
    /// repaired yet: the caller must do so.
    pub(super) fn offer(self: &Arc<Self>, publication: &Arc<Publication>) -> bool {
        let mut state = self.state.lock();
        match state.sequencer.offer(publication) {
            Offered::Duplicate => false,
            Offered::Ready(ready) => {
                for publication in ready {
                    state.publish(publication);
                }
                let turn = state.take_turn(self.tempo);
                drop(state);
                if let Some(wait) = turn {
                    self.hand_out(wait);
                }
                false
            }
            Offered::Gap => state.begins_repair(),
        }
    }

    /// Whether it has no members on this node, and nobody's grace is running.
    pub(super) fn is_empty(&self, now: Uptime) -> bool {
        // Until it is open, the opening task takes care of it.
        self.opened.initialized() && self.state.lock().is_empty(now)
    }

    /// Closes the channel if it is empty, so that it can be dropped.
    pub(super) fn close_if_empty(&self, now: Uptime) -> bool {
        let mut state = self.state.lock();
        let empty = state.is_empty(now);
        state.closed |= empty;
        empty
    }
}

impl State {
    fn is_empty(&self, now: Uptime) -> bool {
        self.open && self.members.is_empty() && self.presence.is_over(now)
    }

    pub(super) fn take_in(&mut self, publication: &Publication) {
        self.count = self.count.max(publication.count);
        for item in &publication.items {
            if item.kept {
                self.kept.insert(item.seq, item.clone());
            } else {
                self.kept.remove(&item.seq);
            }
            self.recent.put(item.clone());
        }
    }
}
