//! Lasting changes of a channel: the rules are checked in memory before the log takes them.

use std::sync::Arc;

use super::access::{Access, mentionable, moderated, readable, speakable};
use super::log::{Action, Entry, Written};
use super::permit::Permit;
use super::reading::Pointer;
use super::store::messages::Origin;
use super::text::{Emoji, MessageText};
use super::{Chat, seen, store};
use crate::hub::Member;
use crate::id::{ChannelId, ClientMessageId, PersonId, RoomId};
use crate::identity::Caller;
use crate::permission::{Denied, Level, Operation};
use crate::protocol::{Card, Refusal};
use crate::text::Reason;

/// How many people a message may mention.
const MENTIONS: usize = 10;

/// A message to be sent.
#[derive(Debug)]
pub(super) struct NewMessage {
    /// The sender as others see them.
    pub(super) sender: Card,
    pub(super) client_id: ClientMessageId,
    pub(super) text: String,
    /// The number of the message that it answers.
    pub(super) reply_to: Option<u64>,
    pub(super) mentions: Vec<PersonId>,
}

/// Sends a message; `own` is the connection it came from, if any.
///
/// # Errors
/// When the caller may not write there, or not now, or the log does not take it.
pub(super) async fn send(
    chat: &Chat,
    caller: &Caller,
    own: Option<&Arc<Member>>,
    channel: ChannelId,
    new: NewMessage,
) -> Result<Written, Refusal> {
    let (person, client_id) = (caller.person()?, new.client_id);
    match send_new(chat, caller, own, channel, new).await {
        // It may have been accepted before the room was locked or the event was closed, and be sent
        // once more: then the first answer is repeated.
        Err(refusal) if matches!(&*refusal.code, "chat.locked" | "chat.read_only") => {
            take_message(chat, person)?;
            let (db, event) = (&chat.core.db, &caller.event);
            match store::messages::sent_by(db, event, channel, person, client_id).await? {
                Some(stored) => Ok(Written { seq: stored.seq, message: stored.message() }),
                None => Err(refusal),
            }
        }
        answer => answer,
    }
}

async fn send_new(
    chat: &Chat,
    caller: &Caller,
    own: Option<&Arc<Member>>,
    channel: ChannelId,
    new: NewMessage,
) -> Result<Written, Refusal> {
    let access = speakable(chat, caller, channel, Operation::MessageSend).await?;
    check_mentions(&new.mentions)?;
    let person = caller.person()?;
    let text = MessageText::try_from(new.text)?;
    take_message(chat, person)?;
    let mentions = mentionable(chat, caller, &access, new.mentions).await?;
    let turn = take_turn(chat, caller, &access, Turn::Send(new.client_id))?;
    let NewMessage { sender, client_id, reply_to, .. } = new;
    let action = Action::Send { sender, client_id, text, reply_to, mentions };
    let permit = access.permit(caller, Operation::MessageSend, true);
    let written = append(chat, caller, channel, permit, action).await;
    if let (Err(_), Some(room)) = (&written, turn) {
        chat.slow_mode.give_back(room, person);
    }
    let written = written?;
    if let Some(open) = chat.core.hub.open_channel(channel) {
        open.typed(person);
    }
    // A sender has read the channel.
    let to = Pointer { seq: written.message.seq, ordinal: written.message.ordinal };
    seen::advance(chat, caller, own, channel, to).await?;
    Ok(written)
}

fn check_mentions(mentions: &[PersonId]) -> Result<(), Refusal> {
    if mentions.len() <= MENTIONS {
        return Ok(());
    }
    Err(Refusal::invalid("mentions", format!("A message can mention {MENTIONS} people.")))
}

/// What takes a turn in slow mode.
#[derive(Clone, Copy, Debug)]
enum Turn {
    /// A new message.
    Send(ClientMessageId),
    /// Another text for this one.
    Correct(ClientMessageId),
}

/// Counts a message of a person, over all their connections.
fn take_message(chat: &Chat, person: PersonId) -> Result<(), Refusal> {
    let taken = chat.rates.take(person, chat.core.clock.uptime());
    taken.map_err(|wait| {
        let message = "You are sending messages too fast. Please wait a moment.";
        Refusal::new("rate.limited", message).retry_after(wait)
    })
}

