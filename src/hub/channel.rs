//! One channel on this node: its position, its recent items, its members.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use metrics::counter;
use parking_lot::Mutex;
use tokio::sync::{Notify, OnceCell, Semaphore};
use tokio::time::Instant;

use super::fan_out::{self, AT_ONCE, fan_out};
use super::frame::push_frame;
use super::member::Member;
use super::members::{MemberList, Members};
use super::outbox::Lane;
use super::presence::{Presence, PresentPerson};
use super::publication::{Item, Opened, Publication};
use super::pushes::{Reset, Tick};
use super::recent::{Recent, RecentLimits};
use super::sequencer::{Offered, Sequencer};
use super::tempo::Tempo;
use super::typing::Typing;
use super::{Archive, CATCH_UP_ITEMS};
use crate::clock::Timestamp;
use crate::id::{ChannelId, PersonId};
use crate::metrics::REPAIRS;
use crate::websocket::{Frame, Succession};

/// How many items somebody gets who joins without a number.
pub(super) const NEWEST_ITEMS: usize = 50;
/// How long a hole may take to fill by itself before the archive is asked.
const HOLE_PATIENCE: Duration = Duration::from_millis(30);
/// How long to wait before the archive is asked again when it does not answer.
const ARCHIVE_RETRY: Duration = Duration::from_secs(1);

/// Changes for one reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatchUp {
    /// The number after which these changes come.
    pub after: u64,
    /// The number they reach.
    pub seq: u64,
    /// The items, by their numbers.
    pub items: Vec<Item>,
    /// Whether the reader must forget what it has and start again with these.
    pub reset: bool,
    /// Whether there are older items, when the reader starts.
    pub more: bool,
}

impl CatchUp {
    pub(super) fn of(publication: &Publication) -> Self {
        Self {
            after: publication.after,
            seq: publication.seq,
            items: publication.items.clone(),
            reset: false,
            more: false,
        }
    }

    /// The newest items of a channel, for a reader that must start again.
    pub(super) fn start_again(opened: Opened) -> Self {
        let mut recent = Recent::new(RecentLimits::default());
        recent.load(opened.items, opened.complete);
        let (items, more) = recent.newest(NEWEST_ITEMS);
        Self { after: 0, seq: opened.head, items, reset: true, more }
    }
}

/// What somebody gets who joins.
#[derive(Clone, Debug)]
pub struct Joined {
    /// The changes.
    pub changes: CatchUp,
    /// How many messages the channel has had.
    pub count: u64,
    /// How many people are there.
    pub people: usize,
    /// What is part of the channel's state however old it is.
    pub kept: Vec<Item>,
}

/// A channel in memory.
#[derive(Debug)]
pub struct Channel {
    pub(super) id: ChannelId,
    pub(super) opened: OnceCell<()>,
    pub(super) tempo: Tempo,
    pub(super) state: Mutex<State>,
    /// News has been handed out, so that there is room for more.
    pub(super) handed_out: Notify,
    /// What the members were told last. Only for whoever hands out.
    pub(super) said: Mutex<Succession>,
    /// Another node has said something of its people.
    pub(super) answered: Notify,
}

/// What is kept of it; changed under its lock, which nothing waits in.
#[derive(Debug)]
pub(super) struct State {
    open: bool,
    closed: bool,
    sequencer: Sequencer,
    recent: Recent,
    kept: BTreeMap<u64, Item>,
    count: u64,
    pub(super) members: Members,
    /// In order, and not handed out yet.
    pub(super) news: Vec<Arc<Publication>>,
    pub(super) news_bytes: usize,
    /// The number up to which the members have been told. Whoever joins is given what they know.
    pub(super) told: u64,
    /// Whether somebody is handing out news: only one at a time, so that the order stays.
    pub(super) handing_out: bool,
    pub(super) handed_out_at: Option<Instant>,
    /// When the last totals were told.
    totals_at: Option<Timestamp>,
    pub(super) presence: Presence,
    pub(super) typing: Typing,
    repairing: bool,
    /// The highest number somebody knows of.
    rumoured: u64,
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
            repairing: false,
            rumoured: 0,
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

    /// The number of the last change that has passed.
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

