//! Applies entries, in memory, one after the other.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::{Value, json};

use super::{Applied, PINNED, REACTIONS, Work};
use crate::audit;
use crate::chat::log::{Action, Entry, LogError};
use crate::chat::message::Stored;
use crate::chat::text::{Emoji, MessageText};
use crate::id::PersonId;
use crate::permission::Operation;

/// For how long a message can be edited.
const EDITABLE: Duration = Duration::from_secs(24 * 60 * 60);

impl Work {
    /// Applies an entry to what is loaded.
    pub(super) fn apply(&mut self, entry: &Entry) -> Applied {
        match &entry.action {
            Action::Send { sender, client_id, text, reply_to, mentions } => {
                let known = (entry.person, *client_id);
                if let Some(seq) = self.by_client.get(&known) {
                    return Ok((*seq, *seq));
                }
                if reply_to.is_some_and(|seq| !self.messages.contains_key(&seq)) {
                    return Err(LogError::NothingToAnswer);
                }
                let stored = Stored {
                    seq: self.next(),
                    changed: self.head,
                    ordinal: self.count + 1,
                    sender: sender.clone(),
                    client_id: *client_id,
                    body: text.as_str().to_owned(),
                    reply_to: *reply_to,
                    mentions: mentions.clone(),
                    reactions: BTreeMap::new(),
                    sent_at: self.now,
                    edited_at: None,
                    deleted_at: None,
                    deleted_by: None,
                    pinned_at: None,
                };
                self.count += 1;
                self.by_client.insert(known, stored.seq);
                self.mentions.extend(mentions.iter().map(|person| (*person, stored.seq)));
                self.new.insert(stored.seq);
                let seq = stored.seq;
                self.messages.insert(seq, stored);
                Ok((seq, seq))
            }
            Action::Edit { seq, text, mentions } => self.edit(*seq, text, mentions.as_ref()),
            Action::Delete { seq, reason } => {
                let (now, person) = (self.now, entry.person);
                let message = self.messages.get_mut(seq).ok_or(LogError::NotFound)?;
                if message.deleted_at.is_some() {
                    return Ok((*seq, message.changed));
                }
                message.deleted_at = Some(now);
                message.deleted_by = Some(person);
                message.pinned_at = None;
                self.recount.get_or_insert_default().extend(message.mentions.iter().copied());
                if let Some(reason) = reason {
                    self.record(entry, *seq, Operation::MessageDelete, json!({ "reason": reason }));
                }
                Ok(self.touch(*seq))
            }
            Action::Restore { seq } => {
                let message = self.messages.get_mut(seq).ok_or(LogError::NotFound)?;
                if message.deleted_at.is_none() {
                    return Ok((*seq, message.changed));
                }
                if message.deleted_by == Some(message.sender.id) {
                    return Err(LogError::DeletedByAuthor);
                }
                message.deleted_at = None;
                message.deleted_by = None;
                self.recount.get_or_insert_default().extend(message.mentions.iter().copied());
                self.record(entry, *seq, Operation::MessageRestore, json!({}));
                Ok(self.touch(*seq))
            }
            Action::Pin { seq, on } => {
                let before = self.head;
                let applied = self.pin(*seq, *on)?;
                if self.head > before {
                    self.record(entry, *seq, Operation::MessagePin, json!({ "on": on }));
                }
                Ok(applied)
            }
            Action::React { seq, emoji, on } => self.react(entry.person, *seq, emoji, *on),
        }
    }

    /// An edit that changes nothing is none.
    fn edit(&mut self, seq: u64, text: &MessageText, mentions: Option<&Vec<PersonId>>) -> Applied {
        let now = self.now;
        let message = self.shown(seq)?;
        if message.sent_at.after(EDITABLE) < now {
            return Err(LogError::EditExpired);
        }
        let before: BTreeSet<PersonId> = message.mentions.iter().copied().collect();
        let after = mentions.map_or_else(|| before.clone(), |all| all.iter().copied().collect());
        if message.body == text.as_str() && before == after {
            return Ok((seq, message.changed));
        }
        message.body = text.as_str().to_owned();
        message.edited_at = Some(now);
        message.mentions = after.iter().copied().collect();
        if before != after {
            self.mentions.extend(after.difference(&before).map(|person| (*person, seq)));
            self.unmentioned.extend(before.difference(&after).map(|person| (*person, seq)));
            let concerned = self.recount.get_or_insert_default();
            concerned.extend(before.symmetric_difference(&after));
        }
        Ok(self.touch(seq))
    }

    fn pin(&mut self, seq: u64, on: bool) -> Applied {
        let (now, pinned) = (self.now, self.pinned);
        let message = self.shown(seq)?;
        if message.pinned_at.is_some() == on {
            return Ok((seq, message.changed));
        }
        if on && pinned >= PINNED {
            return Err(LogError::TooManyPinned);
        }
        message.pinned_at = on.then_some(now);
        self.pinned = if on { pinned + 1 } else { pinned.saturating_sub(1) };
        Ok(self.touch(seq))
    }

    /// Reactions are counted when the group is written; all of a group share one number.
    fn react(&mut self, person: PersonId, seq: u64, emoji: &Emoji, on: bool) -> Applied {
        let waiting: BTreeSet<&str> = self
            .reactions
            .iter()
            .filter(|((other, _, _), on)| *other == seq && **on)
            .map(|((_, _, emoji), _)| emoji.as_str())
            .collect();
        let message = self.messages.get(&seq).ok_or(LogError::NotFound)?;
        if message.deleted_at.is_some() {
            return Err(LogError::Deleted);
        }
        let mut different: BTreeSet<&str> = message.reactions.keys().map(String::as_str).collect();
        different.extend(waiting);
        if on && !different.contains(emoji.as_str()) && different.len() >= REACTIONS {
            return Err(LogError::TooManyReactions);
        }
        self.reactions.insert((seq, person, emoji.clone()), on);
        let change = match self.reaction_change {
            Some(change) => change,
            None => self.next(),
        };
        self.reaction_change = Some(change);
        if let Some(message) = self.messages.get_mut(&seq) {
            message.changed = message.changed.max(change);
        }
        self.changed.insert(seq);
        Ok((seq, change))
    }

    /// What a moderator did is recorded in the audit log.
    fn record(&mut self, entry: &Entry, seq: u64, operation: Operation, details: Value) {
        let author = self.messages.get(&seq).map(|message| message.sender.id);
        self.audit.push(audit::Entry {
            person: author,
            room: self.room,
            channel: Some(self.channel),
            seq: Some(seq),
            details,
            ..audit::Entry::new(Some(self.event_id), Some(entry.person), operation.rule().name)
        });
    }

    fn next(&mut self) -> u64 {
        self.head += 1;
        self.head
    }

    fn shown(&mut self, seq: u64) -> Result<&mut Stored, LogError> {
        let message = self.messages.get_mut(&seq).ok_or(LogError::NotFound)?;
        if message.deleted_at.is_some() { Err(LogError::Deleted) } else { Ok(message) }
    }

    fn touch(&mut self, seq: u64) -> (u64, u64) {
        let change = self.next();
        if let Some(message) = self.messages.get_mut(&seq) {
            message.changed = change;
        }
        self.changed.insert(seq);
        (seq, change)
    }
}
