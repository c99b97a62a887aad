//! Openings that fail and joins that are cancelled half-way, at each await point.

use std::sync::atomic::{AtomicBool, AtomicIsize, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, join_all};
use parking_lot::Mutex;
use serde_json::value::RawValue;
use tokio::task::yield_now;
use tokio::time::sleep;
use uuid::Uuid;

use crate::clock::{Clock, Timestamp};
use crate::hub::peers::{PeerMessage, PeerSender};
use crate::hub::{
    Appearance, Archive, ArchiveError, Hub, HubLimits, Interest, Item, Joined, Member, Opened,
    Outbox, OutboxLimits, Owner, Publication,
};
use crate::id::{ChannelId, ConnectionId, EventId, NodeId, PersonId, SignInId};

const CHANNEL: ChannelId = ChannelId(Uuid::from_u128(7));
/// The position of the channel's last change; memory contains nothing before it.
const HEAD: u64 = 10;

/// An archive that yields before it answers, and fails on request.
#[derive(Default)]
struct SlowArchive {
    fails_to_open: AtomicBool,
    fails_to_read: AtomicBool,
}

fn item(seq: u64) -> Item {
    let json = RawValue::from_string(seq.to_string()).unwrap().into();
    Item { seq, changed: seq, kept: false, json }
}

fn publication(after: u64, seq: u64) -> Publication {
    let items = (after + 1..=seq).map(item).collect();
    Publication { channel: CHANNEL, after, seq, count: seq, items, mentions: Vec::new() }
}

fn unavailable() -> ArchiveError {
    ArchiveError::Unavailable("for a while".to_owned())
}

impl Archive for SlowArchive {
    fn open(&self, _: ChannelId, _: usize) -> BoxFuture<'_, Result<Opened, ArchiveError>> {
        async move {
            yield_now().await;
            if self.fails_to_open.swap(false, Ordering::Relaxed) {
                return Err(unavailable());
            }
            let (head, items) = (HEAD, vec![item(HEAD)]);
            Ok(Opened { head, count: HEAD, items, complete: false, kept: Vec::new() })
        }
        .boxed()
    }

    fn after(
        &self,
        _: ChannelId,
        after: u64,
        _: usize,
    ) -> BoxFuture<'_, Result<Option<Publication>, ArchiveError>> {
        async move {
            yield_now().await;
            if self.fails_to_read.load(Ordering::Relaxed) {
                return Err(unavailable());
            }
            Ok(Some(publication(after, HEAD)))
        }
        .boxed()
    }

    fn heads(
        &self,
        _: Vec<ChannelId>,
    ) -> BoxFuture<'_, Result<Vec<(ChannelId, u64)>, ArchiveError>> {
        std::future::ready(Ok(Vec::new())).boxed()
    }
}

/// Counts the channels of interest.
#[derive(Default)]
struct CountedInterest(AtomicIsize);

impl Interest for CountedInterest {
    fn channel_opens(&self, _: ChannelId) -> BoxFuture<'static, ()> {
        self.0.fetch_add(1, Ordering::Relaxed);
        yield_now().boxed()
    }

    fn channel_closed(&self, _: ChannelId) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }

    fn connected(&self, _: EventId) {}

    fn disconnected(&self, _: EventId) {}
}

/// Another node that never answers.
struct Silent;

impl PeerSender for Silent {
    fn send_to_channel(&self, _: ChannelId, _: PeerMessage) {}

    fn send_to_node(&self, _: NodeId, _: PeerMessage) {}
}

/// A hub with an archive and an interest that yield, and another node that does not answer.
pub(in crate::hub) struct Stage {
    archive: Arc<SlowArchive>,
    interest: Arc<CountedInterest>,
    clock: Clock,
    pub(in crate::hub) hub: Arc<Hub>,
    people: Mutex<u128>,
    connections: Mutex<u128>,
}

