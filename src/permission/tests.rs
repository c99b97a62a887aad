use uuid::Uuid;

use super::*;

const BOOTH: PlaceKind = PlaceKind::new("booth");
const NOW: Timestamp = Timestamp(1_000);

fn attendee() -> Actor {
    Actor { person: Some(PersonId(Uuid::from_u128(1))), registered: true, ..Actor::default() }
}

fn booth(number: u128) -> Place {
    BOOTH.of(Uuid::from_u128(number))
}

#[test]
fn staff_of_a_place_may_there_what_others_may_not() {
    let staff = Actor { levels: vec![(booth(7), Level::Moderator)], ..attendee() };
    let may = |actor: &Actor, place| actor.may(Operation::MessagePin, Target::place(place), NOW);
    assert_eq!(may(&staff, Some(booth(7))), Ok(()));
    assert_eq!(may(&attendee(), Some(booth(7))), Err(Denied::Role));
    for elsewhere in [None, Some(booth(8)), Some(PlaceKind::ROOM.of(Uuid::from_u128(7)))] {
        assert_eq!(may(&staff, elsewhere), Err(Denied::Role), "{elsewhere:?}");
    }
}

#[test]
fn who_does_not_take_part_is_nobody_at_any_place() {
    let gone =
        Actor { levels: vec![(booth(7), Level::Moderator)], registered: false, ..attendee() };
    assert_eq!(gone.level_at(Some(booth(7))), Level::SignedIn);
    let target = Target::place(Some(booth(7)));
    assert_eq!(gone.may(Operation::MessageSend, target, NOW), Err(Denied::Register));
    let guest = Actor { guest: true, ..gone };
    assert_eq!(guest.level_at(Some(booth(7))), Level::Guest);
}

#[test]
fn roles_and_sanctions_of_the_event_hold_at_every_place() {
    let moderator = Grant { role: Role::Moderator, room: None };
    let of_a_room = Grant { role: Role::Moderator, room: Some(RoomId(Uuid::from_u128(7))) };
    let level = |grant| Actor { grants: vec![grant], ..attendee() }.level_at(Some(booth(7)));
    assert_eq!((level(moderator), level(of_a_room)), (Level::Moderator, Level::Attendee));

    let restrict = |room| {
        let kind = SanctionKind::TimeOut;
        let restrictions = vec![Restriction { kind, room, until: None }];
        let levels = vec![(booth(7), Level::Organizer)];
        let actor = Actor { restrictions, levels, ..attendee() };
        actor.may(Operation::MessageSend, Target::place(Some(booth(7))), NOW)
    };
    assert_eq!(restrict(None), Err(Denied::TimedOut(None)));
    assert_eq!(restrict(Some(RoomId(Uuid::from_u128(7)))), Ok(()));
}
