//! What somebody finds when they come: their direct channels, and what they have not read. It is
//! kept for a moment, for the requests that come with their hello, so that the database is not asked
//! twice.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use dashmap::DashMap;
use parking_lot::Mutex;
use serde::Serialize;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use utoipa::ToSchema;

use super::direct_list::{self, DirectSummary};
use super::following::Following;
use super::{Chat, may_read};
use crate::clock::{Clock, Uptime};
use crate::hub::Member;
use crate::id::{ChannelId, ConnectionId};
use crate::identity::Caller;
use crate::protocol::Refusal;

/// How many channels with something unread are named on arrival.
const UNREAD: usize = 100;
/// How long the result is cached: no longer than moved pointers are remembered.
const FOUND_FOR: Duration = Duration::from_millis(500);
/// How often expired entries are dropped when nobody connects any more.
const FORGETTING: Duration = Duration::from_secs(1);

/// A channel with something unread.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UnreadChannel {
    channel: ChannelId,
    unread: u64,
    mentions: u64,
}

/// What a person finds on arrival.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Overview {
    /// The newest direct channels, at most 20.
    directs: Vec<DirectSummary>,
    /// The channels with something unread.
    unread: Vec<UnreadChannel>,
}

/// The newest direct channels and what is unread; from now on the connection is notified of more.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn overview(
    chat: &Chat,
    caller: &Caller,
    own: &Arc<Member>,
) -> Result<Overview, Refusal> {
    let (core, event) = (&chat.core, &caller.event);
    chat.reading.write_now(own.person).await?;
    let following = chat.followings.of(event.id, own.person).await?;
    let mut directs = Vec::new();
    if following.has_directs {
        directs = direct_list::page(chat, caller, None).await?.0;
    }
    let mut unread = Vec::new();
    for followed in &following.channels {
        // Rooms that are deleted, or closed to the person meanwhile, have no news for them.
        let info = event.channels.get(&followed.channel);
        let readable =
            info.is_some_and(|info| may_read(event, *info, &caller.actor, caller.now).is_ok());
        if !followed.direct && !readable {
            continue;
        }
        let waiting = followed.unread();
        if waiting == 0 {
            core.hub.follow(followed.channel, own, followed.pointer, followed.count);
            continue;
        }
        core.hub.is_behind(followed.channel, own, followed.pointer);
        if unread.len() < UNREAD {
            unread.push(UnreadChannel {
                channel: followed.channel,
                unread: waiting,
                mentions: followed.mentions,
            });
        }
    }
    chat.arrived.keep(own.connection, following, core.clock.uptime());
    Ok(Overview { directs, unread })
}

/// What was found, by connection.
#[derive(Debug, Default)]
pub(super) struct Arrived {
    found: DashMap<ConnectionId, (Uptime, Following)>,
    /// In the order of their coming, to be forgotten.
    order: Mutex<VecDeque<(Uptime, ConnectionId)>>,
}

impl Arrived {
    /// Keeps what was found for a moment.
    fn keep(&self, connection: ConnectionId, following: Following, now: Uptime) {
        self.forget_old(now);
        self.found.insert(connection, (now, following));
        self.order.lock().push_back((now, connection));
    }

    /// Looks into what was found, if that is a moment ago.
    pub(super) fn look<T>(
        &self,
        connection: ConnectionId,
        now: Uptime,
        look: impl FnOnce(&Following) -> Option<T>,
    ) -> Option<T> {
        let found = self.found.get(&connection)?;
        let (at, following) = &*found;
        if now.since(*at) < FOUND_FOR { look(following) } else { None }
    }

    /// Forgets what is too old to be believed.
    fn forget_old(&self, now: Uptime) {
        let mut order = self.order.lock();
        while let Some((at, connection)) = order.front().copied()
            && now.since(at) >= FOUND_FOR
        {
            order.pop_front();
            self.found.remove(&connection);
        }
    }

    /// Drops expired entries regularly, also when nobody connects any more.
    pub(super) async fn forget_regularly(&self, clock: &Clock, stop: CancellationToken) {
        let mut ticks = interval(FORGETTING);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = ticks.tick() => self.forget_old(clock.uptime()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::clock::Timestamp;

    #[tokio::test(start_paused = true)]
    async fn the_last_of_a_rush_are_forgotten_though_nobody_comes_after_them() {
        let (clock, arrived) = (Clock::manual(Timestamp(0)), Arc::new(Arrived::default()));
        let stop = CancellationToken::new();
        let (own, ticking, stopped) = (Arc::clone(&arrived), clock.clone(), stop.clone());
        let task = tokio::spawn(async move { own.forget_regularly(&ticking, stopped).await });
        let one = ConnectionId(Uuid::from_u128(1));
        arrived.keep(one, Following::default(), clock.uptime());
        let look = || arrived.look(one, clock.uptime(), |_| Some(()));
        assert_eq!(look(), Some(()));
        clock.advance(FOUND_FOR);
        assert_eq!(look(), None);
        assert_eq!(arrived.found.len(), 1);
        tokio::time::timeout(FORGETTING * 3, async {
            while !arrived.found.is_empty() || !arrived.order.lock().is_empty() {
                tokio::time::sleep(FORGETTING / 4).await;
            }
        })
        .await
        .expect("forgotten");
        stop.cancel();
        task.await.expect("the task");
    }
}