impl Stage {
    pub(in crate::hub) fn new() -> Self {
        let (archive, interest) = (Arc::<SlowArchive>::default(), Arc::default());
        let clock = Clock::manual(Timestamp(0));
        let hub = Hub::new(
            Arc::clone(&archive) as Arc<dyn Archive>,
            Arc::clone(&interest) as Arc<dyn Interest>,
            clock.clone(),
            HubLimits::default(),
        );
        hub.set_peer_sender(Arc::new(Silent));
        hub.node_came(NodeId(Uuid::from_u128(1)));
        let (people, connections) = Default::default();
        Self { archive, interest, clock, hub, people, connections }
    }

    pub(in crate::hub) fn connect(&self) -> Arc<Member> {
        *self.people.lock() += 1;
        self.connect_again()
    }

    /// One more connection of the person who came last.
    pub(in crate::hub) fn connect_again(&self) -> Arc<Member> {
        let mut connections = self.connections.lock();
        *connections += 1;
        let person = PersonId(Uuid::from_u128(*self.people.lock()));
        let (event, sign_in) = (EventId(Uuid::nil()), SignInId(Uuid::nil()));
        let owner = Owner { event, person, sign_in, guest: false };
        let card = RawValue::from_string("{}".to_owned()).unwrap();
        let appearance = Appearance { name: "One".to_owned(), card, listed: true };
        let outbox = Outbox::new(OutboxLimits::default(), None);
        let connection = ConnectionId(Uuid::from_u128(*connections));
        let member = Member::new(connection, owner, appearance, outbox);
        self.hub.connect(&member).unwrap();
        member
    }

    async fn join(&self, member: &Arc<Member>, after: Option<u64>) -> Result<Joined, ArchiveError> {
        self.hub.join(CHANNEL, member, after).await
    }

    /// Publishes something; true if the member receives it.
    async fn is_heard_by(&self, members: &[Arc<Member>]) -> Vec<bool> {
        members.iter().for_each(|member| drop(member.outbox.take()));
        let head = self.hub.open_channel(CHANNEL).map_or(HEAD, |channel| channel.head());
        self.hub.deliver(&Arc::new(publication(head, head + 1))).await;
        members.iter().map(|member| !member.outbox.take().0.is_empty()).collect()
    }

    /// Panics unless nothing is left once everyone has left and their grace is over.
    fn check_nothing_is_left(&self, context: &str) {
        for _ in 0..15 {
            self.clock.advance(Duration::from_secs(1));
            self.hub.tick();
        }
        assert_eq!(self.hub.open_channels(), 0, "{context}: the channel stays in memory");
        let listened_to = self.interest.0.load(Ordering::Relaxed);
        assert_eq!(listened_to, 0, "{context}: the channel is still listened to");
    }
}

/// Polls the join this often and drops it. True if it was not done before.
async fn give_up_after(
    polls: usize,
    join: impl Future<Output = Result<Joined, ArchiveError>>,
) -> bool {
    let mut join = std::pin::pin!(join);
    for _ in 0..polls {
        if futures_util::poll!(join.as_mut()).is_ready() {
            return false;
        }
        sleep(Duration::from_millis(60)).await;
    }
    true
}

#[tokio::test(start_paused = true)]
async fn all_who_wait_for_an_opening_that_fails_are_told_so_and_hear_everything_once_they_join() {
    let stage = Stage::new();
    let members: Vec<_> = (0..3).map(|_| stage.connect()).collect();
    stage.archive.fails_to_open.store(true, Ordering::Relaxed);
    let joined = join_all(members.iter().map(|member| stage.join(member, None))).await;
    for (member, joined) in members.iter().zip(joined) {
        if joined.is_ok() {
            assert_eq!(stage.is_heard_by(&[Arc::clone(member)]).await, [true], "it has joined");
        } else {
            assert!(!member.is_in(CHANNEL), "refused and yet a member");
            stage.join(member, None).await.unwrap();
        }
    }
    assert_eq!(stage.is_heard_by(&members).await, [true; 3]);
    members.iter().for_each(|member| stage.hub.disconnect(member));
    stage.check_nothing_is_left("after a failed opening");
}

