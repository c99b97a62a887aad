//! One group of entries, as part of one transaction.
//!
//! Per channel: the row of the channel is locked and its numbers read, the messages concerned are
//! loaded, the entries are applied in memory one after the other, and what has changed is written
//! in a few statements. Either all of it is on disk or none.

mod apply;
mod load;
mod news;
mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::log::{Answer, Entry, LogError, Writer};
use super::message::Stored;
use super::permit;
use super::recount::Recount;
use super::store::directs::Reader;
use super::text::Emoji;
use crate::audit;
use crate::bus::Delivery;
use crate::clock::Timestamp;
use crate::db::{Connection, DbError};
use crate::events::EventSnapshot;
use crate::hub::Publication;
use crate::id::{ChannelId, ClientMessageId, EventId, PersonId, RoomId};

/// How many different reactions a message may have.
pub(super) const REACTIONS: usize = 12;
/// How many messages of a channel may be pinned.
pub(super) const PINNED: usize = 10;

/// A committed group.
#[derive(Debug, Default)]
pub(super) struct Done {
    /// The answers, in the order of the entries.
    pub(super) answers: Vec<Answer>,
    /// The publications, one per channel.
    pub(super) publications: Vec<(EventId, Publication)>,
    /// What concerns people: direct messages and mentions.
    pub(super) personal: Vec<Delivery>,
    /// Where to count again what is unread, one per channel.
    pub(super) recounts: Vec<(EventId, Recount)>,
}

/// Whether messages may be duplicates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sends {
    /// Assumes that they are new, as nearly all are. Otherwise a UNIQUE violation reveals it.
    New,
    /// Some may be duplicates: they are looked up first, with one more statement.
    MayBeKnown,
}

/// Writes the entries, as part of the transaction. The answers are valid once it is committed.
pub(super) async fn group(
    writer: &Writer,
    transaction: &mut Connection,
    entries: &[Entry],
    sends: Sends,
) -> Result<Done, DbError> {
    // Channels are locked in the order of their ids, so that two nodes never wait for each other.
    let mut by_channel: BTreeMap<ChannelId, Vec<usize>> = BTreeMap::new();
    for (index, entry) in entries.iter().enumerate() {
        by_channel.entry(entry.channel).or_default().push(index);
    }
    let mut done = Done::default();
    let refused = permit::renew(writer, transaction, entries).await?;
    let mut answers: Vec<Option<Answer>> =
        refused.into_iter().map(|one| one.map(|refusal| Err(LogError::Refused(refusal)))).collect();
    for (channel, mut indexes) in by_channel {
        indexes.retain(|index| answers[*index].is_none());
        if indexes.is_empty() {
            continue;
        }
        let concerned: Vec<&Entry> = indexes.iter().map(|index| &entries[*index]).collect();
        match Work::load(writer, transaction, channel, &concerned, sends).await? {
            None => {
                for index in indexes {
                    answers[index] = Some(Err(LogError::NotFound));
                }
            }
            Some(mut work) => {
                let results: Vec<_> = concerned.iter().map(|entry| work.apply(entry)).collect();
                work.write(writer, transaction).await?;
                for (index, result) in indexes.into_iter().zip(results) {
                    answers[index] = Some(work.answer(result));
                }
                work.news(&mut done)?;
            }
        }
    }
    done.answers =
        answers.into_iter().map(|answer| answer.unwrap_or(Err(LogError::Storage))).collect();
    Ok(done)
}

/// A message whose change was applied: its position, and the position of the change.
type Applied = Result<(u64, u64), LogError>;

/// One channel's part of a group.
struct Work {
    channel: ChannelId,
    /// Whether it belongs to its people.
    direct: bool,
    event: Option<Arc<EventSnapshot>>,
    event_id: EventId,
    room: Option<RoomId>,
    now: Timestamp,
    before: u64,
    head: u64,
    count: u64,
    pinned: usize,
    /// The people of a direct channel, and how far each has read.
    people: Vec<Reader>,
    /// The last message of a direct channel, where it was looked up.
    last: Option<u64>,
    messages: BTreeMap<u64, Stored>,
    by_client: BTreeMap<(PersonId, ClientMessageId), u64>,
    new: BTreeSet<u64>,
    changed: BTreeSet<u64>,
    reactions: BTreeMap<(u64, PersonId, Emoji), bool>,
    reaction_change: Option<u64>,
    mentions: Vec<(PersonId, u64)>,
    /// Who is no longer mentioned in which message.
    unmentioned: Vec<(PersonId, u64)>,
    /// What is unread has changed for others than by new messages, and whom these mention.
    recount: Option<BTreeSet<PersonId>>,
    audit: Vec<audit::Entry>,
}