    pub(super) fn set_face(&self, member: &Arc<Member>) {
        self.state.lock().presence.set_face(member.person, &member.face());
    }

    /// Somebody is typing, as the next tick tells.
    pub fn typing(&self, person: PersonId, name: &str, now: Timestamp) {
        self.state.lock().typing.start(person, name, now);
    }

    /// Somebody has sent what they were typing.
    pub fn typed(&self, person: PersonId) {
        self.state.lock().typing.stop(person);
    }

    /// Tells every member.
    pub fn push_to_members(&self, lane: Lane, frame: &Frame) {
        let members = self.members();
        if members.len() <= AT_ONCE {
            return fan_out::tell(&members, lane, std::slice::from_ref(frame));
        }
        tokio::spawn(fan_out(members, lane, [frame.clone()].into()));
    }

    /// The members now, for what concerns some of them.
    pub(crate) fn members(&self) -> MemberList {
        self.state.lock().members.list()
    }

    pub(super) fn open(&self, opened: Opened) {
        let mut state = self.state.lock();
        state.open = true;
        state.count = opened.count;
        state.recent.load(opened.items, opened.complete);
        state.kept = opened.kept.into_iter().map(|item| (item.seq, item)).collect();
        // What came while the archive was read and is newer waits in the sequencer.
        for publication in state.sequencer.start(opened.head) {
            state.take_in(&publication);
        }
        // What was still to be told is in it.
        state.news = Vec::new();
        state.news_bytes = 0;
        state.told = state.sequencer.head();
    }

    /// Adds a member, unless the channel was closed meanwhile.
    pub(super) fn join(&self, member: &Arc<Member>, after: Option<u64>) -> Option<Joined> {
        let mut state = self.state.lock();
        if state.closed {
            return None;
        }
        if state.members.insert(member) {
            state.presence.join(member.person, &member.face());
        }
        Some(Joined {
            changes: state.changes_for(after),
            count: state.count,
            people: state.presence.total(),
            kept: state.kept.values().cloned().collect(),
        })
    }

    pub(super) fn leave(&self, member: &Arc<Member>, now: Timestamp) {
        let mut state = self.state.lock();
        if state.members.remove(member.connection) {
            state.presence.leave(member.person, now);
            state.typing.stop(member.person);
        }
        drop(state);
        member.outbox.forget(self.id);
    }

    pub(super) fn catch_up(&self, after: u64) -> Option<CatchUp> {
        let state = self.state.lock();
        if !state.open || after > state.sequencer.head() {
            return None;
        }
        let items = state.recent.after(after).filter(|items| items.len() <= CATCH_UP_ITEMS)?;
        let seq = state.sequencer.head();
        Some(CatchUp { after, seq, items, reset: false, more: false })
    }