/// In a room with slow mode: takes the person's turn and returns the room, or says when the next
/// one is.
fn take_turn(
    chat: &Chat,
    caller: &Caller,
    access: &Access,
    what: Turn,
) -> Result<Option<RoomId>, Refusal> {
    let Some(room) = access.room() else { return Ok(None) };
    let seconds = caller.event.rooms.get(&room).map_or(0, |room| room.slow_mode_seconds);
    if seconds == 0 || caller.actor.level(Some(room)) >= Level::Moderator {
        return Ok(None);
    }
    let (person, now) = (caller.person()?, chat.core.clock.uptime());
    let turn = match what {
        Turn::Send(message) => chat.slow_mode.take(room, person, message, seconds, now),
        Turn::Correct(message) => chat.slow_mode.correct(room, person, message, seconds, now),
    };
    turn.map(|taken| taken.then_some(room)).map_err(|wait| {
        let message = format!("Slow mode: one message every {seconds} seconds. Please wait.");
        Refusal::new("chat.slow_mode", message).retry_after(wait)
    })
}

/// Gives a message of one's own another text, and lets it mention these people; without `mentions`
/// it mentions the same as before.
///
/// # Errors
/// When the caller may not, or the log does not take it; likewise the others.
pub(super) async fn edit(
    chat: &Chat,
    caller: &Caller,
    channel: ChannelId,
    seq: u64,
    text: String,
    mentions: Option<Vec<PersonId>>,
) -> Result<Written, Refusal> {
    let access = speakable(chat, caller, channel, Operation::MessageSend).await?;
    let (person, origin) = (caller.person()?, origin(chat, channel, seq).await?);
    let own = origin.sender == person;
    caller.may(Operation::MessageEdit, access.target().owned(own))?;
    check_mentions(mentions.as_deref().unwrap_or_default())?;
    let text = MessageText::try_from(text)?;
    take_message(chat, person)?;
    let mentions = match mentions {
        Some(mentions) => Some(mentionable(chat, caller, &access, mentions).await?),
        None => None,
    };
    let turn = match text.as_str() == origin.body {
        true => None,
        false => take_turn(chat, caller, &access, Turn::Correct(origin.client_id))?,
    };
    let permit = access.permit(caller, Operation::MessageEdit, own);
    let edit = Action::Edit { seq, text, mentions };
    let written = append(chat, caller, channel, permit, edit).await;
    if let (Err(_), Some(room)) = (&written, turn) {
        chat.slow_mode.give_back(room, person);
    }
    written
}

/// Deletes a message. The reason is recorded in the audit log when it is somebody else's.
pub(super) async fn delete(
    chat: &Chat,
    caller: &Caller,
    channel: ChannelId,
    seq: u64,
    reason: Reason,
) -> Result<Written, Refusal> {
    let access = readable(chat, caller, channel).await?;
    let own = is_own(chat, caller, channel, seq).await?;
    let target = access.target().owned(own);
    // A direct channel has no moderators: its messages belong to its people.
    if access.direct.is_some() && !own {
        return Err(Denied::Role.into());
    }
    caller.may(Operation::MessageDelete, target)?;
    let action = Action::Delete { seq, reason: (!own).then(|| reason.into()) };
    let permit = access.permit(caller, Operation::MessageDelete, own);
    append(chat, caller, channel, permit, action).await
}

/// Restores a message that a moderator deleted.
pub(super) async fn restore(
    chat: &Chat,
    caller: &Caller,
    channel: ChannelId,
    seq: u64,
) -> Result<Written, Refusal> {
    let access = moderated(chat, caller, channel).await?;
    caller.may(Operation::MessageRestore, access.target())?;
    let permit = access.permit(caller, Operation::MessageRestore, true);
    append(chat, caller, channel, permit, Action::Restore { seq }).await
}

/// Pins or unpins a message.
pub(super) async fn pin(
    chat: &Chat,
    caller: &Caller,
    channel: ChannelId,
    seq: u64,
    on: bool,
) -> Result<Written, Refusal> {
    let access = moderated(chat, caller, channel).await?;
    caller.may(Operation::MessagePin, access.target())?;
    let permit = access.permit(caller, Operation::MessagePin, true);
    append(chat, caller, channel, permit, Action::Pin { seq, on }).await
}

