//! Blocking people.

use super::store::blocks;
use super::{Chat, announcements};
use crate::id::PersonId;
use crate::identity::card::cards;
use crate::identity::{Caller, in_directory};
use crate::permission::{Operation, Target};
use crate::protocol::{Card, Refusal};

/// How many people somebody may block.
const BLOCKS: u64 = 1_000;

/// Blocks a person, or lifts the block. Anybody can be blocked, even by an id that nobody has: whether
/// there is such a person is told by the directory alone.
///
/// # Errors
/// When the caller may not, or has blocked as many as one may.
pub(super) async fn set(
    chat: &Chat,
    caller: &Caller,
    person: PersonId,
    on: bool,
) -> Result<(), Refusal> {
    caller.may(Operation::PersonBlock, Target::EVENT)?;
    let own = caller.person()?;
    if person == own {
        return Err(Refusal::invalid("person", "You cannot block yourself."));
    }
    let core = &chat.core;
    if on {
        if blocks::count(&core.db, own).await? >= BLOCKS {
            let message = format!("You have blocked {BLOCKS} people. Unblock one first.");
            return Err(Refusal::new("person.too_many_blocks", message));
        }
        blocks::insert(&core.db, own, person, caller.now).await?;
    } else {
        blocks::remove(&core.db, own, person).await?;
    }
    let people = [own, person];
    core.bus.announce(None, &announcements::Block { people });
    Ok(chat.hear_of_block(people).await?)
}

/// The people that the caller has blocked, the newest first. Of those who are not in the event's
/// directory it tells nothing but the id, by which the block is lifted.
///
/// # Errors
/// When they may block nobody.
pub(super) async fn list(chat: &Chat, caller: &Caller) -> Result<Vec<Card>, Refusal> {
    caller.may(Operation::PersonBlock, Target::EVENT)?;
    let (db, event) = (&chat.core.db, &caller.event);
    let blocked = blocks::of(db, caller.person()?).await?;
    let listed = in_directory(db, event.id, &blocked.iter().copied().collect()).await?;
    let mut cards = cards(db, event, &listed).await?;
    let hidden = |id| Card {
        id,
        name: String::new(),
        reading: None,
        picture: None,
        affiliation: None,
        badge: None,
    };
    Ok(blocked.into_iter().map(|id| cards.remove(&id).unwrap_or_else(|| hidden(id))).collect())
}
