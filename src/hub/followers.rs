//! Notifies people once of new messages in a channel that they have read to the end, and again when
//! nothing of these is left.

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

/// The followers of each channel.
pub(super) type Followers = DashMap<ChannelId, OfChannel>;

/// How far somebody has read in a channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pointer {
    /// The number of the last change seen.
    pub seq: u64,
    /// The ordinal of that message, not counting changes.
    pub ordinal: u64,
}

/// The people who follow one channel.
#[derive(Debug, Default)]
pub(super) struct OfChannel {
    /// Those who have nothing unread and are told of the next message.
    waiting: HashMap<PersonId, CaughtUp>,
    /// Those who know of something unread.
    told: HashMap<PersonId, Pointer>,
    /// How many messages the channel had when the last one was told of.
    count: u64,
}

impl OfChannel {
    fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.told.is_empty()
    }
}

/// Somebody for whom nothing is unread.
#[derive(Clone, Copy, Debug)]
struct CaughtUp {
    /// How far they have read; what came after it was deleted.
    read: Pointer,
    /// How many messages the channel had by then.
    count: u64,
}

/// Somebody who has not read a channel to its end.
#[derive(Clone, Copy, Debug)]
pub struct Behind {
    /// Who.
    pub person: PersonId,
    /// How far they have read.
    pub read: Pointer,
    /// Whether they believe that something is unread.
    pub told: bool,
}

impl Hub {
    /// Notifies a person once of a new message in a channel, of whose `count` messages nothing is
    /// unread for them; `read` is how far they have read.
    pub fn follow(&self, id: ChannelId, member: &Arc<Member>, read: Pointer, count: u64) {
        let mut followers = self.followers.entry(id).or_default();
        followers.told.remove(&member.person);
        followers.waiting.insert(member.person, CaughtUp { read, count });
        drop(followers);
        self.keep_following(id, member);
    }

    /// A person knows that something in a channel is unread after `read`: they are told when that is
    /// so no more.
    pub fn is_behind(&self, id: ChannelId, member: &Arc<Member>, read: Pointer) {
        let mut followers = self.followers.entry(id).or_default();
        followers.waiting.remove(&member.person);
        followers.told.insert(member.person, read);
        drop(followers);
        self.keep_following(id, member);
    }

    fn keep_following(&self, id: ChannelId, member: &Arc<Member>) {
        if !member.add_followed(id) {
            // The connection has ended meanwhile.
            self.unfollow(id, member.person);
        }
    }

    /// The followers of a channel who have not read it to its end.
    pub fn behind(&self, id: ChannelId) -> Vec<Behind> {
        let Some(followers) = self.followers.get(&id) else { return Vec::new() };
        let told = followers.told.iter();
        let told = told.map(|(person, read)| Behind { person: *person, read: *read, told: true });
        let caught_up = followers.waiting.iter().filter(|(_, one)| one.read.ordinal < one.count);
        let caught_up =
            caught_up.map(|(person, one)| Behind { person: *person, read: one.read, told: false });
        told.chain(caught_up).collect()
    }

    /// Tells a follower what is unread for them of the first `count` messages of a channel, unless
    /// they have read meanwhile. False if there are more messages by now.
    pub fn recounted(&self, id: ChannelId, behind: Behind, count: u64, unread: &Unread) -> bool {
        let Behind { person, read, .. } = behind;
        let Some(mut followers) = self.followers.get_mut(&id) else { return true };
        let told = followers.told.get(&person).copied();
        let waiting = followers.waiting.get(&person).copied();
        if told.or(waiting.map(|one| one.read)) != Some(read) {
            return true;
        }
        if followers.count > count {
            return false;
        }
        if unread.unread == 0 {
            followers.told.remove(&person);
            followers.waiting.insert(person, CaughtUp { read, count });
        } else {
            followers.waiting.remove(&person);
            followers.told.insert(person, read);
        }
        drop(followers);
        self.tell_unread(id, person, unread);
        true
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
        if let Some(mut followers) = self.followers.get_mut(&id) {
            followers.waiting.remove(&person);
            followers.told.remove(&person);
        }
        self.followers.remove_if(&id, |_, followers| followers.is_empty());
    }

