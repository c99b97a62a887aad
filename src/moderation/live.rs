//! The socket's operations of moderators.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::sanction::{NewSanction, PastSanction, Sanction, check_room};
use super::store::{self, Wanted};
use super::{sanction, standing};
use crate::audit::Entry;
use crate::events::rooms::check_slow_mode;
use crate::events::store::rooms::{self, Switch};
use crate::events::{EventChange, Part};
use crate::id::{PersonId, RoomId, SanctionId};
use crate::permission::{Operation, Place, SanctionKind, Target};
use crate::protocol::{Card, Refusal};
use crate::socket::{Connection, Operations};
use crate::text::Reason;

/// The shortest and the longest time-out: ten seconds and thirty days.
const TIME_OUT_SECONDS: (u64, u64) = (10, 30 * 24 * 60 * 60);
/// The shortest and the longest ban that ends by itself: a minute and a year.
const BAN_SECONDS: (u64, u64) = (60, 365 * 24 * 60 * 60);
/// How many sanctions a page has.
const PAGE: usize = 50;

/// Registers the operations of moderators.
pub(super) fn operations(operations: &mut Operations) {
    operations.add("moderation.time_out", time_out);
    operations.add("moderation.ban", ban);
    operations.add("moderation.lift", lift);
    operations.add("moderation.slow_mode", slow_mode);
    operations.add("moderation.lock", lock);
    operations.add("moderation.sanctions", sanctions);
    operations.add("moderation.history", history);
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
        lasts: Some(lasting(data.seconds, TIME_OUT_SECONDS)?),
    };
    Ok(Imposed { sanction: sanction::impose(&connection, order).await? })
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
        lasts: data.seconds.map(|seconds| lasting(seconds, BAN_SECONDS)).transpose()?,
    };
    Ok(Imposed { sanction: sanction::impose(&connection, order).await? })
}

fn lasting(seconds: u64, (least, most): (u64, u64)) -> Result<Duration, Refusal> {
    if (least..=most).contains(&seconds) {
        return Ok(Duration::from_secs(seconds));
    }
    Err(Refusal::invalid("seconds", format!("seconds must be from {least} to {most}.")))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Lift {
    sanction: SanctionId,
}

async fn lift(connection: Arc<Connection>, data: Lift) -> Result<Done, Refusal> {
    sanction::lift(&connection, data.sanction).await?;
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
    check_slow_mode(data.seconds, "seconds")?;
    turn(&connection, data.room, Switch::SlowMode(data.seconds)).await
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Lock {
    room: RoomId,
    /// Whether only moderators may write.
    locked: bool,
}

async fn lock(connection: Arc<Connection>, data: Lock) -> Result<Done, Refusal> {
    turn(&connection, data.room, Switch::Lock(data.locked)).await
}

async fn turn(connection: &Connection, id: RoomId, switch: Switch) -> Result<Done, Refusal> {
    let operation = match switch {
        Switch::SlowMode(_) => Operation::SlowMode,
        Switch::Lock(_) => Operation::Lock,
    };
    connection.may(operation, Target::room(Some(id)))?;
    check_room(connection, Some(id))?;
    let core = &connection.core;
    let event = connection.event();
    let stands = event.rooms.get(&id).is_some_and(|room| match switch {
        Switch::SlowMode(seconds) => room.slow_mode_seconds == seconds,
        Switch::Lock(locked) => room.locked == locked,
    });
    if stands {
        return Ok(Done {});
    }
    let mut change = EventChange::begin(&core.changes, event.id, Some(connection.person())).await?;
    rooms::turn(&core.db, &mut change, id, switch).await?;
    let entry = Entry {
        room: Some(id),
        details: match switch {
            Switch::SlowMode(seconds) => json!({ "seconds": seconds }),
            Switch::Lock(locked) => json!({ "locked": locked }),
        },
        ..change.entry(operation.rule().name)
    };
    change.record(entry).await?;
    change.commit(&[Part::SWITCHES.of(id.0)]).await?;
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
    connection.may(Operation::SanctionsRead, Target::room(data.room))?;
    check_room(&connection, data.room)?;
    let wanted = Wanted { person: None, room: data.room, before: data.cursor, limit: PAGE + 1 };
    let (page, next) = page(&connection, wanted).await?;
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
    /// Whether this moderator stands above the person, and so can do something.
    may_moderate: bool,
    /// All sanctions there have been, newest first.
    sanctions: Vec<PastSanction>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<SanctionId>,
}

async fn history(connection: Arc<Connection>, data: History) -> Result<HistoryPage, Refusal> {
    connection.may(Operation::HistoryRead, Target::room(data.room))?;
    check_room(&connection, data.room)?;
    let subject = standing::subject(&connection.core, &connection.event(), data.person).await?;
    let wanted =
        Wanted { person: Some(data.person), room: data.room, before: data.cursor, limit: PAGE + 1 };
    let (sanctions, next) = page(&connection, wanted).await?;
    Ok(HistoryPage {
        may_moderate: subject.is_below(&connection.actor(), data.room.map(Place::room)),
        person: subject.card,
        sanctions,
        next,
    })
}

async fn page(
    connection: &Connection,
    wanted: Wanted,
) -> Result<(Vec<PastSanction>, Option<SanctionId>), Refusal> {
    let db = &connection.core.db;
    let mut page = store::page(db, &connection.event(), wanted, connection.now()).await?;
    let more = page.len() > PAGE;
    page.truncate(PAGE);
    let next = page.last().filter(|_| more).map(|last| last.sanction.id);
    Ok((page, next))
}
