//! Chat: rooms' channels, direct messages, reactions, read pointers.
//!
//! Durable changes go through the [`log`], one writer per node: it groups what arrives, assigns the
//! channels' next positions, commits, answers, and publishes on the [`crate::bus`]. Nobody sees a
//! message before it is on disk. What needs no log (typing, presence) goes to the hub directly.
//!
//! Every durable change of a channel takes its next position; a change is "these messages now look
//! like this", so that messages are always sent whole, the newest state wins, and a replay never
//! contains what was deleted.

mod access;
mod actions;
mod announcements;
mod archive;
mod arrival;
mod attempt;
mod blocks;
mod channel;
mod commit;
mod counted;
mod delete_recent;
mod direct;
mod direct_list;
mod direct_live;
mod entry;
mod following;
mod history;
mod history_live;
mod live;
pub mod log;
mod message;
mod message_live;
mod people;
mod people_live;
mod permit;
mod pushes;
mod reading;
mod recount;
mod restore_several;
mod rooms;
mod seen;
mod slow_mode;
mod store;
mod text;
mod writer;

use std::sync::Arc;

use futures_util::FutureExt as _;
use parking_lot::Mutex;
use serde::Serialize;
use utoipa::ToSchema;

use crate::core::Core;
use crate::db::{Db, DbError};
use crate::events::Events;
use crate::id::PersonId;
use crate::registry::Registry;
use crate::socket::{Bucket, Buckets};

pub use access::may_read;
pub use archive::DatabaseArchive;
use arrival::Arrived;
pub use arrival::UnreadChannel;
pub use direct::direct_key;
pub use direct_list::DirectSummary;
pub use following::Following;
pub use log::{Action, Entry, Log, LogError};
pub use message::{Deleted, Message};
pub use permit::Permit;
use slow_mode::SlowMode;
pub use store::writing::backdate;
pub use text::{Emoji, MESSAGE_LENGTH, MessageText};

/// How many messages a page of history can have.
pub const HISTORY_PAGE: usize = 100;
/// How many people a direct channel can have.
pub const GROUP_SIZE: usize = 8;
/// How many channels a connection can be in.
pub const JOINED_CHANNELS: usize = 64;
/// The burst of announcements of what people have read, and their rate per second after that.
const READS_TOLD: (u32, u32) = (500, 200);

/// The bounds of talk that a client should know.
#[derive(Debug, Serialize, ToSchema)]
struct Limits {
    message_length: usize,
    history_page: usize,
    group_size: usize,
    channels: usize,
}

/// The chat of one node.
#[derive(Debug)]
pub struct Chat {
    core: Core,
    /// What is durable goes through it.
    pub log: Log,
    /// Where what is unread is to be counted again.
    recounts: Arc<recount::Recounts>,
    directs: direct::Directs,
    followings: following::Followings,
    /// What was read about people who have just connected.
    arrived: Arrived,
    pub(crate) reading: reading::Reading,
    /// The rate limits of senders.
    rates: Buckets<PersonId>,
    /// The turns in rooms with slow mode.
    slow_mode: SlowMode,
    /// The rate limit of announcing what people have read.
    courtesy: Mutex<Bucket>,
}

/// Registers chat.
pub fn register(hub: &mut Registry, core: &Core) -> Arc<Chat> {
    let chat = Arc::new(Chat::start(core));
    announcements::announcements(hub.announcements(), &chat);
    live::operations(hub.operations(), &chat);
    hub.metrics(counted::METRICS);
    hub.channel_kind(direct::DIRECT);
    hub.limits(&Limits {
        message_length: MESSAGE_LENGTH,
        history_page: HISTORY_PAGE,
        group_size: GROUP_SIZE,
        channels: JOINED_CHANNELS,
    });
    let own = Arc::clone(&chat);
    hub.welcome(move |connection| direct_live::overview(Arc::clone(&own), connection));
    let rooms = Arc::clone(&core.hub);
    hub.on_change(move |changed| {
        rooms::changed(&rooms, changed);
        std::future::ready(Ok(())).boxed()
    });
    hub.hooks().may_read(may_read);
    let own = Arc::clone(&chat);
    hub.on_disconnect(move |connection| {
        let chat = Arc::clone(&own);
        async move { seen::left(&chat, connection.person()).await }
    });
    let (own, clock) = (Arc::clone(&chat), core.clock.clone());
    hub.task("chat.arrived", async move |stop| own.arrived.forget_regularly(&clock, stop).await);
    let (recounts, own) = (Arc::clone(&chat.recounts), core.clone());
    hub.task("chat.recount", async move |stop| recounts.run(own, stop).await);
    let (own, clock) = (Arc::clone(&chat), core.clock.clone());
    hub.ready(move || {
        let healthy = own.log.is_healthy(clock.uptime());
        (!healthy).then(|| "database: it answers, but does not take messages".to_owned())
    });
    let own = core.clone();
    hub.sweep(move || {
        let core = own.clone();
        async move {
            store::tokens::sweep(&core.db, core.clock.now()).await?;
            store::pointers::sweep(&core.db).await
        }
    });
    let own = Arc::clone(&chat);
    hub.drain(move || {
        let chat = Arc::clone(&own);
        async move { chat.drain().await }
    });
    chat
}

impl Chat {
    /// Starts the log's writer and the writer of read pointers.
    fn start(core: &Core) -> Self {
        let (db, clock, tasks) = (&core.db, &core.clock, &core.tasks);
        let recounts: Arc<recount::Recounts> = Arc::default();
        Self {
            core: core.clone(),
            log: Log::start(
                log::Writer {
                    db: db.clone(),
                    clock: clock.clone(),
                    random: core.random.clone(),
                    events: Arc::clone(&core.events),
                    bus: core.bus.clone(),
                    health: Arc::default(),
                    recounts: Arc::clone(&recounts),
                },
                tasks,
            ),
            recounts,
            directs: direct::Directs::new(db.clone()),
            followings: following::Followings::new(db, tasks),
            arrived: Arrived::default(),
            reading: reading::Reading::start(db.clone(), clock.clone(), tasks),
            rates: Buckets::new(
                core.settings.limits.message_burst.get(),
                core.settings.limits.messages_per_second.get(),
            ),
            slow_mode: SlowMode::default(),
            courtesy: Mutex::new(Bucket::new(READS_TOLD.0, READS_TOLD.1, clock.uptime())),
        }
    }

    /// Somebody has blocked somebody, or lifted it, on this node or another.
    pub(crate) async fn hear_of_block(&self, people: [PersonId; 2]) -> Result<(), DbError> {
        self.directs.refresh(&people.into()).await
    }

    /// Invalidates what other nodes may have changed.
    pub(crate) fn forget(&self) {
        self.directs.forget();
    }

    /// Waits until everything accepted is committed; nothing more is accepted.
    pub async fn drain(&self) {
        self.log.drain().await;
        self.reading.drain().await;
    }
}

/// The archive that the hub reads channels from.
pub fn archive(db: &Db, events: &Arc<Events>) -> Arc<dyn crate::hub::Archive> {
    Arc::new(DatabaseArchive::new(db.clone(), Arc::clone(events)))
}
