//! The results of a committed group: for its senders, the channel, and the people concerned.

use std::collections::BTreeSet;

use super::{Applied, Done, Work};
use crate::bus::Delivery;
use crate::chat::direct_list::DirectSummary;
use crate::chat::log::{Answer, LogError, Written};
use crate::chat::message::Stored;
use crate::chat::pushes;
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
        let mentioned: BTreeSet<PersonId> =
            self.mentions.iter().map(|(person, _)| *person).collect();
        let publication = Publication {
            channel: self.channel,
            after: self.before,
            seq: self.head,
            count: self.count,
            items: items.collect::<Result<_, _>>()?,
            mentions: mentioned.into_iter().collect(),
        };
        done.publications.push((self.event_id, publication));
        let last = self.new.last().and_then(|seq| self.messages.get(seq));
        if let Some(last) = last.filter(|_| self.direct) {
            let people: Vec<Card> = self.people.iter().map(|(card, _)| card.clone()).collect();
            for (card, read) in &self.people {
                // A sender has read the channel.
                let read = if card.id == last.sender.id { self.count } else { *read };
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
        for (person, seq) in &self.mentions {
            let Some(message) = self.messages.get(seq) else { continue };
            let mention = pushes::Mention { message: message.message() };
            let frame = push_frame(Some(self.channel), &mention);
            done.personal.push(Delivery::Person(self.event_id, *person, frame));
        }
        Ok(())
    }
}