#[tokio::test(start_paused = true)]
async fn an_opening_that_fails_leaves_nothing_behind() {
    let stage = Stage::new();
    let member = stage.connect();
    stage.archive.fails_to_open.store(true, Ordering::Relaxed);
    stage.join(&member, None).await.unwrap_err();
    assert!(!member.is_in(CHANNEL));
    stage.check_nothing_is_left("after a failed opening");
}

#[tokio::test(start_paused = true)]
async fn a_join_that_is_given_up_leaves_nothing_behind_wherever_it_was() {
    for after in [None, Some(1)] {
        for polls in 0.. {
            let (stage, context) = (Stage::new(), format!("after {after:?}, {polls} polls"));
            let member = stage.connect();
            if !give_up_after(polls, stage.join(&member, after)).await {
                assert!(polls > 3, "{context}: it has waited at each point");
                break;
            }
            assert!(!member.is_in(CHANNEL), "{context}: a member although it was given up");
            stage.check_nothing_is_left(&context);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_an_opening_that_is_given_up_joins_all_the_same() {
    for polls in 0.. {
        let stage = Stage::new();
        let (first, second) = (stage.connect(), stage.connect());
        let opening = give_up_after(polls, stage.join(&first, None));
        let (given_up, joined) = tokio::join!(opening, stage.join(&second, None));
        joined.unwrap();
        assert_eq!(stage.is_heard_by(&[Arc::clone(&second)]).await, [true], "{polls} polls");
        if !given_up {
            break;
        }
        [&first, &second].into_iter().for_each(|member| stage.hub.disconnect(member));
        stage.check_nothing_is_left(&format!("{polls} polls"));
    }
}

#[tokio::test(start_paused = true)]
async fn who_is_refused_because_the_archive_fails_is_no_member() {
    let stage = Stage::new();
    let (first, second) = (stage.connect(), stage.connect());
    stage.join(&first, None).await.unwrap();
    stage.archive.fails_to_read.store(true, Ordering::Relaxed);
    stage.join(&second, Some(1)).await.unwrap_err();
    assert!(!second.is_in(CHANNEL));
    assert_eq!(stage.is_heard_by(&[first, second]).await, [true, false]);
}

#[tokio::test(start_paused = true)]
async fn who_disconnects_while_joining_does_not_stay() {
    let stage = Stage::new();
    let member = stage.connect();
    let disconnect = async {
        yield_now().await;
        stage.hub.disconnect(&member);
    };
    let (joined, ()) = tokio::join!(stage.join(&member, None), disconnect);
    joined.unwrap();
    assert!(!member.is_in(CHANNEL));
    stage.check_nothing_is_left("after the connection has gone");
    let member: Weak<Member> = Arc::downgrade(&{ member });
    assert!(member.upgrade().is_none(), "nothing holds the connection");
}

#[tokio::test(start_paused = true)]
async fn what_is_said_between_the_reading_and_the_joining_is_in_the_answer() {
    let stage = Stage::new();
    let (first, second) = (stage.connect(), stage.connect());
    stage.join(&first, None).await.unwrap();
    let said = async {
        // The archive is being read for the second.
        yield_now().await;
        stage.hub.deliver(&Arc::new(publication(HEAD, HEAD + 2))).await;
    };
    let (joined, ()) = tokio::join!(stage.join(&second, Some(1)), said);
    let changes = joined.unwrap().changes;
    let numbers: Vec<u64> = changes.items.iter().map(|item| item.seq).collect();
    let all: Vec<u64> = (2..=HEAD + 2).collect();
    assert_eq!((numbers, changes.reset), (all, false));
    assert_eq!((changes.after, changes.seq), (1, HEAD + 2));
    assert_eq!(stage.is_heard_by(&[first, second]).await, [true, true]);
}
