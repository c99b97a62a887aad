//! The switches of a room that moderators turn.

use serde_json::json;

use super::sanction::check_room;
use crate::audit::Entry;
use crate::core::Core;
use crate::events::rooms::check_slow_mode;
use crate::events::store::rooms::{self, Switch};
use crate::events::{EventChange, Part};
use crate::id::RoomId;
use crate::identity::Caller;
use crate::permission::{Operation, Target};
use crate::protocol::Refusal;

/// Turns a switch of a room. One that is already set so is left alone.
pub(super) async fn turn(
    core: &Core,
    caller: &Caller,
    id: RoomId,
    switch: Switch,
) -> Result<(), Refusal> {
    let operation = match switch {
        Switch::SlowMode(seconds) => {
            check_slow_mode(seconds, "seconds")?;
            Operation::SlowMode
        }
        Switch::Lock(_) => Operation::Lock,
    };
    caller.may(operation, Target::room(Some(id)))?;
    check_room(caller, Some(id))?;
    let event = &caller.event;
    let stands = event.rooms.get(&id).is_some_and(|room| match switch {
        Switch::SlowMode(seconds) => room.slow_mode_seconds == seconds,
        Switch::Lock(locked) => room.locked == locked,
    });
    if stands {
        return Ok(());
    }
    let actor = Some(caller.person()?);
    let mut change = EventChange::begin(&core.changes, event.id, actor).await?;
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
    Ok(())
}
