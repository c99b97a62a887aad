//! The bus from the log to the hubs: it delivers what was committed, once per channel and group. It
//! may lose, duplicate or reorder; positions reveal that and the database repairs it.
//!
//! It delivers to this node's own hub first, so that people on one node keep talking whatever
//! happens to the others, and then, by a [`Transport`], to the nodes that are subscribed to the
//! topic.
//!
//! It also carries the nodes' leases ([`Leases`]).

mod announcement;
mod announcements;
mod counted;
pub mod faulty;
mod inbox;
mod leases;
mod local;
mod redis;
mod repeated;
mod sender;
mod subscriptions;
mod topic;
mod transport;
mod wire;

use std::sync::Arc;

use serde::Serialize;
use serde_json::value::to_raw_value;
use tokio::sync::{broadcast, watch};

use announcement::Announced;
pub use announcement::Announcement;
pub use announcements::Announcements;
pub use counted::METRICS;
use inbox::Heard;
pub use inbox::{Inbox, Intake, LinkState};
pub use leases::Leases;
use local::Local;
pub use redis::{AddressError, Examined, Redis, Servers};
use repeated::RecentNumbers;
use sender::Sender;
pub use subscriptions::Subscriptions;
pub use topic::{Topic, UnknownTopic};
pub use transport::Transport;
pub(crate) use wire::pass_over;
use wire::{Envelope, Message};

use crate::hub::{Hub, Publication};
use crate::id::{ChannelId, EventId, NodeId, PersonId};
use crate::tasks::Tasks;
use crate::websocket::Frame;

/// How many announcements may wait to be handled; more are a gap.
const ANNOUNCED: usize = 1_024;

/// A delivery to hubs.
#[derive(Clone, Debug)]
pub enum Delivery {
    /// Changes of a channel, and its event.
    Changes(EventId, Arc<Publication>),
    /// Something for a person's connections in an event.
    Person(EventId, PersonId, Frame),
}

/// The bus as one node sees it.
#[derive(Clone, Debug)]
pub struct Bus {
    node: NodeId,
    local: Local,
    /// `None` if there are no other nodes.
    sender: Option<Arc<Sender>>,
    recent: Arc<RecentNumbers>,
    leases: Arc<dyn Leases>,
    subscriptions: Arc<Subscriptions>,
    inbox: Inbox,
    announced: broadcast::Sender<Announced>,
}

/// A node's transport with its inbox, for [`Bus::start`].
#[derive(Debug)]
pub struct Link {
    /// The transport to the other nodes; `None` if there are none.
    pub transport: Option<Arc<dyn Transport>>,
    /// Where it puts the messages it receives.
    pub inbox: Inbox,
    /// The other end of that.
    pub intake: Intake,
}

impl Link {
    /// There are no other nodes.
    pub fn alone() -> Self {
        let (inbox, intake) = Inbox::new(queues());
        Self { transport: None, inbox, intake }
    }

    /// With the transport that this function creates for an inbox.
    pub fn with(transport: impl FnOnce(Inbox) -> Arc<dyn Transport>) -> Self {
        let (inbox, intake) = Inbox::new(queues());
        Self { transport: Some(transport(inbox.clone())), inbox, intake }
    }
}

/// The number of a node's receiving queues.
fn queues() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

impl Bus {
    /// The bus of this node, which delivers to this hub and receives what is delivered to others.
    pub fn start(
        node: NodeId,
        hub: &Arc<Hub>,
        link: Link,
        subscriptions: &Arc<Subscriptions>,
        leases: Arc<dyn Leases>,
        tasks: &Tasks,
    ) -> Self {
        let Link { transport, inbox, intake } = link;
        let queues = intake.queues.len();
        let announced = broadcast::Sender::new(ANNOUNCED);
        let own = Arc::clone(hub);
        let deliver = move |delivery| local::deliver(Arc::clone(&own), delivery);
        let (local, recent) =
            (Local::start(queues, tasks, deliver), Arc::<RecentNumbers>::default());
        let sender = transport
            .map(|transport| Arc::new(Sender { node, transport, recent: Arc::clone(&recent) }));
        let subscriptions = Arc::clone(subscriptions);
        let bus = Self { node, local, sender, recent, leases, subscriptions, inbox, announced };
        if let Some(sender) = &bus.sender {
            let peers: Arc<Sender> = Arc::clone(sender);
            hub.set_peer_sender(peers);
            drop(sender.transport.subscribe(vec![Topic::All, Topic::Node(node)]));
            tasks.spawn("bus.subscriptions", Arc::clone(&bus.subscriptions).sweep());
            for mut queue in intake.queues {
                let (bus, hub) = (bus.clone(), Arc::clone(hub));
                tasks.spawn_worker("bus.inbox", async move {
                    while let Some(heard) = queue.recv().await {
                        bus.receive(&hub, heard).await;
                    }
                });
            }
        } else {
            bus.inbox.alone();
        }
        bus
    }

