//! What pretalx's REST API answers, in the shape of a `schedule.json`: talks or submissions with
//! their slots, a schedule with its slots, or the data of its widget.
//!
//! What belongs together is there given by number, or whole where it was asked for (`expand`).

use std::collections::HashMap;

use serde_json::{Value, json};

use super::document::{Document, Object, refuse};
use super::identity::line_of;
use crate::agenda::schedule::notes::Faults;

/// What to ask the API for, so that the answer has everything.
const ASK: &str = "ask for …/submissions/?state=confirmed&expand=\
                   speakers,track,submission_type,slots,slots.room";
/// What a list of talks, submissions or slots is called.
const LISTS: [&str; 5] = ["results", "talks", "submissions", "sessions", "slots"];
/// Submissions in these states are not part of the programme.
const NOT_SHOWN: [&str; 6] = ["canceled", "cancelled", "withdrawn", "rejected", "deleted", "draft"];

/// Reads an answer; `None` if it is none.
pub(super) fn read(value: &Value, language: &str) -> Option<Result<Document, Faults>> {
    let items = items(value)?;
    let more = value.get("next").is_some_and(|next| !next.is_null());
    let count = value.get("count").and_then(Value::as_u64).unwrap_or(0);
    if more || usize::try_from(count).is_ok_and(|count| count > items.len()) {
        return Some(refuse(format!(
            "This is one page of an API, with {} of {count} items. Give its address instead of a \
             file: then all pages are fetched.",
            items.len()
        )));
    }
    let mut answer = Answer::new(value, language);
    for item in items {
        answer.item(item);
    }
    Some(answer.into_document(value))
}

/// The talks, submissions or slots.
fn items(value: &Value) -> Option<&Vec<Value>> {
    if value.get("conference").or_else(|| value.get("schedule")).is_some_and(Value::is_object) {
        return None;
    }
    let named = || LISTS.iter().find_map(|name| value.get(*name)?.as_array());
    let list = value.as_array().or_else(named);
    // An empty list is an answer only if it says of what.
    let looks = |item: &Value| {
        ["slots", "slot", "submission", "code", "start"].iter().any(|key| item.get(*key).is_some())
    };
    list.filter(|list| list.iter().all(looks) && (value.is_object() || !list.is_empty()))
}

/// An answer that is being read.
struct Answer<'a> {
    language: &'a str,
    /// What is given by number, by the name of its list.
    listed: HashMap<(&'static str, String), &'a Value>,
    days: Vec<(String, Object)>,
    /// The rooms that are given whole.
    rooms: Vec<&'a Value>,
    unplaced: usize,
    unexpanded: usize,
    nameless: usize,
    breaks: usize,
}

impl<'a> Answer<'a> {
    fn new(value: &'a Value, language: &'a str) -> Self {
        let mut listed = HashMap::new();
        for list in ["rooms", "tracks", "speakers", "submission_types"] {
            for item in value.get(list).and_then(Value::as_array).into_iter().flatten() {
                for key in ["id", "code"].iter().filter_map(|key| item.get(*key)) {
                    listed.insert((list, plain(key)), item);
                }
            }
        }
        let (days, rooms) = (vec![], vec![]);
        Self { language, listed, days, rooms, unplaced: 0, unexpanded: 0, nameless: 0, breaks: 0 }
    }

    /// A talk or submission with its slots, or a slot with its submission.
    fn item(&mut self, item: &'a Value) {
        let talk = match item.get("submission") {
            Some(talk @ Value::Object(_)) => talk,
            Some(Value::Null) => {
                self.breaks += 1;
                return;
            }
            Some(_) => {
                self.unexpanded += 1;
                return;
            }
            // A break of the widget has no code.
            None if item.get("slots").is_none() && item.get("code").is_none() => {
                self.breaks += 1;
                return;
            }
            None => item,
        };
        let state = talk.get("state").and_then(Value::as_str).unwrap_or_default();
        if NOT_SHOWN.contains(&state) {
            return;
        }
        let slots: Vec<&Value> = match item.get("slots").or_else(|| item.get("slot")) {
            Some(Value::Array(slots)) => slots.iter().collect(),
            Some(slot @ Value::Object(_)) => vec![slot],
            Some(_) => vec![],
            None => vec![item],
        };
        if slots.is_empty() {
            self.unplaced += 1;
        }
        for slot in slots {
            self.slot(talk, slot);
        }
    }

