//! Rechecks everybody who is connected as if they had just arrived, after changes may have been
//! missed: whether their sign-in has ended, how they appear, what they are.

use std::sync::Arc;

use super::Who;
use super::appearance::show_anew;
use super::arrival::{self, Arrival};
use crate::db::DbError;
use crate::events::{EventSnapshot, Part};
use crate::hub::Member;
use crate::identity::Identity;
use crate::protocol::CloseReason;

/// How many are looked up by one statement.
const BATCH_SIZE: usize = 256;

/// Rechecks everybody.
///
/// # Errors
/// When the database does not answer.
pub async fn recheck_everybody(identity: &Identity) -> Result<(), DbError> {
    // Whoever is just arriving is not among those below, and is looked up again.
    identity.sign_ins.forget();
    identity.arrivals.overtake();
    for some in identity.hub.connections_where(|_| true).chunks(BATCH_SIZE) {
        let asked: Vec<_> =
            some.iter().map(|member| (member.event, Who::SignIn(member.sign_in))).collect();
        let found = arrival::read(&identity.db, &asked).await?;
        for (member, arrival) in some.iter().zip(found) {
            let now = identity.clock.now();
            let Some(arrival) = arrival.filter(|arrival| arrival.is_valid(now)) else {
                member.outbox.close(CloseReason::SignInEnded.into());
                continue;
            };
            if let Some(event) = identity.events.by_id(member.event).await? {
                recheck(identity, &event, member, &arrival).await?;
            }
        }
    }
    Ok(())
}

async fn recheck(
    identity: &Identity,
    event: &EventSnapshot,
    member: &Arc<Member>,
    arrival: &Arrival,
) -> Result<(), DbError> {
    let (before, now) = (member.appearance(), arrival.appearance(event)?);
    if (before.card.get(), before.listed) != (now.card.get(), now.listed) {
        // Read anew: it may have changed once more since everybody was looked up.
        show_anew(identity, member.person).await?;
    }
    let actor = arrival.actor(event);
    if (member.is_registered(), member.is_administrator())
        != (actor.registered, actor.administrator)
    {
        identity.events.remind(event.id, Part::Registrations, vec![member.person]);
    }
    Ok(())
}
