//! Properties of the comparison, tested with many small schedules.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use proptest::prelude::*;

use super::{Changes, Current, Ids, Session, diff};
use crate::agenda::SessionState;
use crate::agenda::schedule::plan::{
    LeftOut, Plan, PlannedRoom, PlannedSession, PlannedSpeaker, PlannedTrack,
};
use crate::agenda::schedule::report::Difference;
use crate::clock::Timestamp;
use crate::random::Random;
use crate::text::TimeZoneName;

/// Does in memory what `apply` does in the database.
fn applied(mut current: Current, changes: &Changes) -> Current {
    fn put<T: Clone, K: PartialEq>(all: &mut Vec<T>, rows: &[T], key: impl Fn(&T) -> K) {
        for row in rows {
            all.retain(|other| key(other) != key(row));
            all.push(row.clone());
        }
    }
    put(&mut current.rooms, &changes.rooms_updated, |room| room.id);
    put(&mut current.rooms, &changes.rooms_created, |room| room.id);
    put(&mut current.tracks, &changes.tracks, |track| track.id);
    put(&mut current.speakers, &changes.speakers, |speaker| speaker.id);
    let lists: HashMap<_, _> =
        current.sessions.iter().map(|session| (session.id, session.speakers.clone())).collect();
    let mut sessions = changes.sessions.clone();
    for session in sessions.iter_mut().filter(|row| !changes.speakers_changed.contains(&row.id)) {
        session.speakers = lists.get(&session.id).cloned().unwrap_or_default();
    }
    put(&mut current.sessions, &sessions, |session| session.id);
    current.tracks.retain(|track| !changes.tracks_removed.contains(&track.id));
    current.speakers.retain(|speaker| !changes.speakers_removed.contains(&speaker.id));
    current
}

fn import(current: &Current, plan: &Plan) -> (Current, Changes) {
    let random = Random::System;
    let ids = Ids { now: Timestamp(1_800_000_000_000), random: &random };
    let changes = diff(current, plan, ids);
    (applied(current.clone(), &changes), changes)
}

type Shown = (String, String, Timestamp, Timestamp, Option<String>, Option<String>, Vec<String>);

/// A session without ids.
fn shown(current: &Current, session: &Session) -> Shown {
    let room = session.room.map(|id| {
        let room = current.rooms.iter().find(|room| room.id == id).expect("a stored room");
        room.name.clone()
    });
    let track = session.track.map(|id| {
        let track = current.tracks.iter().find(|track| track.id == id).expect("a stored track");
        format!("{} {:?}", track.name, track.color)
    });
    let speakers = session.speakers.iter().map(|id| {
        let speaker = current.speakers.iter().find(|speaker| speaker.id == *id);
        let speaker = speaker.expect("a stored speaker");
        format!("{} {} {}", speaker.key, speaker.name, speaker.biography)
    });
    (
        session.title.clone(),
        format!("{} {}", session.summary, session.kind.clone().unwrap_or_default()),
        session.starts_at,
        session.ends_at,
        room,
        track,
        speakers.collect(),
    )
}

fn scheduled(current: &Current) -> BTreeMap<String, Shown> {
    let takes_place = |session: &&Session| session.state == SessionState::Scheduled;
    let sessions = current.sessions.iter().filter(takes_place);
    sessions.map(|session| (session.guid.clone(), shown(current, session))).collect()
}

fn cancelled(current: &Current) -> BTreeSet<String> {
    let sessions = current.sessions.iter();
    let cancelled = sessions.filter(|session| session.state == SessionState::Cancelled);
    cancelled.map(|session| session.guid.clone()).collect()
}

fn guids(plan: &Plan) -> BTreeSet<String> {
    plan.sessions.iter().map(|session| session.guid.clone()).collect()
}

