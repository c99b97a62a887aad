//! The socket's operations of moderators.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::sanction::{NewSanction, PastSanction, Sanction};
use super::{Restrictions, SANCTIONS, active_on, active_on_each, audit_store, sanction, switch};
use crate::core::Core;
use crate::db::DbError;
use crate::events::store::rooms::Switch;
use crate::hub::Lane;
use crate::id::{PersonId, RoomId, SanctionId};
use crate::permission::{Place, SanctionKind};
use crate::protocol::{Card, Push, Refusal, push_frame};
use crate::socket::{Changed, Connection, Operations};
use crate::text::Reason;

/// Registers the operations of moderators.
pub(super) fn operations(operations: &mut Operations) {
    operations.add("moderation.time_out", time_out);
    operations.add("moderation.ban", ban);
    operations.add("moderation.lift", lift);
    operations.add("moderation.slow_mode", slow_mode);
    operations.add("moderation.lock", lock);
    operations.add("moderation.sanctions", sanctions);
    operations.add("moderation.history", history);
    operations.describe_push::<Standing>();
}

#[derive(Debug, Serialize, ToSchema)]
struct Done {}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TimeOut {
    person: PersonId,
    /// The only room in which it is to hold.
    #[serde(default)]
    room: Option<RoomId>,
    /// For how long.
    #[schema(minimum = 10, maximum = 2_592_000)]
    seconds: u64,
    /// Why: the person is told.
    reason: Reason,
}

#[derive(Debug, Serialize, ToSchema)]
struct Imposed {
    sanction: Sanction,
}

async fn time_out(connection: Arc<Connection>, data: TimeOut) -> Result<Imposed, Refusal> {
    let order = NewSanction {
        kind: SanctionKind::TimeOut,
        person: data.person,
        room: data.room,
        reason: data.reason,
        seconds: Some(data.seconds),
    };
    impose(&connection, order).await
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Ban {
    person: PersonId,
    /// The only room in which it is to hold.
    #[serde(default)]
    room: Option<RoomId>,
    /// Why: the person is told.
    reason: Reason,
    /// For how long; for ever when not said.
    #[serde(default)]
    #[schema(minimum = 60, maximum = 31_536_000)]
    seconds: Option<u64>,
}

async fn ban(connection: Arc<Connection>, data: Ban) -> Result<Imposed, Refusal> {
    let order = NewSanction {
        kind: SanctionKind::Ban,
        person: data.person,
        room: data.room,
        reason: data.reason,
        seconds: data.seconds,
    };
    impose(&connection, order).await
}

async fn impose(connection: &Connection, order: NewSanction) -> Result<Imposed, Refusal> {
    let (caller, by) = (connection.caller(), connection.card()?);
    Ok(Imposed { sanction: sanction::impose(&connection.core, &caller, by, order).await? })
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Lift {
    sanction: SanctionId,
}

async fn lift(connection: Arc<Connection>, data: Lift) -> Result<Done, Refusal> {
    sanction::lift(&connection.core, &connection.caller(), data.sanction).await?;
    Ok(Done {})
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SlowMode {
    room: RoomId,
    /// The least time between two messages of a person; 0 ends slow mode.
    #[schema(maximum = 3_600)]
    seconds: u32,
}

async fn slow_mode(connection: Arc<Connection>, data: SlowMode) -> Result<Done, Refusal> {
    let switch = Switch::SlowMode(data.seconds);
    switch::turn(&connection.core, &connection.caller(), data.room, switch).await?;
    Ok(Done {})
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Lock {
    room: RoomId,
    /// Whether only moderators may write.
    locked: bool,
}

async fn lock(connection: Arc<Connection>, data: Lock) -> Result<Done, Refusal> {
    let switch = Switch::Lock(data.locked);
    switch::turn(&connection.core, &connection.caller(), data.room, switch).await?;
    Ok(Done {})
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Sanctions {
    /// Those of this room alone; a moderator of a room has to name it.
    #[serde(default)]
    room: Option<RoomId>,
    /// Where the page before ended.
    #[serde(default)]
    cursor: Option<SanctionId>,
}

#[derive(Debug, Serialize, ToSchema)]
struct SanctionsPage {
    /// Those in force, newest first.
    sanctions: Vec<Sanction>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<SanctionId>,
}

async fn sanctions(connection: Arc<Connection>, data: Sanctions) -> Result<SanctionsPage, Refusal> {
    let (db, caller) = (&connection.core.db, connection.caller());
    let (page, next) = sanction::in_force(db, &caller, data.room, data.cursor).await?;
    Ok(SanctionsPage { sanctions: page.into_iter().map(|past| past.sanction).collect(), next })
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct History {
    person: PersonId,
    /// What happened in this room alone; a moderator of a room has to name it.
    #[serde(default)]
    room: Option<RoomId>,
    /// Where the page before ended.
    #[serde(default)]
    cursor: Option<SanctionId>,
}

/// A person as moderators see them.
#[derive(Debug, Serialize, ToSchema)]
struct HistoryPage {
    person: Card,
    /// The names that the person had in this event before, the latest first.
    former_names: Vec<String>,
    /// Whether this moderator stands above the person, and so can do something.
    may_moderate: bool,
    /// All sanctions there have been, newest first.
    sanctions: Vec<PastSanction>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<SanctionId>,
}

async fn history(connection: Arc<Connection>, data: History) -> Result<HistoryPage, Refusal> {
    let (db, caller) = (&connection.core.db, connection.caller());
    let (subject, (sanctions, next)) =
        sanction::history(db, &caller, data.person, data.room, data.cursor).await?;
    let former_names = audit_store::former_names(db, caller.event.id, data.person).await?;
    Ok(HistoryPage {
        former_names,
        may_moderate: subject.is_below(&caller.actor, data.room.map(Place::room)),
        person: subject.card,
        sanctions,
        next,
    })
}

/// Moderation's part of the welcome.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Welcome {
    /// The sanctions on the person that are in force.
    standing: Vec<Sanction>,
}

pub(super) async fn welcome(connection: Arc<Connection>) -> Result<Welcome, Refusal> {
    let event = connection.event();
    // Most people have none, which memory knows.
    if Restrictions::on(&event, connection.person()).is_empty() {
        return Ok(Welcome { standing: Vec::new() });
    }
    Ok(Welcome { standing: active_on(&connection.core, &event, connection.person()).await? })
}

/// The person's own sanctions in force have changed.
#[derive(Debug, Serialize, ToSchema)]
struct Standing {
    sanctions: Vec<Sanction>,
}

impl Push for Standing {
    const NAME: &'static str = "standing";
}

/// Tells people how they stand, before a ban closes their connections: this carries the reason.
pub(super) async fn tell_standing(core: Core, changed: &Changed) -> Result<(), DbError> {
    if changed.part.is_some_and(|part| !part.is(SANCTIONS)) {
        return Ok(());
    }
    let people = changed.members.iter().map(|member| member.person).collect();
    let reasons = active_on_each(&core, &changed.event, people).await?;
    for member in &changed.members {
        let sanctions = reasons.get(&member.person).cloned().unwrap_or_default();
        member.outbox.push(Lane::Control, &push_frame(None, &Standing { sanctions }));
    }
    Ok(())
}
