//! A connection as the hub sees it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::outbox::Outbox;
use crate::id::{ChannelId, ConnectionId, EventId, PersonId, SignInId};

/// How a person appears to others, ready-made.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Appearance {
    /// The name they go by.
    pub name: String,
    /// Their card as JSON.
    pub card: Box<RawValue>,
    /// Whether they are listed; everyone is counted.
    pub listed: bool,
}

/// The owner of a connection.
#[derive(Clone, Copy, Debug)]
pub struct Owner {
    /// The event it is for.
    pub event: EventId,
    /// The person.
    pub person: PersonId,
    /// The sign-in that opened it.
    pub sign_in: SignInId,
    /// Whether the person is a read-only guest.
    pub guest: bool,
}

/// One open socket and its owner.
#[derive(Debug)]
pub struct Member {
    /// The connection.
    pub connection: ConnectionId,
    /// The event it is for.
    pub event: EventId,
    /// Whose it is.
    pub person: PersonId,
    /// The sign-in that opened it; its end ends the connection.
    pub sign_in: SignInId,
    /// Whether it is a read-only guest's.
    pub guest: bool,
    /// The frames waiting to be written to it.
    pub outbox: Outbox,
    registered: AtomicBool,
    administrator: AtomicBool,
    /// Whether the person was told that they can only read: 0 for not yet, 1 for no, 2 for yes.
    told_read_only: AtomicU8,
    /// How many pings were sent since anything was received.
    unanswered: AtomicU8,
    appearance: Mutex<Arc<Appearance>>,
    places: Mutex<Places>,
}

/// The channels of a connection: few, so that a linear search is fastest.
#[derive(Debug, Default)]
struct Places {
    joined: Vec<ChannelId>,
    followed: Vec<ChannelId>,
    /// It has ended, and joins no more channels.
    ended: bool,
}

impl Member {
    /// A connection without channels.
    pub fn new(
        connection: ConnectionId,
        owner: Owner,
        appearance: Appearance,
        outbox: Outbox,
    ) -> Arc<Self> {
        Arc::new(Self {
            connection,
            event: owner.event,
            person: owner.person,
            sign_in: owner.sign_in,
            guest: owner.guest,
            registered: AtomicBool::new(false),
            administrator: AtomicBool::new(false),
            told_read_only: AtomicU8::new(0),
            unanswered: AtomicU8::new(0),
            outbox,
            appearance: Mutex::new(Arc::new(appearance)),
            places: Mutex::default(),
        })
    }

    /// Something was received from it.
    pub fn heard(&self) {
        self.unanswered.store(0, Ordering::Relaxed);
    }

    /// A ping is sent to it.
    pub fn ask(&self) {
        self.unanswered.fetch_add(1, Ordering::Relaxed);
    }

    /// How many pings were sent since anything was received.
    pub fn unanswered(&self) -> u8 {
        self.unanswered.load(Ordering::Relaxed)
    }

    /// How the person appears to others.
    pub fn appearance(&self) -> Arc<Appearance> {
        Arc::clone(&self.appearance.lock())
    }

    /// Changes how the person appears.
    pub(super) fn set_appearance(&self, appearance: Appearance) {
        *self.appearance.lock() = Arc::new(appearance);
    }

    /// Whether the person has a confirmed registration.
    pub fn is_registered(&self) -> bool {
        self.registered.load(Ordering::Relaxed)
    }

    /// The person's registration was confirmed or cancelled.
    pub fn set_registered(&self, registered: bool) {
        self.registered.store(registered, Ordering::Relaxed);
    }

    /// Notes what the person is told: whether they can only read.
    pub fn told_read_only(&self, read_only: bool) {
        self.told_read_only.store(1 + u8::from(read_only), Ordering::Relaxed);
    }

    /// Whether the person was told the opposite.
    pub fn was_told_otherwise(&self, read_only: bool) -> bool {
        self.told_read_only.load(Ordering::Relaxed) == 1 + u8::from(!read_only)
    }

    /// Whether the person organizes the whole installation.
    pub fn is_administrator(&self) -> bool {
        self.administrator.load(Ordering::Relaxed)
    }

    /// The person became, or ceased to be, an organizer of the installation.
    pub fn set_administrator(&self, administrator: bool) {
        self.administrator.store(administrator, Ordering::Relaxed);
    }

    /// The channels it has joined.
    pub fn channels(&self) -> Vec<ChannelId> {
        self.places.lock().joined.clone()
    }

    /// Whether it has joined this channel.
    pub fn is_in(&self, channel: ChannelId) -> bool {
        self.places.lock().joined.contains(&channel)
    }

    /// False if the connection has ended.
    pub(super) fn add_channel(&self, channel: ChannelId) -> bool {
        let mut places = self.places.lock();
        if !places.ended {
            add(&mut places.joined, channel);
        }
        !places.ended
    }

    pub(super) fn remove_channel(&self, channel: ChannelId) -> bool {
        remove(&mut self.places.lock().joined, channel)
    }

    /// The connection ends; returns the channels that it has to leave.
    pub(super) fn end(&self) -> Vec<ChannelId> {
        let mut places = self.places.lock();
        places.ended = true;
        std::mem::take(&mut places.joined)
    }

    /// The channels that it follows.
    pub fn followed(&self) -> Vec<ChannelId> {
        self.places.lock().followed.clone()
    }

    pub(super) fn remove_followed(&self, channel: ChannelId) -> bool {
        remove(&mut self.places.lock().followed, channel)
    }

    pub(super) fn is_following(&self, channel: ChannelId) -> bool {
        self.places.lock().followed.contains(&channel)
    }

    /// False if the connection has ended.
    pub(super) fn add_followed(&self, channel: ChannelId) -> bool {
        let mut places = self.places.lock();
        if !places.ended {
            add(&mut places.followed, channel);
        }
        !places.ended
    }

    pub(super) fn take_followed(&self) -> Vec<ChannelId> {
        std::mem::take(&mut self.places.lock().followed)
    }
}

fn add(channels: &mut Vec<ChannelId>, channel: ChannelId) {
    if !channels.contains(&channel) {
        // One by one: most connections are in one or two.
        channels.reserve_exact(1);
        channels.push(channel);
    }
}

fn remove(channels: &mut Vec<ChannelId>, channel: ChannelId) -> bool {
    let place = channels.iter().position(|other| *other == channel);
    place.map(|place| channels.swap_remove(place)).is_some()
}
