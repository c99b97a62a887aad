//! Talk: rooms' channels, direct messages, reactions, read pointers.
//!
//! What is durable goes through the [`log`], one writer per node: it groups what arrives, gives
//! the channels' next numbers, commits, answers, and rings the [`crate::bus`]. Nobody hears of a
//! message before it is on disk. What needs no log (typing, presence) goes to the hub directly.
//!
//! Every durable change of a channel takes its next number; a change is "these messages now look
//! like this", so that a message is always sent whole, the newest state wins, and what was deleted
//! is nowhere to be found in a replay.

mod access;
mod announcements;
mod archive;
mod attempt;
mod block_store;
mod commit;
mod delete_recent;
mod direct;
mod direct_live;
mod direct_store;
mod entry;
mod following;
mod history_live;
mod live;
pub mod log;
mod message;
mod message_live;
mod people_live;
mod permit;
mod pushes;
mod reading;
mod seen;
mod slow_mode;
mod store;
mod text;
mod writer;

use std::sync::Arc;

use parking_lot::Mutex;

use crate::bus::Bus;
use crate::clock::Clock;
use crate::db::{Db, DbError};
use crate::events::Events;
use crate::id::PersonId;
use crate::random::Random;
use crate::socket::Bucket;
use crate::tasks::Tasks;

pub use access::may_read;
pub use announcements::announcements;
pub use archive::DatabaseArchive;
pub(crate) use commit::token::sweep;
pub use direct::direct_key;
pub(crate) use direct_live::overview;
pub use direct_live::{DirectSummary, UnreadChannel};
pub use following::Following;
pub use live::operations;
pub use log::{Action, Entry, Log, LogError};
pub use message::{Deleted, Message};
pub use permit::Permit;
pub use slow_mode::SlowMode;
pub use text::{Emoji, MESSAGE_LENGTH, MessageText};

/// How many messages a page of history can have.
pub const HISTORY_PAGE: usize = 100;
/// How many people a direct channel can have.
pub const GROUP_SIZE: usize = 8;
/// How many channels a connection can be in.
pub const JOINED_CHANNELS: usize = 64;
/// How many times at once, and per second after that, other nodes are told what somebody has read.
const READS_TOLD: (u32, u32) = (500, 200);

/// The talk of one node.
#[derive(Debug)]
pub struct Chat {
    /// What is durable goes through it.
    pub log: Log,
    directs: direct::Directs,
    followings: following::Followings,
    pub(crate) reading: reading::Reading,
    /// How often other nodes are told what somebody has read.
    courtesy: Mutex<Bucket>,
}

impl Chat {
    /// Starts the log's writer and the writer of read pointers.
    pub fn start(
        db: &Db,
        clock: &Clock,
        random: &Random,
        events: &Arc<Events>,
        bus: &Bus,
        tasks: &Tasks,
    ) -> Self {
        Self {
            log: Log::start(
                log::Writer {
                    db: db.clone(),
                    clock: clock.clone(),
                    random: random.clone(),
                    events: Arc::clone(events),
                    bus: bus.clone(),
                    health: Arc::default(),
                },
                tasks,
            ),
            directs: direct::Directs::new(db.clone()),
            followings: following::Followings::new(db, tasks),
            reading: reading::Reading::start(db.clone(), clock.clone(), tasks),
            courtesy: Mutex::new(Bucket::new(READS_TOLD.0, READS_TOLD.1, clock.uptime())),
        }
    }

    /// Somebody has blocked somebody, or lifted it, on this node or another.
    pub(crate) async fn hear_of_block(&self, people: [PersonId; 2]) -> Result<(), DbError> {
        self.directs.refresh(&people.into()).await
    }

    /// Forgets what other nodes may have changed; it is read again.
    pub(crate) fn forget(&self) {
        self.directs.forget();
    }

    /// Waits until everything accepted is committed; nothing more is accepted.
    pub async fn drain(&self) {
        self.log.drain().await;
        self.reading.drain().await;
    }

    /// The archive that the hub reads from.
    pub fn archive(db: &Db, events: &Arc<Events>) -> Arc<dyn crate::hub::Archive> {
        Arc::new(DatabaseArchive::new(db.clone(), Arc::clone(events)))
    }
}