/// Puts a reaction or takes it back.
pub(super) async fn react(
    chat: &Chat,
    caller: &Caller,
    channel: ChannelId,
    seq: u64,
    (emoji, on): (Emoji, bool),
) -> Result<Written, Refusal> {
    let access = speakable(chat, caller, channel, Operation::MessageReact).await?;
    let permit = access.permit(caller, Operation::MessageReact, true);
    append(chat, caller, channel, permit, Action::React { seq, emoji, on }).await
}

async fn is_own(
    chat: &Chat,
    caller: &Caller,
    channel: ChannelId,
    seq: u64,
) -> Result<bool, Refusal> {
    let person = caller.person()?;
    Ok(origin(chat, channel, seq).await?.sender == person)
}

async fn origin(chat: &Chat, channel: ChannelId, seq: u64) -> Result<Origin, Refusal> {
    let origin = store::messages::origin(&chat.core.db, channel, seq).await?;
    origin.ok_or_else(|| Refusal::not_found("message"))
}

async fn append(
    chat: &Chat,
    caller: &Caller,
    channel: ChannelId,
    permit: Permit,
    action: Action,
) -> Result<Written, Refusal> {
    let entry = Entry { channel, person: caller.person()?, permit: Some(permit), action };
    Ok(chat.log.append(entry).await?)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::super::people;
    use super::*;
    use crate::clock::Timestamp;
    use crate::core::Core;
    use crate::events::{ChannelInfo, ChannelKind, RoomInfo, at_version};
    use crate::permission::{Actor, Grant, Place, Role};

    const ROOM: RoomId = RoomId(Uuid::from_u128(1));
    const CHANNEL: ChannelId = ChannelId(Uuid::from_u128(2));
    const ADA: PersonId = PersonId(Uuid::from_u128(3));

    /// An attendee with these roles in an event whose only room is locked.
    fn caller(grants: Vec<Grant>) -> Caller {
        let mut event = at_version(1);
        let (name, locked) = ("Hall".to_owned(), true);
        event.rooms.insert(ROOM, RoomInfo { name, hidden: false, slow_mode_seconds: 0, locked });
        event.channels.insert(
            CHANNEL,
            ChannelInfo { kind: ChannelKind::ROOM, place: Some(Place::room(ROOM)) },
        );
        let actor = Actor { person: Some(ADA), registered: true, grants, ..Actor::default() };
        Caller { event: Arc::new(event), actor: Arc::new(actor), now: Timestamp(0) }
    }

    fn message(text: &str) -> NewMessage {
        let (name, picture, affiliation, badge) = ("Ada".to_owned(), None, None, None);
        NewMessage {
            sender: Card { id: ADA, name, reading: None, picture, affiliation, badge },
            client_id: ClientMessageId(Uuid::from_u128(4)),
            text: text.to_owned(),
            reply_to: None,
            mentions: Vec::new(),
        }
    }

    #[tokio::test]
    async fn the_rules_answer_a_caller_who_has_no_connection() {
        let core = Core::unconnected(crate::chat::archive).unwrap();
        let chat = Chat::start(&core);
        let attendee = caller(Vec::new());
        let refused =
            edit(&chat, &attendee, CHANNEL, 1, "hello".to_owned(), None).await.unwrap_err();
        assert_eq!(refused.code, "chat.locked");
        let refused = pin(&chat, &attendee, CHANNEL, 1, true).await.unwrap_err();
        assert_eq!(refused.code, "permission.denied");
        let moderator = caller(vec![Grant { role: Role::Moderator, room: Some(ROOM) }]);
        let refused = send(&chat, &moderator, None, CHANNEL, message(" ")).await.unwrap_err();
        assert_eq!(refused.code, "chat.empty", "the lock does not hold for them");
        assert!(people::page(&chat, &attendee, CHANNEL, "", None).await.is_ok());
        let stranger = Caller { actor: Arc::new(Actor::default()), ..attendee };
        let refused = people::page(&chat, &stranger, CHANNEL, "", None).await.unwrap_err();
        assert_eq!(refused.code, "sign_in.required");
    }
}
