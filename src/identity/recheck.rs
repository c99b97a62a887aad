//! Checks all connected people as if they had just arrived, after announcements may have been
//! missed: whether their sign-in has ended, how they appear, and which roles they have.
//!
//! One statement checks 256 connections. While the database does not answer, the check is retried
//! at most once a second.

use std::sync::Arc;

use super::Who;
use super::appearance::refresh_here;
use super::arrival::{self, Arrival};
use crate::db::DbError;
use crate::events::EventSnapshot;
use crate::hub::Member;
use crate::identity::{Identity, REGISTRATIONS};
use crate::protocol::CloseReason;

/// How many connections are looked up by one statement.
pub const BATCH_SIZE: usize = 256;

/// Checks everyone.
///
/// # Errors
/// When the database does not answer.
pub async fn recheck_everybody(identity: &Identity) -> Result<(), DbError> {
    invalidate_arriving(identity);
    for some in identity.hub.connections_where(|_| true).chunks(BATCH_SIZE) {
        for (member, arrival) in read_again(identity, some).await? {
            if let Some(event) = identity.events.by_id(member.event).await? {
                compare(identity, &event, member, &arrival).await?;
            }
        }
    }
    Ok(())
}

/// Makes arrivals in progress look again: they are not among the open connections yet.
pub fn invalidate_arriving(identity: &Identity) {
    identity.sign_ins.forget();
    identity.arrivals.overtake();
}

/// Reads the people of these connections, at most [`BATCH_SIZE`], as if they had just arrived, and
/// closes those whose sign-in has ended.
///
/// # Errors
/// When the database does not answer.
pub async fn read_again<'a>(
    identity: &Identity,
    members: &'a [Arc<Member>],
) -> Result<Vec<(&'a Arc<Member>, Arrival)>, DbError> {
    let asked: Vec<_> =
        members.iter().map(|member| (member.event, Who::SignIn(member.sign_in))).collect();
    let found = arrival::read(&identity.db, &asked).await?;
    let now = identity.clock.now();
    let mut still_there = Vec::with_capacity(members.len());
    for (member, arrival) in members.iter().zip(found) {
        match arrival.filter(|arrival| arrival.is_valid(identity, now)) {
            Some(arrival) => still_there.push((member, arrival)),
            None => member.outbox.close(CloseReason::SignInEnded.into()),
        }
    }
    Ok(still_there)
}

async fn compare(
    identity: &Identity,
    event: &EventSnapshot,
    member: &Arc<Member>,
    arrival: &Arrival,
) -> Result<(), DbError> {
    let (before, now) = (member.appearance(), arrival.appearance(event)?);
    if (before.card.get(), before.listed) != (now.card.get(), now.listed) {
        // Read again: it may have changed once more since the batch was read.
        refresh_here(identity, member.person).await?;
    }
    let actor = arrival.actor(event);
    if (member.is_registered(), member.is_administrator())
        != (actor.registered, actor.administrator)
    {
        identity.events.remind(event.id, REGISTRATIONS, vec![member.person]);
    }
    Ok(())
}