    /// Takes a publication in and hands out what is in order. True when there is a hole that
    /// nobody repairs yet: the caller must.
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
            Offered::Hole => state.begins_repair(),
        }
    }

    /// Somebody knows of a change with this number. True when it is not here and nobody repairs yet:
    /// the caller must.
    pub(super) fn hear_of(&self, head: u64) -> bool {
        let mut state = self.state.lock();
        state.rumoured = state.rumoured.max(head);
        state.begins_repair()
    }

    /// Whether there is a hole that nobody repairs yet: the caller must.
    pub(super) fn begins_repair(&self) -> bool {
        self.state.lock().begins_repair()
    }

    /// Fills the hole from the archive: one read for the node, whatever the number of members.
    pub(super) async fn repair(self: &Arc<Self>, archive: &dyn Archive, turns: &Semaphore) {
        loop {
            tokio::time::sleep(HOLE_PATIENCE).await;
            // It fails only when the semaphore is closed, which it never is.
            let turn = turns.acquire().await;
            let Some(head) = self.hole() else { return };
            let read = archive.after(self.id, head, CATCH_UP_ITEMS).await;
            drop(turn);
            match read {
                Ok(Some(publication)) => {
                    counter!(REPAIRS).increment(1);
                    self.offer(&Arc::new(publication));
                    self.believe_archive();
                }
                Ok(None) => {
                    if let Ok(opened) = archive.open(self.id, CATCH_UP_ITEMS).await {
                        counter!(REPAIRS).increment(1);
                        self.start_again(opened);
                        self.believe_archive();
                    }
                }
                Err(error) => {
                    tracing::warn!(channel = %self.id, %error, "a hole could not be repaired yet");
                    tokio::time::sleep(ARCHIVE_RETRY).await;
                }
            }
        }
    }

    /// The number before the hole; without one, or without members, the repair is over.
    fn hole(&self) -> Option<u64> {
        let mut state = self.state.lock();
        let needed = state.has_hole();
        state.repairing = needed;
        needed.then(|| state.sequencer.head())
    }

    /// What the archive does not have is no hole, whoever knows of it.
    fn believe_archive(&self) {
        self.state.lock().rumoured = 0;
    }

    /// So much is missing that everybody has to start again.
    fn start_again(&self, opened: Opened) {
        self.open(opened);
        let frame = push_frame(Some(self.id), &Reset { reason: "channel.gap" });
        self.push_to_members(Lane::Durable(self.id), &frame);
    }

    /// Tells what has changed since the last tick. True when there is something to wait for.
    pub(super) fn tick(&self, now: Timestamp) -> bool {
        let mut state = self.state.lock();
        let wait = self.tempo.totals(state.members.len());
        if state.totals_at.is_some_and(|at| now.since(at) < wait) {
            return true;
        }
        let changes = state.presence.tick(now);
        let typing_changed = state.typing.tick(now);
        if changes.is_some() || typing_changed {
            let (joined, left) =
                changes.map_or_else(Default::default, |one| (one.joined, one.left));
            let tick = Tick {
                people: state.presence.total(),
                joined: joined.iter().map(|face| face.card.clone()).collect(),
                left,
                typing: state.typing.people(),
            };
            state.totals_at = Some(now);
            let waits = state.waits();
            drop(state);
            self.push_to_members(Lane::Totals(self.id), &push_frame(Some(self.id), &tick));
            return waits;
        }
        state.waits()
    }

    /// Whether nobody is in it any more on this node, and nobody's return is waited for.
    pub(super) fn is_empty(&self, now: Timestamp) -> bool {
        // Whoever opened it is about to join.
        self.opened.initialized() && self.state.lock().is_empty(now)
    }

    /// Closes the channel when it is empty, so that it can be forgotten.
    pub(super) fn close_if_empty(&self, now: Timestamp) -> bool {
        let mut state = self.state.lock();
        let empty = state.is_empty(now);
        state.closed |= empty;
        empty
    }

    /// Whether it never came to be open.
    pub(super) fn is_abandoned(&self) -> bool {
        let state = self.state.lock();
        !state.open && state.members.is_empty()
    }
}

impl State {
    fn is_empty(&self, now: Timestamp) -> bool {
        self.open && self.members.is_empty() && self.presence.is_over(now)
    }

    /// Whether the next tick may have something to tell, or an end to find.
    fn waits(&self) -> bool {
        self.members.is_empty() || self.presence.is_waiting() || self.typing.is_waiting()
    }

    fn has_hole(&self) -> bool {
        let behind = self.rumoured > self.sequencer.head();
        // Before it is open, everything is a hole, and opening fills it.
        self.open && !self.closed && (behind || self.sequencer.has_hole())
    }

    fn begins_repair(&mut self) -> bool {
        self.has_hole() && !std::mem::replace(&mut self.repairing, true)
    }

    /// Up to the number that the members have been told: what waits to be handed out reaches the
    /// new one, too.
    fn changes_for(&self, after: Option<u64>) -> CatchUp {
        let told = |items: Vec<Item>| -> Vec<Item> {
            items.into_iter().filter(|item| item.changed <= self.told).collect()
        };
        let known = after
            .filter(|after| *after <= self.sequencer.head())
            .and_then(|after| self.recent.after(after).map(|items| (after, told(items))))
            .filter(|(_, items)| items.len() <= CATCH_UP_ITEMS);
        if let Some((after, items)) = known {
            let seq = self.told.max(after);
            return CatchUp { after, seq, items, reset: false, more: false };
        }
        let (items, more) = self.recent.newest(NEWEST_ITEMS);
        CatchUp { after: 0, seq: self.told, items: told(items), reset: after.is_some(), more }
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
