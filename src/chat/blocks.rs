//! Blocking people.

use super::store::blocks;
use super::{Chat, announcements};
use crate::id::PersonId;
use crate::identity::Caller;
use crate::permission::{Operation, Target};
use crate::protocol::{Card, Refusal};

/// How many people somebody may block.
const BLOCKS: u64 = 1_000;

/// Blocks a person, or lifts the block.
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
        if !blocks::is_somebody(&core.db, person).await? {
            return Err(Refusal::not_found("person"));
        }
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

/// The people that the caller has blocked, the newest first.
///
/// # Errors
/// When they may block nobody.
pub(super) async fn list(chat: &Chat, caller: &Caller) -> Result<Vec<Card>, Refusal> {
    caller.may(Operation::PersonBlock, Target::EVENT)?;
    Ok(blocks::of(&chat.core.db, &caller.event, caller.person()?).await?)
}
