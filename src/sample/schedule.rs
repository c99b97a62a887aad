//! The agenda as a schedule.json, around now.

use anyhow::Context as _;
use bytes::Bytes;
use jiff::tz::TimeZone;
use jiff::{Timestamp as Instant, ToSpan as _, Unit, Zoned};
use serde_json::{Map, Value, json};

use super::data::{Conference, Session};
use crate::clock::Timestamp;

const TIME_ZONE: &str = "Europe/Berlin";

/// The document to import.
pub(super) fn document(conference: &Conference, now: Timestamp) -> anyhow::Result<Bytes> {
    let zone = TimeZone::get(TIME_ZONE)?;
    let hour = Instant::from_millisecond(now.0)?.to_zoned(zone);
    let hour =
        hour.round(jiff::ZonedRound::new().smallest(Unit::Hour).mode(jiff::RoundMode::Floor))?;
    let days = [-1, 0, 1].map(|day| day_of(conference, day, &hour));
    let days = days.into_iter().collect::<anyhow::Result<Vec<_>>>()?;
    let rooms = conference.rooms.iter().map(|room| {
        json!({ "name": room.name, "guid": room.id, "description": room.description,
                "capacity": room.capacity })
    });
    let tracks = conference.tracks.iter();
    let tracks = tracks.map(|track| json!({ "name": track.name, "color": track.color }));
    let document = json!({ "schedule": { "version": "sample", "conference": {
        "title": conference.title, "time_zone_name": TIME_ZONE,
        "rooms": rooms.collect::<Value>(), "tracks": tracks.collect::<Value>(), "days": days,
    } } });
    Ok(document.to_string().into())
}

fn day_of(conference: &Conference, day: i64, hour: &Zoned) -> anyhow::Result<Value> {
    let mut rooms = Map::new();
    for (number, session) in conference.sessions.iter().enumerate() {
        if session.day != day {
            continue;
        }
        let room = conference.rooms.iter().find(|room| room.id == session.room);
        let room = room.with_context(|| format!("there is no room {}", session.room))?;
        let list = rooms.entry(&room.name).or_insert_with(|| json!([]));
        if let Value::Array(list) = list {
            list.push(event(conference, number, session, hour)?);
        }
    }
    // No date: around midnight a day's sessions are on two.
    Ok(json!({ "index": day + 2, "rooms": rooms }))
}

fn event(
    conference: &Conference,
    number: usize,
    session: &Session,
    hour: &Zoned,
) -> anyhow::Result<Value> {
    #[expect(clippy::cast_possible_truncation, reason = "hours and half hours of a day")]
    let minutes = (session.hour * 60.0) as i64;
    let start = hour.checked_add(session.day.days())?.checked_add(minutes.minutes())?;
    let persons = session.speakers.iter().map(|id| {
        let speaker = conference.speakers.iter().find(|speaker| speaker.id == *id);
        let speaker = speaker.with_context(|| format!("there is no speaker {id}"))?;
        Ok(json!({ "code": id, "name": speaker.name, "biography": speaker.biography }))
    });
    Ok(json!({
        "guid": format!("sample-{number}"), "title": session.title, "subtitle": session.subtitle,
        "date": start.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(), "duration": session.minutes,
        "track": session.track, "type": session.kind, "language": session.language,
        "abstract": session.summary, "description": session.description,
        "persons": persons.collect::<anyhow::Result<Vec<_>>>()?,
    }))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::agenda::schedule::parse::{Options, parse};
    use crate::agenda::schedule::plan::PlannedSession;

    /// Every quarter of an hour of a day, in summer, in winter and when the clocks change.
    fn moments() -> impl Iterator<Item = Timestamp> {
        let days = [1_783_900_800_000_i64, 1_800_000_000_000, 1_774_656_000_000, 1_792_800_000_000];
        days.into_iter()
            .flat_map(|day| (0..96).map(move |quarter| Timestamp(day + quarter * 900_000)))
    }

    fn sessions(now: Timestamp) -> Vec<PlannedSession> {
        let conference = Conference::read().expect("the file");
        let document = document(&conference, now).expect("a schedule");
        let options = Options { language: "en".to_owned(), ..Options::default() };
        let (plan, warnings) = parse(&document, &options).expect("a plan");
        assert_eq!(warnings, [], "the sample is sound");
        plan.sessions
    }

    #[test]
    fn something_is_always_on_and_something_comes_next() {
        for now in moments() {
            let sessions = sessions(now);
            let on = sessions.iter().filter(|s| s.starts_at <= now && now < s.ends_at).count();
            let soon = Timestamp(now.0 + 3_600_000);
            let next = sessions.iter().filter(|s| s.starts_at > now && s.starts_at <= soon).count();
            assert!(on >= 1 && next >= 1, "{now:?}: {on} on, {next} next");
        }
    }

    #[test]
    fn no_room_is_used_twice_at_a_time() {
        let sessions = sessions(Timestamp(1_800_000_000_000));
        let mut ends: HashMap<_, Vec<(Timestamp, Timestamp)>> = HashMap::new();
        for session in &sessions {
            let used = ends.entry(session.room).or_default();
            let apart = |&(from, to): &(Timestamp, Timestamp)| {
                session.ends_at <= from || to <= session.starts_at
            };
            assert!(used.iter().all(apart), "{}", session.title);
            used.push((session.starts_at, session.ends_at));
        }
        assert!(sessions.len() >= 40);
    }
}
