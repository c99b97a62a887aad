//! Looks at everybody who is connected as if they had just arrived, after something may have changed
//! that was not heard of: where their sign-in has ended, how they appear, what they are.

use std::sync::Arc;

use super::Who;
use super::arrival::{self, Arrival};
use crate::core::Core;
use crate::db::DbError;
use crate::events::{EventSnapshot, Part};
use crate::hub::Member;
use crate::protocol::CloseReason;

/// How many are looked up by one statement.
const BATCH_SIZE: usize = 256;

/// Looks at everybody.
///
/// # Errors
/// When the database does not answer.
pub async fn look_again(core: &Core) -> Result<(), DbError> {
    // Whoever is just arriving is not among those below, and looks again.
    core.people.sign_ins.forget();
    core.people.arrivals.overtake();
    for some in core.hub.connections_where(|_| true).chunks(BATCH_SIZE) {
        let asked: Vec<_> =
            some.iter().map(|member| (member.event, Who::SignIn(member.sign_in))).collect();
        let found = arrival::read(&core.db, &asked).await?;
        for (member, arrival) in some.iter().zip(found) {
            let now = core.clock.now();
            let Some(arrival) = arrival.filter(|arrival| arrival.is_valid(now)) else {
                member.outbox.close(CloseReason::SignInEnded.into());
                continue;
            };
            if let Some(event) = core.events.by_id(member.event).await? {
                look_at(core, &event, member, &arrival).await?;
            }
        }
    }
    Ok(())
}

async fn look_at(
    core: &Core,
    event: &EventSnapshot,
    member: &Arc<Member>,
    arrival: &Arrival,
) -> Result<(), DbError> {
    let (before, now) = (member.appearance(), arrival.appearance(event)?);
    if (before.card.get(), before.listed) != (now.card.get(), now.listed) {
        // Read anew: it may have changed once more since everybody was looked up.
        super::show_anew(core, member.person).await?;
    }
    let actor = arrival.actor(event);
    if (member.is_registered(), member.is_administrator())
        != (actor.registered, actor.administrator)
    {
        core.events.remind(event.id, Part::Registrations, vec![member.person]);
    }
    Ok(())
}
