//! Who may act on whom.

use crate::core::Core;
use crate::db::{Columns, DbError};
use crate::events::EventSnapshot;
use crate::id::{PersonId, RoomId};
use crate::identity::actor;
use crate::identity::card::read_card;
use crate::permission::{Actor, Denied, Level, Operation, Target};
use crate::protocol::{Card, Refusal};
use crate::socket::Connection;

/// Somebody who is to be moderated.
#[derive(Debug)]
pub(super) struct Subject {
    pub(super) card: Card,
    actor: Actor,
}

/// The person, if they have a connection to the event: a registration (even a cancelled one), a
/// role, or as a guest. A moderator learns nothing about others.
pub(super) async fn subject(
    core: &Core,
    event: &EventSnapshot,
    person: PersonId,
) -> Result<Subject, Refusal> {
    let found = find(core, event, person).await?;
    found.ok_or_else(|| Refusal::not_found("person in this event"))
}

async fn find(
    core: &Core,
    event: &EventSnapshot,
    person: PersonId,
) -> Result<Option<Subject>, DbError> {
    let statement = core
        .db
        .query(
            "SELECT p.id, p.name, p.picture, p.affiliation, p.kind,
                    (SELECT r.status FROM registrations r
                     WHERE r.person_id = p.id AND r.event_id = ?) AS status,
                    (SELECT COUNT(*) FROM role_grants g
                     WHERE g.person_id = p.id AND g.event_id IS NULL
                       AND g.role = 'organizer') AS administrator
             FROM people p WHERE p.id = ?",
        )
        .bind(event.id.bytes())
        .bind(person.bytes());
    let Some(row) = core.db.one(statement).await? else { return Ok(None) };
    let status = row.optional_text("status")?;
    let guest = row.text("kind")? == "guest";
    let standing = actor::Standing {
        registered: status.as_deref() == Some("confirmed"),
        administrator: row.count("administrator")? > 0,
    };
    let actor = actor::assemble(event, person, guest, standing);
    let concerned = status.is_some() || guest || actor.administrator || !actor.grants.is_empty();
    let card = read_card(&row, "id", Some(event))?;
    Ok(concerned.then_some(Subject { card, actor }))
}

/// Somebody's rank: first in the room, then in the event, so that a moderator of the event ranks
/// above one of the room.
fn rank(actor: &Actor, room: Option<RoomId>) -> (Level, Level) {
    (actor.level(room), actor.level(None))
}

impl Subject {
    /// Whether this actor ranks above the person, in the room or (without one) the event.
    pub(super) fn is_below(&self, actor: &Actor, room: Option<RoomId>) -> bool {
        actor.person != self.actor.person && rank(&self.actor, room) < rank(actor, room)
    }

    /// Lets the actor act on the person, or says why not.
    pub(super) fn check_below(&self, actor: &Actor, room: Option<RoomId>) -> Result<(), Refusal> {
        if self.is_below(actor, room) {
            return Ok(());
        }
        Err(if actor.person == self.actor.person {
            Refusal::new("permission.denied", "You cannot moderate yourself.")
        } else {
            let message = "You cannot moderate somebody whose role is as high as yours. Ask an \
                           organizer.";
            Refusal::new("permission.denied", message)
        })
    }
}

/// Lets the connection's person act on somebody, or says why not.
///
/// # Errors
/// When that person has no connection to the event, has the same rank, or is the same.
pub(crate) async fn may_act_on(
    connection: &Connection,
    room: Option<RoomId>,
    person: PersonId,
) -> Result<(), Refusal> {
    let subject = subject(&connection.core, &connection.event(), person).await?;
    subject.check_below(&connection.actor(), room)
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
pub(super) fn reach(
    actor: &Actor,
    operation: Operation,
    now: crate::clock::Timestamp,
) -> Result<Reach, Denied> {
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
    use crate::clock::Timestamp;
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
        let card = Card { id, name: "N".into(), picture: None, affiliation: None, badge: None };
        Subject { card, actor: subject.clone() }.is_below(actor, room)
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
