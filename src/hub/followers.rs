//! Notifies people once of new messages in a channel that they have read to the end.

use std::collections::HashMap;
use std::sync::Arc;

use dashmap::DashMap;

use super::Hub;
use super::member::Member;
use super::outbox::Lane;
use super::publication::Notice;
use super::pushes::Unread;
use crate::id::{ChannelId, PersonId};
use crate::protocol::push_frame;

/// The followers of each channel, with the ordinal of the last message they have read.
pub(super) type Followers = DashMap<ChannelId, HashMap<PersonId, u64>>;

impl Hub {
    /// Notifies a person once of a new message in a channel; `ordinal` is that of the last message
    /// they have read.
    pub fn follow(&self, id: ChannelId, member: &Arc<Member>, ordinal: u64) {
        self.followers.entry(id).or_default().insert(member.person, ordinal);
        if !member.add_followed(id) {
            // The connection has ended meanwhile.
            self.unfollow(id, member.person);
        }
    }

    /// The connection stops following a channel.
    pub fn stop_following(&self, id: ChannelId, member: &Member) {
        if member.remove_followed(id) {
            self.unfollow(id, member.person);
        }
    }

    /// Another connection of the person may still follow the channel.
    pub(super) fn unfollow(&self, id: ChannelId, person: PersonId) {
        if self.connections_of(person).iter().any(|other| other.is_following(id)) {
            return;
        }
        if let Some(mut waiting) = self.followers.get_mut(&id) {
            waiting.remove(&person);
        }
        self.followers.remove_if(&id, |_, waiting| waiting.is_empty());
    }

    pub(super) fn notify_followers(&self, notice: &Notice) {
        let (id, seq) = (notice.channel, notice.seq);
        let Some(mut waiting) = self.followers.get_mut(&id) else { return };
        // People who have already read up to here, such as the author, keep waiting.
        let told: Vec<(PersonId, u64)> =
            waiting.extract_if(|_, ordinal| *ordinal < notice.count).collect();
        drop(waiting);
        self.followers.remove_if(&id, |_, waiting| waiting.is_empty());
        for (person, ordinal) in told {
            let mentions = notice.mentions.iter().filter(|id| **id == person).count();
            let unread = notice.count.saturating_sub(ordinal);
            let frame = push_frame(Some(id), &Unread { seq, unread, mentions });
            for member in self.connections_of(person) {
                member.outbox.push(Lane::Control, &frame);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::hub::opening::tests::Stage;

    const CHANNEL: ChannelId = ChannelId(Uuid::from_u128(7));

    #[tokio::test]
    async fn a_person_follows_until_the_last_of_their_connections_that_does_has_gone() {
        let stage = Stage::new();
        let (first, second) = (stage.connect(), stage.connect_again());
        stage.hub.follow(CHANNEL, &first, 3);
        stage.hub.follow(CHANNEL, &second, 3);
        stage.hub.disconnect(&first);
        assert!(stage.hub.followers.contains_key(&CHANNEL));
        stage.hub.stop_following(CHANNEL, &second);
        assert!(stage.hub.followers.is_empty(), "nobody follows any more");
    }

    #[tokio::test]
    async fn what_one_of_several_connections_followed_alone_ends_with_it() {
        let stage = Stage::new();
        let (first, second) = (stage.connect(), stage.connect_again());
        stage.hub.follow(CHANNEL, &first, 3);
        stage.hub.disconnect(&first);
        assert!(stage.hub.followers.is_empty(), "nobody follows any more");
        stage.hub.follow(CHANNEL, &first, 3);
        assert!(stage.hub.followers.is_empty(), "a connection that has gone");
        stage.hub.disconnect(&second);
    }
}
