//! Imposing and lifting sanctions.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{standing, store};
use crate::audit::Entry;
use crate::clock::Timestamp;
use crate::events::{EventChange, Part};
use crate::id::{PersonId, RoomId, SanctionId};
use crate::permission::{Level, Operation, SanctionKind, Target};
use crate::protocol::{Card, Refusal};
use crate::socket::Connection;
use crate::text::Reason;

/// A time-out or a ban.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Sanction {
    /// Its identifier, to lift it.
    pub id: SanctionId,
    /// What it takes away.
    pub kind: SanctionKind,
    /// On whom.
    pub person: Card,
    /// The only room in which it holds; the whole event when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room: Option<RoomId>,
    /// Why, in the moderator's words to the person.
    pub reason: String,
    /// Since when.
    pub created_at: Timestamp,
    /// When it ends by itself; never when there is no time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// Who imposed it; told to moderators only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Card>,
}

/// A sanction as it stands in somebody's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PastSanction {
    /// The sanction.
    #[serde(flatten)]
    pub sanction: Sanction,
    /// Whether it is in force.
    pub active: bool,
    /// When it was ended before its time, by a moderator or by another one in its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lifted_at: Option<Timestamp>,
    /// Who ended it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lifted_by: Option<Card>,
}

/// A sanction to be imposed.
#[derive(Debug)]
pub(super) struct NewSanction {
    pub(super) kind: SanctionKind,
    pub(super) person: PersonId,
    pub(super) room: Option<RoomId>,
    pub(super) reason: Reason,
    pub(super) lasts: Option<Duration>,
}

impl NewSanction {
    fn operation(&self) -> Operation {
        match self.kind {
            SanctionKind::TimeOut => Operation::TimeOut,
            SanctionKind::Ban => Operation::Ban,
        }
    }
}

/// Checks that the event has this room and that the connection's person may know of it.
pub(super) fn check_room(connection: &Connection, room: Option<RoomId>) -> Result<(), Refusal> {
    let Some(id) = room else { return Ok(()) };
    let event = connection.event();
    let room = event.rooms.get(&id).ok_or_else(|| Refusal::not_found("room"))?;
    if room.hidden && connection.actor().level(None) < Level::Organizer {
        return Err(Refusal::not_found("room"));
    }
    Ok(())
}

/// Imposes a sanction. It replaces one of the same kind and scope: the moderators' last decision
/// counts, whether longer or shorter.
pub(super) async fn impose(
    connection: &Connection,
    order: NewSanction,
) -> Result<Sanction, Refusal> {
    connection.may(order.operation(), Target::room(order.room))?;
    check_room(connection, order.room)?;
    let core = &connection.core;
    let event = connection.event();
    let subject = standing::subject(core, &event, order.person).await?;
    subject.check_below(&connection.actor(), order.room)?;

    let mut change = EventChange::begin(&core.changes, event.id, Some(connection.person())).await?;
    let sanction = Sanction {
        id: SanctionId::new(change.now, &core.random),
        kind: order.kind,
        person: subject.card,
        room: order.room,
        reason: order.reason.as_str().to_owned(),
        created_at: change.now,
        expires_at: order.lasts.map(|lasts| change.now.after(lasts)),
        by: Some(connection.card()?),
    };
    let replaced = store::end_same(&core.db, &mut change, &sanction).await?;
    store::insert(&core.db, &mut change, &sanction).await?;
    let entry = Entry {
        person: Some(order.person),
        room: order.room,
        details: json!({
            "sanction": sanction.id, "reason": sanction.reason,
            "expires_at": sanction.expires_at, "replaces_another": replaced,
        }),
        ..change.entry(order.operation().rule().name)
    };
    change.record(entry).await?;
    change.commit_concerning(&[order.person], &[Part::Sanctions]).await?;
    Ok(sanction)
}

/// Lifts a sanction. One that is already over stays as it is.
pub(super) async fn lift(connection: &Connection, id: SanctionId) -> Result<(), Refusal> {
    // People who moderate nowhere learn nothing.
    standing::reach(&connection.actor(), Operation::Lift, connection.now())?;
    let core = &connection.core;
    let event = connection.event();
    let sanction = store::find(&core.db, &event, id, connection.now()).await?;
    let sanction = sanction.ok_or_else(|| Refusal::not_found("sanction"))?;
    connection.may(Operation::Lift, Target::room(sanction.room))?;
    let subject = standing::subject(core, &event, sanction.person.id).await?;
    subject.check_below(&connection.actor(), sanction.room)?;

    let mut change = EventChange::begin(&core.changes, event.id, Some(connection.person())).await?;
    if !store::lift(&core.db, &mut change, id).await? {
        return Ok(());
    }
    let entry = Entry {
        person: Some(sanction.person.id),
        room: sanction.room,
        details: json!({
            "sanction": id, "kind": sanction.kind, "reason": sanction.reason,
            "expires_at": sanction.expires_at,
        }),
        ..change.entry(Operation::Lift.rule().name)
    };
    change.record(entry).await?;
    change.commit_concerning(&[sanction.person.id], &[Part::Sanctions]).await?;
    Ok(())
}
