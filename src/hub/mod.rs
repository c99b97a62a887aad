//! The hub: channels with their sequence, recent messages and members; connections' outboxes;
//! presence. No HTTP, SQL, Redis or WebRTC in here, and no knowledge of any capability: channels
//! carry numbered [`Item`]s of ready-made JSON.
//!
//! A [`Publication`] is one committed group of changes. It passes the channel's [`sequencer`], is
//! kept in [`recent`], is encoded once together with whatever else falls into the [`tempo`]'s tick,
//! and is sent by a [`fan_out`] through every member's [`outbox`] to the sockets.

mod archive;
mod catch_up;
mod channel;
mod counted;
mod fan_out;
mod followers;
mod frame;
mod heads;
mod interest;
mod items;
mod member;
mod members;
mod news;
mod opening;
mod outbox;
mod peers;
mod people;
mod presence;
mod publication;
mod pushes;
mod recent;
mod repair;
mod sequencer;
mod tempo;
mod tick;
mod totals;
mod typing;

#[cfg(test)]
pub(crate) mod plans;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use dashmap::DashMap;
use metrics::gauge;
use parking_lot::Mutex;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::id::{ChannelId, PersonId};
use crate::websocket::Frame;

pub use archive::{Archive, ArchiveError};
pub use catch_up::{CATCH_UP_ITEMS, CatchUp, Joined};
pub use channel::Channel;
use channel::State;
pub(crate) use counted::LINES_SENT;
pub use counted::METRICS;
pub use followers::{Behind, Pointer};
pub use interest::{Interest, SingleNode};
pub use items::Items;
pub use member::{Appearance, Member, Owner};
pub use outbox::{Flushed, Lane, Outbox, OutboxLimits};
pub use peers::{
    NodeTotals, NodeTyping, PeerMessage, PeerSender, PersonAppearance, PresenceAnswer,
    PresenceChanges, PresenceRequest, PresenceSnapshot,
};
pub use people::PersonLimit;
pub use presence::PresentPerson;
pub use publication::{Item, Notice, Opened, Publication};
pub use pushes::{Reset, Tick, Totals, TypingPeople, Unread};
pub use recent::RecentLimits;
pub use tempo::Tempo;
pub use totals::{Counts, TotalError, TotalKind, TotalKinds, TotalParts, Versioned};

/// The bounds of the hub's memory.
#[derive(Clone, Copy, Debug)]
pub struct HubLimits {
    /// What a channel keeps in memory.
    pub recent: RecentLimits,
    /// How many connections a person may have open.
    pub connections_per_person: usize,
    /// How often a channel's changes are sent.
    pub tempo: Tempo,
}

impl Default for HubLimits {
    fn default() -> Self {
        let (recent, tempo) = (RecentLimits::default(), Tempo::default());
        Self { recent, connections_per_person: 16, tempo }
    }
}

/// The hub of one node.
pub struct Hub {
    archive: archive::Counted,
    interest: Arc<dyn Interest>,
    /// Limits concurrent repairs: after a while without a bus all channels may need one.
    repairs: Semaphore,
    clock: Clock,
    limits: HubLimits,
    channels: DashMap<ChannelId, Arc<Channel>>,
    people: people::People,
    peers: peers::Peers,
    followers: followers::Followers,
    totals: totals::HubTotals,
    ticking: Mutex<std::collections::HashSet<ChannelId>>,
    connections: AtomicUsize,
}

impl std::fmt::Debug for Hub {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Hub")
            .field("channels", &self.channels.len())
            .field("connections", &self.connections())
            .finish_non_exhaustive()
    }
}

impl Hub {
    /// An empty hub.
    pub fn new(
        archive: Arc<dyn Archive>,
        interest: Arc<dyn Interest>,
        clock: Clock,
        limits: HubLimits,
    ) -> Arc<Self> {
        Arc::new(Self {
            archive: archive::Counted(archive),
            interest,
            repairs: Semaphore::new(repair::REPAIRS),
            clock,
            limits,
            channels: DashMap::new(),
            people: people::People::default(),
            peers: peers::Peers::default(),
            followers: followers::Followers::default(),
            totals: totals::HubTotals::default(),
            ticking: Mutex::default(),
            connections: AtomicUsize::new(0),
        })
    }