/// A schedule of a few sessions, so that two of them have much in common.
fn plans() -> impl Strategy<Value = Plan> {
    let rooms = proptest::collection::btree_map(0_u8..4, 0_u8..6, 0..4);
    let tracks = proptest::collection::btree_map(0_u8..3, proptest::option::of(0_u8..2), 0..3);
    let speakers = proptest::collection::btree_map(0_u8..4, 0_u8..2, 0..4);
    let session = (
        (0_u8..3, 0_u8..2),
        (0_i64..3, 1_i64..3),
        (0_usize..4, 0_usize..4),
        proptest::collection::btree_set(0_usize..4, 0..3),
    );
    let sessions = proptest::collection::btree_map(0_u8..6, session, 0..6);
    (rooms, tracks, speakers, sessions).prop_map(|(rooms, tracks, speakers, sessions)| {
        let mut guids = BTreeSet::new();
        let rooms: Vec<_> = rooms
            .into_iter()
            .map(|(name, guid)| PlannedRoom {
                // Some have none, and none is given twice.
                guid: (guid < 3 && guids.insert(guid)).then(|| format!("room-{guid}")),
                name: format!("Room {name}"),
                description: None,
                capacity: None,
            })
            .collect();
        let tracks: Vec<_> = tracks
            .into_iter()
            .map(|(name, color)| PlannedTrack {
                name: format!("Track {name}"),
                color: color.map(|color| format!("#00000{color}")),
            })
            .collect();
        let speakers: Vec<_> = speakers
            .into_iter()
            .map(|(key, name)| PlannedSpeaker {
                key: format!("id:{key}"),
                name: format!("Speaker {name}"),
                biography: String::new(),
                picture: None,
            })
            .collect();
        let sessions = sessions
            .into_iter()
            .map(|(guid, ((title, kind), (start, length), (room, track), who))| PlannedSession {
                guid: format!("session-{guid}"),
                title: format!("Title {title}"),
                subtitle: String::new(),
                summary: String::new(),
                description: String::new(),
                language: None,
                kind: Some(format!("kind {kind}")),
                track: Some(track).filter(|track| *track < tracks.len()),
                room: Some(room).filter(|room| *room < rooms.len()),
                starts_at: Timestamp(start * 3_600_000),
                ends_at: Timestamp((start + length) * 3_600_000),
                url: None,
                speakers: who.into_iter().filter(|who| *who < speakers.len()).collect(),
            })
            .collect();
        Plan {
            title: Some("Camp".to_owned()),
            version: None,
            time_zone: TimeZoneName::try_from("UTC".to_owned()).expect("a zone"),
            starts_at: Timestamp(0),
            ends_at: Timestamp(1),
            rooms,
            tracks,
            speakers,
            sessions,
            left_out: LeftOut::default(),
        }
    })
}

proptest! {
    #[test]
    fn the_same_again_changes_nothing(one in plans(), two in plans()) {
        for first in [Current::default(), import(&Current::default(), &one).0] {
            let (stored, _) = import(&first, &two);
            let (again, changes) = import(&stored, &two);
            prop_assert!(changes.is_empty() && changes.report.is_empty(), "{:?}", changes);
            prop_assert_eq!(changes.report.unchanged, two.sessions.len());
            prop_assert_eq!(again, stored);
        }
    }

    #[test]
    fn one_after_another_is_like_the_last_alone(one in plans(), two in plans(), three in plans()) {
        let (stored, _) = import(&Current::default(), &one);
        let (stored, _) = import(&stored, &two);
        let (stored, _) = import(&stored, &three);
        let (fresh, _) = import(&Current::default(), &three);
        prop_assert_eq!(scheduled(&stored), scheduled(&fresh));
        let gone: BTreeSet<_> = &(&guids(&one) | &guids(&two)) - &guids(&three);
        prop_assert_eq!(cancelled(&stored), gone);
    }

    #[test]
    fn what_is_told_is_what_happens(one in plans(), two in plans()) {
        let (stored, _) = import(&Current::default(), &one);
        let (after, changes) = import(&stored, &two);
        let report = &changes.report;
        let (old, new) = (guids(&one), guids(&two));
        prop_assert_eq!(report.created.sessions, (&new - &old).len());
        prop_assert_eq!(report.cancelled_count, (&old - &new).len());
        let (before, now) = (scheduled(&stored), scheduled(&after));
        for change in &report.changed {
            let (was, is) = (&before[&change.guid], &now[&change.guid]);
            prop_assert_eq!(change.what.contains(&Difference::Renamed), was.0 != is.0);
            prop_assert_eq!(
                change.what.contains(&Difference::Retimed), (was.2, was.3) != (is.2, is.3)
            );
        }
        prop_assert_eq!(report.unchanged + report.updated.sessions, (&old & &new).len());
    }

    #[test]
    fn keys_of_rooms_stay_unique(plans in proptest::collection::vec(plans(), 1..6)) {
        let mut stored = Current::default();
        for plan in &plans {
            stored = import(&stored, plan).0;
            let keys: BTreeSet<_> = stored.rooms.iter().map(|room| &room.key).collect();
            prop_assert_eq!(keys.len(), stored.rooms.len());
        }
    }

    #[test]
    fn nobody_stays_who_is_in_no_session_of_either(one in plans(), two in plans()) {
        let (stored, _) = import(&import(&Current::default(), &one).0, &two);
        let planned = two.speakers.iter().map(|speaker| speaker.key.clone());
        let speak = stored.sessions.iter().flat_map(|session| &session.speakers);
        let held = speak.map(|id| {
            stored.speakers.iter().find(|speaker| speaker.id == *id).expect("stored").key.clone()
        });
        let needed: BTreeSet<_> = planned.chain(held).collect();
        let kept: BTreeSet<_> = stored.speakers.iter().map(|speaker| speaker.key.clone()).collect();
        prop_assert_eq!(kept, needed);
    }
}

