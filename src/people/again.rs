//! Checks everybody who is connected as if they had just arrived, after something may have changed
//! that was not heard of: where their sign-in has ended, how they appear, what they are.

use std::sync::Arc;

use super::Who;
use super::arrival::{self, Arrival};
use crate::core::Core;
use crate::db::DbError;
use crate::events::{EventSnapshot, Part};
use crate::hub::Member;
use crate::protocol::CloseReason;

/// How many connections are looked up by one statement.
pub const BATCH_SIZE: usize = 256;

/// Checks everybody.
///
/// # Errors
/// When the database does not answer.
pub async fn check_again(core: &Core) -> Result<(), DbError> {
    doubt_arriving(core);
    for some in core.hub.connections_where(|_| true).chunks(BATCH_SIZE) {
        for (member, arrival) in read_again(core, some).await? {
            if let Some(event) = core.events.by_id(member.event).await? {
                compare(core, &event, member, &arrival).await?;
            }
        }
    }
    Ok(())
}

/// Whoever is just arriving is not among the open connections, and has to look again.
pub fn doubt_arriving(core: &Core) {
    core.people.sign_ins.forget();
    core.people.arrivals.overtake();
}

/// Reads whose these connections are, [`BATCH_SIZE`] at most, as if they had just arrived. Those
/// whose sign-in has ended are closed.
///
/// # Errors
/// When the database does not answer.
pub async fn read_again<'a>(
    core: &Core,
    members: &'a [Arc<Member>],
) -> Result<Vec<(&'a Arc<Member>, Arrival)>, DbError> {
    let asked: Vec<_> =
        members.iter().map(|member| (member.event, Who::SignIn(member.sign_in))).collect();
    let found = arrival::read(&core.db, &asked).await?;
    let now = core.clock.now();
    let mut still_there = Vec::with_capacity(members.len());
    for (member, arrival) in members.iter().zip(found) {
        match arrival.filter(|arrival| arrival.is_valid(now)) {
            Some(arrival) => still_there.push((member, arrival)),
            None => member.outbox.close(CloseReason::SignInEnded.into()),
        }
    }
    Ok(still_there)
}

async fn compare(
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