    /// How many connections are open.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }

    /// Sets what is measured of the channels in memory.
    #[expect(clippy::cast_precision_loss, reason = "people stay far below 2⁵²")]
    pub fn measure(&self) {
        let present = self.channels.iter().map(|channel| channel.state.lock().presence.total());
        gauge!(counted::PRESENCE_PEOPLE).set(present.sum::<usize>() as f64);
    }

    /// How many channels are in memory.
    pub fn open_channels(&self) -> usize {
        self.channels.len()
    }

    /// Adds a connection.
    ///
    /// # Errors
    /// When the person has too many open already.
    pub fn connect(&self, member: &Arc<Member>) -> Result<(), PersonLimit> {
        self.people.add(member, self.limits.connections_per_person)?;
        self.connections.fetch_add(1, Ordering::Relaxed);
        self.interest.connected(member.event);
        Ok(())
    }

    /// Removes a connection; it leaves all its channels, its person after a grace.
    pub fn disconnect(&self, member: &Arc<Member>) {
        for channel in member.end() {
            self.leave_channel(channel, member);
        }
        if self.people.remove(member) {
            self.connections.fetch_sub(1, Ordering::Relaxed);
            self.interest.disconnected(member.event);
        }
        for channel in member.take_followed() {
            self.unfollow(channel, member.person);
        }
    }

    /// The open connections of a person, in every event.
    pub fn connections_of(&self, person: PersonId) -> Vec<Arc<Member>> {
        self.people.connections(person)
    }

    /// The open connections that match.
    pub fn connections_where(&self, wanted: impl Fn(&Member) -> bool) -> Vec<Arc<Member>> {
        self.people.all_where(wanted)
    }

    /// Changes how the person appears, in this connection and in its channels' lists.
    pub fn set_appearance(&self, member: &Arc<Member>, appearance: Appearance) {
        member.set_appearance(appearance);
        for channel in member.channels() {
            if let Some(channel) = self.open_channel(channel) {
                channel.set_appearance(member);
                self.ticks(channel.id);
            }
        }
    }

    /// Puts a frame into the outbox of every connection of a person in an event.
    pub fn push_to_person(&self, event: crate::id::EventId, person: PersonId, frame: &Frame) {
        for member in self.connections_of(person) {
            if member.event == event {
                member.outbox.push(Lane::Control, frame);
            }
        }
    }

    /// Removes the member from the channel.
    pub fn leave(&self, id: ChannelId, member: &Arc<Member>) {
        if member.remove_channel(id) {
            self.leave_channel(id, member);
        }
    }

    /// A channel that is in memory.
    pub fn open_channel(&self, id: ChannelId) -> Option<Arc<Channel>> {
        self.channels.get(&id).map(|channel| Arc::clone(&channel))
    }

    /// Takes in committed changes: sends them to the members in order, and notifies followers once.
    /// A gap is repaired from the archive, once, whatever the number of members. Waits while more
    /// has been taken in than the sockets can accept.
    pub async fn deliver(self: &Arc<Self>, publication: &Arc<Publication>) {
        if let Some(channel) = self.open_channel(publication.channel) {
            if channel.offer(publication) {
                self.repair(Arc::clone(&channel));
            }
            channel.wait_for_capacity().await;
        }
        if let Some(notice) = publication.notice() {
            self.notify_followers(&notice);
        }
    }

    /// A message was sent on another node: notifies followers of the channel, and reads the message
    /// from the archive if it does not arrive.
    pub fn receive_notice(self: &Arc<Self>, notice: &Notice) {
        self.receive_head(notice.channel, notice.seq);
        self.notify_followers(notice);
    }

    /// Runs the ticks until `stop` is cancelled.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) {
        tick::run(&self, stop).await;
    }

    fn leave_channel(&self, id: ChannelId, member: &Arc<Member>) {
        let Some(channel) = self.open_channel(id) else { return };
        channel.leave(member, self.clock.uptime());
        self.ticking.lock().insert(id);
    }
}
