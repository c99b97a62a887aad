//! What somebody follows: the channels that they have read in, and whether they have direct ones.
//! Asked for everybody together who arrives at the same time.

use futures_util::future::FutureExt as _;

use super::reading::Pointer;
use super::store;
use crate::db::{Batcher, Db, DbError};
use crate::id::{ChannelId, EventId, PersonId};
use crate::tasks::Tasks;

/// A channel that somebody follows, and how far they have read.
#[derive(Clone, Debug)]
pub(super) struct Followed {
    pub(super) channel: ChannelId,
    pub(super) direct: bool,
    pub(super) count: u64,
    pub(super) pointer: Pointer,
    pub(super) mentions: u64,
}

/// What somebody finds on arrival.
#[derive(Clone, Debug, Default)]
pub struct Following {
    pub(super) channels: Vec<Followed>,
    /// Whether there are direct channels in their list.
    pub(super) has_directs: bool,
    /// Whether they have ever been mentioned.
    pub(super) has_mentions: bool,
}

impl Following {
    /// How far the person had read in a channel, and how often they are mentioned after that;
    /// nothing when the database has to be asked.
    pub(super) fn read_in(&self, channel: ChannelId) -> Option<(Pointer, u64)> {
        match self.channels.iter().find(|followed| followed.channel == channel) {
            Some(followed) => Some((followed.pointer, followed.mentions)),
            None => (!self.has_mentions).then_some((Pointer::default(), 0)),
        }
    }
}

/// Asks what people follow in an event.
#[derive(Debug)]
pub(super) struct Followings(Batcher<(EventId, PersonId), Following>);

impl Followings {
    pub(super) fn new(db: &Db, tasks: &Tasks) -> Self {
        let db = db.clone();
        Self(Batcher::new(tasks, "chat.following", move |people| {
            let db = db.clone();
            async move { store::following::read(&db, &people).await }.boxed()
        }))
    }

    pub(super) async fn of(&self, event: EventId, person: PersonId) -> Result<Following, DbError> {
        self.0.ask((event, person)).await
    }
}
