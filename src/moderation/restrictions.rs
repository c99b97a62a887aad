//! The sanctions in force, a piece of every event's snapshot.

use std::collections::HashMap;

use futures_util::future::{BoxFuture, FutureExt as _};

use super::store;
use crate::clock::Timestamp;
use crate::db::{Connection, Db, DbError};
use crate::events::{EventSnapshot, Part, Piece, differing};
use crate::id::{EventId, PersonId};
use crate::permission::{Actor, Restriction};

/// Somebody's sanctions have changed.
pub const SANCTIONS: Part = Part::new("sanctions").to_those(sanctioned);

/// The sanctions on people that had not ended when the snapshot was read; the caller's clock decides
/// which still hold.
#[derive(Debug, Default)]
pub struct Restrictions(HashMap<PersonId, Vec<Restriction>>);

impl Restrictions {
    /// Those on a person.
    pub fn on(event: &EventSnapshot, person: PersonId) -> &[Restriction] {
        event.piece::<Self>().and_then(|all| all.0.get(&person)).map_or(&[], Vec::as_slice)
    }

    /// The people who are under any.
    pub fn people(event: &EventSnapshot) -> impl Iterator<Item = PersonId> {
        event.piece::<Self>().into_iter().flat_map(|all| all.0.keys().copied())
    }
}

impl Piece for Restrictions {
    fn load<'a>(
        db: &'a Db,
        connection: &'a mut Connection,
        event: EventId,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Self, DbError>> {
        store::in_force(db, connection, event, now).map(|read| read.map(Self)).boxed()
    }

    fn complete(&self, person: PersonId, actor: &mut Actor) {
        if let Some(restrictions) = self.0.get(&person) {
            actor.restrictions.extend_from_slice(restrictions);
        }
    }
}

fn sanctioned(before: &EventSnapshot, now: &EventSnapshot) -> Vec<PersonId> {
    match (before.piece::<Restrictions>(), now.piece::<Restrictions>()) {
        (Some(before), Some(now)) => differing(&before.0, &now.0),
        _ => Vec::new(),
    }
}