fn plan_of(rooms: &[(&str, Option<&str>)], sessions: &[(&str, &str, usize, i64)]) -> Plan {
    let room = |(name, guid): &(&str, Option<&str>)| PlannedRoom {
        guid: guid.map(str::to_owned),
        name: (*name).to_owned(),
        description: None,
        capacity: None,
    };
    let session = |(guid, title, room, start): &(&str, &str, usize, i64)| PlannedSession {
        guid: (*guid).to_owned(),
        title: (*title).to_owned(),
        subtitle: String::new(),
        summary: String::new(),
        description: String::new(),
        language: None,
        kind: None,
        track: None,
        room: Some(*room),
        starts_at: Timestamp(*start),
        ends_at: Timestamp(start + 1),
        url: None,
        speakers: vec![],
    };
    Plan {
        title: None,
        version: None,
        time_zone: TimeZoneName::try_from("UTC".to_owned()).expect("a zone"),
        starts_at: Timestamp(0),
        ends_at: Timestamp(1),
        rooms: rooms.iter().map(room).collect(),
        tracks: vec![],
        speakers: vec![],
        sessions: sessions.iter().map(session).collect(),
        left_out: LeftOut::default(),
    }
}

#[test]
fn what_differs_is_named() {
    let rooms = [("Curie", None), ("Meitner", None)];
    let before = plan_of(&rooms, &[("a", "A", 0, 1), ("b", "B", 0, 2), ("c", "C", 1, 3)]);
    let after = plan_of(&rooms, &[("a", "A", 1, 1), ("b", "B2", 0, 9), ("d", "D", 1, 3)]);
    let (stored, _) = import(&Current::default(), &before);
    let (stored, changes) = import(&stored, &after);
    let told: Vec<_> = changes.report.changed.iter().map(|c| (c.guid.as_str(), &c.what)).collect();
    assert_eq!(
        told,
        [("a", &vec![Difference::Moved]), ("b", &vec![Difference::Renamed, Difference::Retimed]),]
    );
    let moved = &changes.report.changed[0];
    assert_eq!(moved.before.room.as_deref(), Some("Curie"));
    assert_eq!(moved.after.room.as_deref(), Some("Meitner"));
    assert_eq!(changes.report.cancelled[0].guid, "c");

    let (_, changes) = import(&stored, &before);
    let back = changes.report.changed.iter().find(|change| change.guid == "c").expect("it is back");
    assert_eq!(back.what, [Difference::Reinstated]);
    assert_eq!(changes.report.cancelled[0].guid, "d");
}