    fn slot(&mut self, talk: &'a Value, slot: &'a Value) {
        if !slot.is_object() {
            self.unexpanded += 1;
            return;
        }
        let Some(start) = slot.get("start").and_then(Value::as_str) else {
            self.unplaced += 1;
            return;
        };
        let room = slot.get("room").map_or(Some(String::new()), |room| self.name("rooms", room));
        let Some(room) = room else {
            self.unexpanded += 1;
            return;
        };
        if let Some(whole) = slot.get("room").filter(|room| room.is_object())
            && !self.rooms.contains(&whole)
        {
            self.rooms.push(whole);
        }
        let mut session = Object::new();
        let mut copy = |from: &Value, field: &str, to: &str| {
            if let Some(value) = from.get(field).filter(|value| !value.is_null()) {
                session.insert(to.to_owned(), value.clone());
            }
        };
        for field in ["code", "title", "abstract", "description", "url"] {
            copy(talk, field, field);
        }
        copy(talk, "content_locale", "language");
        copy(slot, "end", "end");
        let duration = if slot.get("duration").is_some() { slot } else { talk };
        copy(duration, "duration", "duration");
        if session.contains_key("end") {
            // A slot may be longer than its talk asked for.
            session.remove("duration");
        }
        session.insert("date".to_owned(), json!(start));
        let kind = talk.get("submission_type").and_then(|kind| self.name("submission_types", kind));
        let track = talk.get("track").and_then(|track| self.name("tracks", track));
        session.insert("type".to_owned(), json!(kind));
        session.insert("track".to_owned(), json!(track));
        session.insert("persons".to_owned(), json!(self.speakers(talk)));
        self.place(start, room, session);
    }

    /// The name of what is given whole, by its name, or by its number in a list. `None` if nothing
    /// says its name.
    fn name(&self, list: &'static str, value: &Value) -> Option<String> {
        let known = self.listed.get(&(list, plain(value))).copied();
        let value = known.or_else(|| Some(value).filter(|value| !value.is_number()))?;
        let name = value.get("name").unwrap_or(value);
        Some(line_of(Some(name), self.language).unwrap_or_default())
    }

    fn speakers(&mut self, talk: &'a Value) -> Vec<Value> {
        let speakers = talk.get("speakers").and_then(Value::as_array);
        let mut found = vec![];
        for speaker in speakers.into_iter().flatten() {
            let known = self.listed.get(&("speakers", plain(speaker))).copied();
            match known.or_else(|| Some(speaker).filter(|one| one.is_object())) {
                Some(speaker) => found.push(speaker.clone()),
                None => self.nameless += 1,
            }
        }
        found
    }

    fn place(&mut self, start: &str, room: String, session: Object) {
        let date: String = start.chars().take_while(|c| *c != 'T' && *c != ' ').collect();
        let at = self.days.iter().position(|(day, _)| *day == date).unwrap_or_else(|| {
            self.days.push((date, Object::new()));
            self.days.len() - 1
        });
        let rooms = self.days[at].1.entry(room).or_insert_with(|| Value::Array(vec![]));
        if let Value::Array(sessions) = rooms {
            sessions.push(Value::Object(session));
        }
    }

    fn into_document(self, value: &Value) -> Result<Document, Faults> {
        if self.unexpanded > 0 {
            return refuse(format!("This answer gives times or rooms only by number; {ASK}."));
        }
        let oddities = [
            (self.unplaced, "Talks without a time were left out"),
            (self.nameless, "Speakers that are given only by code were left out"),
            (self.breaks, "Breaks were left out"),
        ];
        let told = oddities.into_iter().filter(|(count, _)| *count > 0);
        let oddities = told.map(|(count, what)| format!("{what} ({count}).")).collect();
        let mut days = self.days;
        days.sort_by(|a, b| a.0.cmp(&b.0));
        let days = days.into_iter().map(|(date, rooms)| json!({ "date": date, "rooms": rooms }));
        let mut conference = Object::new();
        conference.insert("days".to_owned(), Value::Array(days.collect()));
        let rooms = self.rooms.into_iter().filter(|room| room.get("name").is_some());
        conference.insert("rooms".to_owned(), Value::Array(rooms.cloned().collect()));
        for (field, to) in [
            ("timezone", "time_zone_name"),
            ("event_start", "start"),
            ("event_end", "end"),
            ("tracks", "tracks"),
            ("rooms", "rooms"),
        ] {
            conference.extend(value.get(field).map(|value| (to.to_owned(), value.clone())));
        }
        let version = value.get("version").cloned().map(|version| ("version".to_owned(), version));
        let schedule = version.into_iter().collect();
        Ok(Document { schedule, conference, generator: Some("pretalx".to_owned()), oddities })
    }
}

/// A number or a code as a key.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}
