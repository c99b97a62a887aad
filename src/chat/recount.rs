//! Counting again what is unread, after messages were deleted, restored, or came to mention others.
//!
//! People who were told of something unread would otherwise find a mark that leads to nothing. Only
//! those are told for whom it makes a difference: who has nothing unread any more, who has again, and
//! whom the messages mention. All changes of a moment are counted once, with a handful of reads.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::store;
use crate::bus::Announcement;
use crate::core::Core;
use crate::db::DbError;
use crate::hub::{Behind, Unread};
use crate::id::{ChannelId, PersonId};

/// How long changes are collected.
const COLLECTED: Duration = Duration::from_millis(200);
/// How long the database is left alone after a failure.
const PAUSE: Duration = Duration::from_secs(1);
/// Of how many people mentions are read at once.
const PEOPLE: usize = 200;

/// What is unread in a channel is to be counted again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Recount {
    pub(super) channel: ChannelId,
    /// The people whom the messages mention, or did.
    pub(super) mentioned: BTreeSet<PersonId>,
}

impl Announcement for Recount {
    const NAME: &'static str = "recount";
}

/// The channels that are to be counted again.
#[derive(Debug, Default)]
pub(super) struct Recounts {
    due: Mutex<BTreeMap<ChannelId, BTreeSet<PersonId>>>,
    wake: Notify,
}

impl Recounts {
    /// Counts this channel soon.
    pub(super) fn add(&self, Recount { channel, mentioned }: Recount) {
        self.due.lock().entry(channel).or_default().extend(mentioned);
        self.wake.notify_one();
    }

    /// Counts what is due, until `stop` is cancelled.
    pub(super) async fn run(self: Arc<Self>, core: Core, stop: CancellationToken) {
        let work = async {
            loop {
                self.wake.notified().await;
                tokio::time::sleep(COLLECTED).await;
                self.count_all(&core).await;
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = work => {}
        }
    }

    async fn count_all(&self, core: &Core) {
        let due = std::mem::take(&mut *self.due.lock());
        for (channel, mentioned) in due {
            match count(core, channel, &mentioned).await {
                Ok(true) => {}
                // A message came in between.
                Ok(false) => self.add(Recount { channel, mentioned }),
                Err(error) => {
                    tracing::warn!(%error, %channel, "what is unread is counted once more");
                    self.add(Recount { channel, mentioned });
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }
}

/// Tells the followers of a channel for whom something has changed. False if it is to be counted
/// once more.
async fn count(
    core: &Core,
    channel: ChannelId,
    mentioned: &BTreeSet<PersonId>,
) -> Result<bool, DbError> {
    let behind = core.hub.behind(channel);
    let Some(first) = behind.iter().map(|one| one.read.seq).min() else { return Ok(true) };
    let Some(head) = store::channels::head(&core.db, channel).await? else { return Ok(true) };
    let deleted = store::unread::deleted_after(&core.db, channel, first).await?;
    let deleted: Vec<u64> = deleted.into_iter().filter(|one| *one <= head.count).collect();
    let concerned: Vec<PersonId> = behind.iter().map(|one| one.person).collect();
    let concerned = concerned.into_iter().filter(|person| mentioned.contains(person));
    let mentions = mentions(core, channel, &concerned.collect::<Vec<_>>()).await?;
    let mut done = true;
    for one in behind {
        let Behind { person, read, told } = one;
        let after = deleted.len() - deleted.partition_point(|ordinal| *ordinal <= read.ordinal);
        let unread = head.count.saturating_sub(read.ordinal).saturating_sub(after as u64);
        if told == (unread > 0) && !(told && mentioned.contains(&person)) {
            continue;
        }
        let of_person = mentions.get(&person).map_or(&[][..], Vec::as_slice);
        let mentions = of_person.iter().filter(|seq| **seq > read.seq).count();
        let news = Unread { seq: head.seq, unread, mentions };
        done &= core.hub.recounted(channel, one, head.count, &news);
    }
    Ok(done)
}

/// The numbers of the messages that mention each of these people.
async fn mentions(
    core: &Core,
    channel: ChannelId,
    people: &[PersonId],
) -> Result<HashMap<PersonId, Vec<u64>>, DbError> {
    let mut found: HashMap<PersonId, Vec<u64>> = HashMap::new();
    for some in people.chunks(PEOPLE) {
        for (person, seq) in store::unread::mentioning(&core.db, channel, some).await? {
            found.entry(person).or_default().push(seq);
        }
    }
    Ok(found)
}
