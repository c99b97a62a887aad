//! The results of a committed group: for its senders, the channel, and the people concerned.

use std::collections::BTreeSet;

use super::{Applied, Done, Work};
use crate::bus::Delivery;
use crate::chat::direct_list::DirectSummary;
use crate::chat::log::{Answer, LogError, Written};
use crate::chat::message::Stored;
use crate::chat::pushes;
use crate::chat::recount::Recount;
use crate::chat::store::directs::Reader;
use crate::db::DbError;
use crate::hub::Publication;
use crate::id::PersonId;
use crate::protocol::{Card, push_frame};

impl Work {
    /// The answer to an entry.
    pub(super) fn answer(&self, applied: Applied) -> Answer {
        let (seq, change) = applied?;
        let message = self.messages.get(&seq).ok_or(LogError::NotFound)?;
        Ok(Written { seq: change, message: message.message() })
    }

    /// What is published to everyone else.
    pub(super) fn news(&self, done: &mut Done) -> Result<(), DbError> {
        if self.head == self.before {
            return Ok(());
        }
        let touched = self.new.union(&self.changed);
        let items = touched.filter_map(|seq| self.messages.get(seq)).map(Stored::item);
        // An edit's are no news to those who are told of a new message.
        let new = self.mentions.iter().filter(|(_, seq)| self.new.contains(seq));
        let mentioned: BTreeSet<PersonId> = new.map(|(person, _)| *person).collect();
        let publication = Publication {
            channel: self.channel,
            after: self.before,
            seq: self.head,
            count: self.count,
            items: items.collect::<Result<_, _>>()?,
            mentions: mentioned.into_iter().collect(),
        };
        done.publications.push((self.event_id, publication));
        if let Some(mentioned) = self.recount.clone() {
            done.recounts.push((self.event_id, Recount { channel: self.channel, mentioned }));
        }
        if self.direct && self.changes_the_list() {
            self.tell_its_people(done);
        }
        for (person, seq) in &self.mentions {
            let Some(message) = self.messages.get(seq) else { continue };
            let mention = pushes::Mention { message: message.message() };
            let frame = push_frame(Some(self.channel), &mention);
            done.personal.push(Delivery::Person(self.event_id, *person, frame));
        }
        Ok(())
    }

    /// Whether the people of a direct channel find something else in their lists.
    pub(super) fn changes_the_list(&self) -> bool {
        let last_edited = self.last.is_some_and(|last| self.changed.contains(&last));
        !self.new.is_empty() || self.recount.is_some() || last_edited
    }

    fn tell_its_people(&self, done: &mut Done) {
        let Some(last) = self.messages.values().next_back() else { return };
        let people: Vec<Card> = self.people.iter().map(|one| one.card.clone()).collect();
        for Reader { card, read, deleted } in &self.people {
            // A sender has read the channel.
            let wrote = self.new.contains(&last.seq) && card.id == last.sender.id;
            let read = if wrote { self.count } else { read + deleted };
            let direct = DirectSummary {
                channel: self.channel,
                people: people.clone(),
                last: Some(last.message()),
                unread: self.count.saturating_sub(read),
            };
            let frame = push_frame(Some(self.channel), &pushes::Direct { direct });
            done.personal.push(Delivery::Person(self.event_id, card.id, frame));
        }
    }
}