#[test]
fn a_room_is_known_by_its_guid_when_it_is_renamed() {
    let (stored, _) =
        import(&Current::default(), &plan_of(&[("Curie", None)], &[("a", "A", 0, 1)]));
    let id = stored.rooms[0].id;
    let (stored, changes) = import(&stored, &plan_of(&[("curie", Some("g"))], &[("a", "A", 0, 1)]));
    assert_eq!((stored.rooms.len(), stored.rooms[0].id), (1, id), "known by its name");
    assert_eq!(changes.report.rooms_renamed.len(), 1);
    let (stored, changes) = import(&stored, &plan_of(&[("Marie", Some("g"))], &[("a", "A", 0, 1)]));
    assert_eq!((stored.rooms.len(), stored.rooms[0].id), (1, id), "known by its guid");
    assert_eq!(changes.report.rooms_renamed[0].after, "Marie");
    let (stored, changes) = import(&stored, &plan_of(&[("Other", None)], &[("a", "A", 0, 1)]));
    assert_eq!(stored.rooms.len(), 2);
    assert_eq!(changes.report.rooms_missing, ["Marie"]);
}

#[test]
fn what_an_organizer_wrote_of_a_room_stays() {
    let plan = plan_of(&[("Curie", None)], &[("a", "A", 0, 1)]);
    let (mut stored, _) = import(&Current::default(), &plan);
    let room = &mut stored.rooms[0];
    room.description = "On the left".to_owned();
    room.capacity = Some(7);
    room.slow_mode_seconds = 30;
    let (_, changes) = import(&stored, &plan);
    assert!(changes.report.is_empty());
}

#[test]
fn a_repetition_is_known_by_what_stays_of_it() {
    let rooms = [("Curie", None), ("Meitner", None)];
    let first =
        plan_of(&rooms, &[("a", "A", 0, 1), ("b", "B", 0, 2), ("a", "A", 0, 3), ("a", "A", 0, 5)]);
    let (stored, changes) = import(&Current::default(), &first);
    assert_eq!(changes.report.created.sessions, 4);
    assert!(import(&stored, &first).1.is_empty());
    let id_at = |current: &Current, start: i64| {
        let found = current
            .sessions
            .iter()
            .find(|one| one.guid.starts_with('a') && one.starts_at.0 == start);
        found.expect("a session").id
    };

    // The first of them is moved behind the others, and another stands in the schedule before them.
    let moved =
        plan_of(&rooms, &[("a", "A", 0, 3), ("a", "A", 0, 5), ("b", "B", 0, 2), ("a", "A", 1, 9)]);
    let (after, changes) = import(&stored, &moved);
    let told = &changes.report.changed;
    assert_eq!((told.len(), told[0].before.starts_at.0, told[0].after.starts_at.0), (1, 1, 9));
    for (before, now) in [(1, 9), (3, 3), (5, 5)] {
        assert_eq!(id_at(&stored, before), id_at(&after, now));
    }

    let fewer = plan_of(&rooms, &[("a", "A", 0, 5), ("b", "B", 0, 2)]);
    let (fewer, changes) = import(&after, &fewer);
    assert_eq!((changes.report.cancelled_count, changes.report.unchanged), (2, 2));
    assert_eq!(id_at(&fewer, 5), id_at(&stored, 5));
    let (_, changes) = import(&fewer, &moved);
    assert_eq!(
        (changes.report.created.sessions, changes.report.updated.sessions),
        (0, 2),
        "reinstated"
    );
}

#[test]
fn what_was_left_out_stays_as_it_is() {
    let rooms = [("Curie", None)];
    let whole = plan_of(&rooms, &[("a", "A", 0, 1), ("b", "B", 0, 2), ("c", "C", 0, 3)]);
    let (stored, _) = import(&Current::default(), &whole);
    let mut partial = plan_of(&rooms, &[("a", "A", 0, 1)]);
    partial.left_out.guids.insert("b".to_owned());
    let (after, changes) = import(&stored, &partial);
    let cancelled: Vec<_> = changes.report.cancelled.iter().map(|one| one.guid.as_str()).collect();
    assert_eq!(cancelled, ["c"]);
    assert!(scheduled(&after).contains_key("b"));
}
