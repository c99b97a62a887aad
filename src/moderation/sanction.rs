//! Imposing and lifting sanctions.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::standing::Subject;
use super::store::Wanted;
use super::{SANCTIONS, mailbox, standing, store};
use crate::audit::Entry;
use crate::clock::Timestamp;
use crate::core::Core;
use crate::db::Db;
use crate::events::EventChange;
use crate::id::{PersonId, RoomId, SanctionId};
use crate::identity::Caller;
use crate::permission::{Operation, Place, SanctionKind, Target};
use crate::protocol::{Card, Refusal};
use crate::text::Reason;

/// The shortest and the longest time-out: ten seconds and thirty days.
const TIME_OUT_SECONDS: (u64, u64) = (10, 30 * 24 * 60 * 60);
/// The shortest and the longest ban that ends by itself: a minute and a year.
const BAN_SECONDS: (u64, u64) = (60, 365 * 24 * 60 * 60);
/// How many sanctions a page has.
const PAGE: usize = 50;

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
    /// The only room in which it is to hold.
    pub(super) room: Option<RoomId>,
    pub(super) reason: Reason,
    /// For how many seconds; for ever when not said.
    pub(super) seconds: Option<u64>,
}

impl NewSanction {
    fn operation(&self) -> Operation {
        match self.kind {
            SanctionKind::TimeOut => Operation::TimeOut,
            SanctionKind::Ban => Operation::Ban,
        }
    }

    /// How long it lasts, if it ends by itself.
    fn lasts(&self) -> Result<Option<Duration>, Refusal> {
        let (least, most) = match self.kind {
            SanctionKind::TimeOut => TIME_OUT_SECONDS,
            SanctionKind::Ban => BAN_SECONDS,
        };
        match self.seconds {
            Some(seconds) if !(least..=most).contains(&seconds) => {
                Err(Refusal::invalid("seconds", format!("seconds must be from {least} to {most}.")))
            }
            seconds => Ok(seconds.map(Duration::from_secs)),
        }
    }
}

/// Checks that the event has this room and that the caller may know of it.
pub(super) fn check_room(caller: &Caller, room: Option<RoomId>) -> Result<(), Refusal> {
    match room {
        Some(room) if !caller.event.shows_room(room, &caller.actor) => {
            Err(Refusal::not_found("room"))
        }
        _ => Ok(()),
    }
}

/// Imposes a sanction on behalf of `by`. It replaces one of the same kind in the same place: the
/// moderators' last decision holds, be it longer or shorter.
pub(super) async fn impose(
    core: &Core,
    caller: &Caller,
    by: Card,
    order: NewSanction,
) -> Result<Sanction, Refusal> {
    let lasts = order.lasts()?;
    caller.may(order.operation(), Target::room(order.room))?;
    check_room(caller, order.room)?;
    let subject = standing::subject(&core.db, &caller.event, order.person).await?;
    subject.check_below(&caller.actor, order.room.map(Place::room))?;

    let actor = Some(caller.person()?);
    let mut change = EventChange::begin(&core.changes, caller.event.id, actor).await?;
    let sanction = Sanction {
        id: SanctionId::new(change.now, &core.random),
        kind: order.kind,
        person: subject.card,
        room: order.room,
        reason: order.reason.as_str().to_owned(),
        created_at: change.now,
        expires_at: lasts.map(|lasts| change.now.after(lasts)),
        by: Some(by),
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
    let mut concerned = vec![order.person];
    if order.kind == SanctionKind::Ban {
        concerned.extend(mailbox::ban_others(core, caller, &mut change, &sanction).await?);
    }
    change.commit_concerning(&concerned, &[SANCTIONS]).await?;
    Ok(sanction)
}

/// Lifts a sanction. One that is over already stays as it is.
pub(super) async fn lift(core: &Core, caller: &Caller, id: SanctionId) -> Result<(), Refusal> {
    // Non-moderators must not learn whether it exists.
    standing::reach(&caller.actor, Operation::Lift, caller.now)?;
    let event = &caller.event;
    let sanction = store::find(&core.db, event, id, caller.now).await?;
    let sanction = sanction.ok_or_else(|| Refusal::not_found("sanction"))?;
    caller.may(Operation::Lift, Target::room(sanction.room))?;
    let subject = standing::subject(&core.db, event, sanction.person.id).await?;
    subject.check_below(&caller.actor, sanction.room.map(Place::room))?;

    let actor = Some(caller.person()?);
    let mut change = EventChange::begin(&core.changes, event.id, actor).await?;
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
    change.commit_concerning(&[sanction.person.id], &[SANCTIONS]).await?;
    Ok(())
}

/// Sanctions in the order of a list, and where the next page begins.
pub(super) type Page = (Vec<PastSanction>, Option<SanctionId>);

/// Those in force, newest first: in one room, or everywhere without one.
pub(super) async fn in_force(
    db: &Db,
    caller: &Caller,
    room: Option<RoomId>,
    before: Option<SanctionId>,
) -> Result<Page, Refusal> {
    caller.may(Operation::SanctionsRead, Target::room(room))?;
    check_room(caller, room)?;
    page(db, caller, Wanted { person: None, room, before, limit: PAGE + 1 }).await
}

/// All there have been on somebody, newest first, and who that is.
pub(super) async fn history(
    db: &Db,
    caller: &Caller,
    person: PersonId,
    room: Option<RoomId>,
    before: Option<SanctionId>,
) -> Result<(Subject, Page), Refusal> {
    caller.may(Operation::HistoryRead, Target::room(room))?;
    check_room(caller, room)?;
    let subject = standing::subject(db, &caller.event, person).await?;
    let wanted = Wanted { person: Some(person), room, before, limit: PAGE + 1 };
    Ok((subject, page(db, caller, wanted).await?))
}

async fn page(db: &Db, caller: &Caller, wanted: Wanted) -> Result<Page, Refusal> {
    let mut page = store::page(db, &caller.event, wanted, caller.now).await?;
    let more = page.len() > PAGE;
    page.truncate(PAGE);
    let next = page.last().filter(|_| more).map(|last| last.sanction.id);
    Ok((page, next))
}