    /// Which node this is.
    pub fn node(&self) -> NodeId {
        self.node
    }

    /// How many topics this node is subscribed to, for its channels and events.
    pub fn topics(&self) -> usize {
        self.subscriptions.count()
    }

    /// The state of the link to the other nodes.
    pub fn link_state(&self) -> LinkState {
        self.inbox.link_state()
    }

    /// Changes whenever messages of other nodes may be missing.
    pub fn gaps(&self) -> watch::Receiver<u64> {
        self.inbox.gaps()
    }

    /// Reports a gap: messages of other nodes count as missed.
    pub fn missed(&self) {
        self.inbox.gap();
    }

    /// The announcements of other nodes. A receiver that lags must treat that as a gap.
    fn announced(&self) -> broadcast::Receiver<Announced> {
        self.announced.subscribe()
    }

    /// Delivers, here first. Waits while this node's own queue is full, but never for other nodes.
    pub async fn deliver(&self, delivery: Delivery) {
        if self.sender.is_none() {
            return self.local.deliver(delivery).await;
        }
        if let Delivery::Changes(_, publication) = &delivery {
            self.recent.heads.note(publication.channel, publication.seq);
        }
        let messages = messages(&delivery);
        self.local.deliver(delivery).await;
        for (topic, message) in messages {
            self.publish(topic, message);
        }
    }

    /// Announces to the other nodes that cached state has changed: to those with connections of the
    /// event, or to all.
    pub fn announce(&self, event: Option<EventId>, announcement: &impl Announcement) {
        // Cannot fail, as in `Envelope::encode`.
        if let Ok(announced) = Announced::new(announcement) {
            self.publish(event.map_or(Topic::All, Topic::Event), Message::Control(announced));
        }
    }

    /// Sends pending messages to other nodes, if that does not take long, and ends.
    pub async fn close(&self) {
        if let Some(sender) = &self.sender {
            sender.transport.close().await;
        }
    }

    /// The numbers of recent changes of channels, presence and totals, which the next lease
    /// repeats: otherwise a lost message without a successor would be missed.
    pub fn retell(&self) -> [Vec<(ChannelId, u64)>; 3] {
        [self.recent.heads.next(), self.recent.presence.next(), self.recent.totals.next()]
    }

    /// Sends this node's lease to every node, including itself.
    pub fn send_lease(&self, lease: &impl Serialize) {
        // Cannot fail, as in `Envelope::encode`.
        if let Ok(lease) = to_raw_value(lease) {
            self.publish(Topic::All, Message::Lease(lease));
        }
    }

    /// Tells every node that this one stops, so that they need not wait for its lease to expire.
    pub fn send_goodbye(&self) {
        self.publish(Topic::All, Message::Bye);
    }

    fn publish(&self, topic: Topic, message: Message) {
        if let Some(sender) = &self.sender {
            sender.publish(topic, message);
        }
    }

    /// Handles a message of another node.
    async fn receive(&self, hub: &Arc<Hub>, heard: Heard) {
        let envelope = match Envelope::decode(&heard.message) {
            Ok(envelope) if envelope.node == self.node => {
                if let Message::Lease(lease) = envelope.message {
                    self.leases.receive_echo(&lease);
                }
                return;
            }
            Ok(envelope) => envelope,
            Err(error) => return pass_over(&error, &heard.topic.to_string()),
        };
        match envelope.message {
            Message::Changes(changes) => hub.deliver(&Arc::new(changes.into())).await,
            Message::Notice(notice) => hub.receive_notice(&notice),
            Message::Person { event, person, frame } => {
                hub.push_to_person(event, person, &Frame::text(&frame));
            }
            // There may be no receiver yet.
            Message::Control(announced) => drop(self.announced.send(announced)),
            Message::Lease(lease) => self.leases.receive_lease(envelope.node, &lease),
            Message::Bye => self.leases.receive_goodbye(envelope.node),
            Message::Presence(word) => hub.receive_from_peer(envelope.node, word),
        }
    }
}

/// The messages to other nodes for a delivery.
fn messages(delivery: &Delivery) -> Vec<(Topic, Message)> {
    match delivery {
        Delivery::Changes(event, publication) => {
            let changes = Message::Changes(publication.as_ref().into());
            let notice = publication.notice();
            let notice = notice.map(|notice| (Topic::Event(*event), Message::Notice(notice)));
            [(Topic::Channel(publication.channel), changes)].into_iter().chain(notice).collect()
        }
        Delivery::Person(event, person, frame) => {
            let frame = String::from_utf8_lossy(frame.payload()).into_owned();
            vec![(Topic::Event(*event), Message::Person { event: *event, person: *person, frame })]
        }
    }
}