    pub(super) fn notify_followers(&self, notice: &Notice) {
        let (id, seq) = (notice.channel, notice.seq);
        let Some(mut followers) = self.followers.get_mut(&id) else { return };
        followers.count = followers.count.max(notice.count);
        // People who have already read up to here, such as the author, keep waiting.
        let told: Vec<(PersonId, CaughtUp)> =
            followers.waiting.extract_if(|_, one| one.count < notice.count).collect();
        followers.told.extend(told.iter().map(|(person, one)| (*person, one.read)));
        drop(followers);
        for (person, CaughtUp { count, .. }) in told {
            let mentions = notice.mentions.iter().filter(|id| **id == person).count();
            let unread = notice.count.saturating_sub(count);
            self.tell_unread(id, person, &Unread { seq, unread, mentions });
        }
    }

    fn tell_unread(&self, id: ChannelId, person: PersonId, unread: &Unread) {
        let frame = push_frame(Some(id), unread);
        for member in self.connections_of(person) {
            member.outbox.push(Lane::Control, &frame);
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::hub::opening::tests::Stage;

    const CHANNEL: ChannelId = ChannelId(Uuid::from_u128(7));
    const READ: Pointer = Pointer { seq: 3, ordinal: 3 };

    #[tokio::test]
    async fn a_person_follows_until_the_last_of_their_connections_that_does_has_gone() {
        let stage = Stage::new();
        let (first, second) = (stage.connect(), stage.connect_again());
        stage.hub.follow(CHANNEL, &first, READ, 3);
        stage.hub.follow(CHANNEL, &second, READ, 3);
        stage.hub.disconnect(&first);
        assert!(stage.hub.followers.contains_key(&CHANNEL));
        stage.hub.stop_following(CHANNEL, &second);
        assert!(stage.hub.followers.is_empty(), "nobody follows any more");
    }

    #[tokio::test]
    async fn what_one_of_several_connections_followed_alone_ends_with_it() {
        let stage = Stage::new();
        let (first, second) = (stage.connect(), stage.connect_again());
        stage.hub.follow(CHANNEL, &first, READ, 3);
        stage.hub.disconnect(&first);
        assert!(stage.hub.followers.is_empty(), "nobody follows any more");
        stage.hub.follow(CHANNEL, &first, READ, 3);
        assert!(stage.hub.followers.is_empty(), "a connection that has gone");
        stage.hub.disconnect(&second);
    }
    #[tokio::test]
    async fn whose_unread_messages_are_deleted_waits_for_the_next_one() {
        let stage = Stage::new();
        let (hub, member) = (&stage.hub, stage.connect());
        hub.follow(CHANNEL, &member, READ, 3);
        let new = |count| Notice { channel: CHANNEL, seq: count, count, mentions: Vec::new() };
        hub.notify_followers(&new(4));
        let [behind] = hub.behind(CHANNEL)[..] else { panic!("one follower") };
        assert!(behind.told && behind.read == READ);
        let none = Unread { seq: 5, unread: 0, mentions: 0 };
        assert!(hub.recounted(CHANNEL, behind, 4, &none));
        let [behind] = hub.behind(CHANNEL)[..] else { panic!("one follower") };
        assert!(!behind.told && behind.read == READ, "it may be restored");
        hub.notify_followers(&new(5));
        assert!(hub.behind(CHANNEL)[0].told);
        assert!(!hub.recounted(CHANNEL, behind, 4, &none), "there is another one by now");
        let read = Pointer { seq: 6, ordinal: 5 };
        hub.follow(CHANNEL, &member, read, 5);
        assert!(hub.behind(CHANNEL).is_empty());
        assert!(hub.recounted(CHANNEL, behind, 5, &none), "read meanwhile");
        assert!(hub.behind(CHANNEL).is_empty());
    }
}
