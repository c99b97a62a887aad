//! Who may act on whom.

use super::standing_store;
use crate::clock::Timestamp;
use crate::core::Core;
use crate::db::Db;
use crate::events::EventSnapshot;
use crate::id::{PersonId, RoomId};
use crate::identity::{Caller, actor};
use crate::permission::{Actor, Denied, Level, Operation, Place, Target};
use crate::protocol::{Card, Refusal};

/// Somebody who is to be moderated.
#[derive(Debug)]
pub(super) struct Subject {
    pub(super) card: Card,
    actor: Actor,
}

/// The person, if they have a connection to the event: a registration (even a cancelled one), a
/// role, or as a guest. A moderator learns nothing about others.
pub(super) async fn subject(
    db: &Db,
    event: &EventSnapshot,
    person: PersonId,
) -> Result<Subject, Refusal> {
    let unknown = || Refusal::not_found("person in this event");
    let found = standing_store::find(db, event, person).await?.ok_or_else(unknown)?;
    let standing =
        actor::Standing { registered: found.registered, administrator: found.administrator };
    let actor = actor::assemble(event, person, found.guest, standing);
    let concerned =
        found.has_registration || found.guest || actor.administrator || !actor.grants.is_empty();
    concerned.then_some(Subject { card: found.card, actor }).ok_or_else(unknown)
}

/// How high somebody stands: at the place first, then in the event, so that a moderator of the
/// event stands above one of the room.
fn rank(actor: &Actor, place: Option<Place>) -> (Level, Level) {
    (actor.level_at(place), actor.level(None))
}

impl Subject {
    /// Whether this actor stands above the person, at the place or (without one) in the event.
    pub(super) fn is_below(&self, actor: &Actor, place: Option<Place>) -> bool {
        actor.person != self.actor.person && rank(&self.actor, place) < rank(actor, place)
    }

    /// Lets the actor do something to the person, or says why not.
    pub(super) fn check_below(&self, actor: &Actor, place: Option<Place>) -> Result<(), Refusal> {
        if self.is_below(actor, place) {
            return Ok(());
        }
        Err(if actor.person == self.actor.person {
            Refusal::new("permission.denied", "You cannot moderate yourself.")
        } else {
            let message = "You cannot moderate someone whose role is as high as yours. Ask an \
                           organizer.";
            Refusal::new("permission.denied", message)
        })
    }
}

/// Lets the caller do something to somebody, or says why not.
///
/// # Errors
/// When that person has no connection to the event, has the same rank, or is the same.
pub(crate) async fn may_act_on(
    core: &Core,
    caller: &Caller,
    place: Option<Place>,
    person: PersonId,
) -> Result<(), Refusal> {
    subject(&core.db, &caller.event, person).await?.check_below(&caller.actor, place)
}

/// The part of an event in which somebody may do something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// All of it.
    Event,
    /// Only these rooms.
    Rooms(Vec<RoomId>),
}

/// Where the actor may do this.
///
/// # Errors
/// Why nowhere.
pub(super) fn reach(actor: &Actor, operation: Operation, now: Timestamp) -> Result<Reach, Denied> {
    let Err(denied) = actor.may(operation, Target::EVENT, now) else { return Ok(Reach::Event) };
    let mut rooms: Vec<RoomId> = actor.grants.iter().filter_map(|grant| grant.room).collect();
    rooms.sort_unstable();
    rooms.dedup();
    rooms.retain(|room| actor.may(operation, Target::room(Some(*room)), now).is_ok());
    if rooms.is_empty() { Err(denied) } else { Ok(Reach::Rooms(rooms)) }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::permission::{Grant, Restriction, Role, SanctionKind};

    const HERE: Option<RoomId> = Some(RoomId(Uuid::from_u128(1)));
    const THERE: Option<RoomId> = Some(RoomId(Uuid::from_u128(2)));

    fn actor(person: u128, grants: &[(Role, Option<RoomId>)]) -> Actor {
        Actor {
            person: Some(PersonId(Uuid::from_u128(person))),
            registered: true,
            grants: grants.iter().map(|(role, room)| Grant { role: *role, room: *room }).collect(),
            ..Actor::default()
        }
    }

    fn below(subject: &Actor, actor: &Actor, room: Option<RoomId>) -> bool {
        let id = subject.person.unwrap();
        let card = Card {
            id,
            name: "N".into(),
            reading: None,
            picture: None,
            affiliation: None,
            badge: None,
        };
        Subject { card, actor: subject.clone() }.is_below(actor, room.map(Place::room))
    }

    #[test]
    fn whoever_acts_stands_higher() {
        let attendee = actor(1, &[]);
        let here = actor(2, &[(Role::Moderator, HERE)]);
        let there = actor(3, &[(Role::Moderator, THERE)]);
        let moderator = actor(4, &[(Role::Moderator, None)]);
        let organizer = actor(5, &[(Role::Organizer, None)]);
        assert!(below(&attendee, &here, HERE));
        assert!(below(&there, &here, HERE), "there they moderate, not here");
        assert!(!below(&here, &here, HERE), "oneself");
        assert!(!below(&moderator, &here, HERE));
        assert!(below(&here, &moderator, HERE), "of the event is more than of the room");
        assert!(below(&here, &moderator, None));
        assert!(!below(&moderator, &actor(6, &[(Role::Moderator, None)]), None));
        assert!(!below(&organizer, &moderator, None));
        assert!(below(&moderator, &organizer, HERE));
        let administrator = Actor { administrator: true, ..attendee };
        assert!(!below(&administrator, &organizer, None));
    }

    #[test]
    fn a_room_moderator_reaches_their_rooms() {
        let now = Timestamp(0);
        let reach_of = |actor: &Actor| reach(actor, Operation::AuditRead, now);
        assert_eq!(reach_of(&actor(1, &[(Role::Moderator, None)])), Ok(Reach::Event));
        let mut both = actor(1, &[(Role::Moderator, HERE), (Role::Organizer, THERE)]);
        let rooms = [HERE, THERE].into_iter().flatten().collect();
        assert_eq!(reach_of(&both), Ok(Reach::Rooms(rooms)));
        both.restrictions = vec![Restriction { kind: SanctionKind::Ban, room: HERE, until: None }];
        assert_eq!(reach_of(&both), Ok(Reach::Rooms(THERE.into_iter().collect())));
        both.restrictions = vec![Restriction { kind: SanctionKind::Ban, room: None, until: None }];
        assert_eq!(reach_of(&both), Err(Denied::Banned(None)));
        assert_eq!(reach_of(&actor(1, &[(Role::Speaker, HERE)])), Err(Denied::Role));
    }
}
