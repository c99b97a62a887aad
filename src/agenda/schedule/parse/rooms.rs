//! Rooms: listed by the conference, or only named where sessions take place.

use std::collections::HashMap;

use serde_json::Value;

use super::Context;
use super::document::name_of;
use super::fields::Fields;
use super::identity::identifier;
use crate::agenda::schedule::notes::Notes;
use crate::agenda::schedule::plan::PlannedRoom;
use crate::events::rooms::check_count;
use crate::text::{ShortName, name_key, one_line, shortened};

const LONGEST_DESCRIPTION: usize = 10_000;

/// The rooms so far.
#[derive(Debug, Default)]
pub(super) struct Rooms {
    list: Vec<PlannedRoom>,
    by_name: HashMap<String, usize>,
}

impl Rooms {
    /// Reads the conference's own list, where it has one.
    pub(super) fn listed(list: Option<&Value>, context: &Context, notes: &mut Notes) -> Self {
        let mut rooms = Self::default();
        let list = match list {
            None | Some(Value::Null) => return rooms,
            Some(Value::Array(list)) => list,
            Some(other) => {
                let message = format!("Its \"rooms\" are {}, no list.", name_of(other));
                notes.warn("conference", message);
                return rooms;
            }
        };
        for (index, item) in list.iter().enumerate() {
            let row = format!("room {} of the conference", index + 1);
            if let Some(room) = listed_room(item, &row, context, notes) {
                rooms.add(room, &row, notes);
            }
        }
        rooms.disown_shared_guids(notes);
        rooms
    }

    /// The index of the room with that name, which is added if the conference does not list it.
    pub(super) fn named(&mut self, name: &str, row: &str, notes: &mut Notes) -> Option<usize> {
        let name = one_line(name);
        if let Some(known) = self.by_name.get(&name_key(&name)) {
            return Some(*known);
        }
        if name.is_empty() {
            notes.warn(row, "The room has no name; these sessions have no room.");
            return None;
        }
        let whole = name_key(&name);
        let name = if name.chars().count() > ShortName::MOST {
            let most = ShortName::MOST;
            notes.warn(
                row,
                format!("The room's name has more than {most} characters; it was shortened."),
            );
            shortened(&name, most)
        } else {
            name
        };
        let room = PlannedRoom { guid: None, name, description: None, capacity: None };
        let place = self.add(room, row, notes)?;
        self.by_name.insert(whole, place);
        Some(place)
    }

    /// All of them, in order.
    pub(super) fn into_list(self) -> Vec<PlannedRoom> {
        self.list
    }

    fn add(&mut self, room: PlannedRoom, row: &str, notes: &mut Notes) -> Option<usize> {
        let key = name_key(&room.name);
        if self.by_name.contains_key(&key) {
            notes.warn(row, "Another room has the same name; they were taken for one.");
            return None;
        }
        if let Err(refusal) = check_count(self.list.len() + 1) {
            notes.fault(Some(row), "room", refusal.message);
            return None;
        }
        let place = self.list.len();
        self.by_name.insert(key, place);
        self.list.push(room);
        Some(place)
    }

    /// Some programs give all rooms the same guid. Then it is ignored.
    fn disown_shared_guids(&mut self, notes: &mut Notes) {
        let mut uses: HashMap<String, usize> = HashMap::new();
        for guid in self.list.iter().filter_map(|room| room.guid.clone()) {
            *uses.entry(guid).or_default() += 1;
        }
        for room in &mut self.list {
            if room.guid.as_ref().is_some_and(|guid| uses.get(guid).is_some_and(|uses| *uses > 1)) {
                room.guid = None;
                let message = "Rooms share a guid; they are known by their names instead.";
                notes.warn(&format!("room {}", room.name), message);
            }
        }
    }
}

fn listed_room(
    item: &Value,
    row: &str,
    context: &Context,
    notes: &mut Notes,
) -> Option<PlannedRoom> {
    let object = match item {
        Value::Object(object) => object,
        Value::String(name) if !name.trim().is_empty() => {
            let name = shortened(name, ShortName::MOST);
            return Some(PlannedRoom { guid: None, name, description: None, capacity: None });
        }
        other => {
            notes.fault(
                Some(row),
                "rooms",
                format!("It must be an object and is {}.", name_of(other)),
            );
            return None;
        }
    };
    let fields = Fields { object, row, path: "", context };
    let Some(name) = fields.line(notes, "name", ShortName::MOST) else {
        fields.warn(notes, "The room has no name; it was left out.");
        return None;
    };
    Some(PlannedRoom {
        guid: identifier(object.get("guid")),
        name,
        description: fields.unmarked(notes, "description", LONGEST_DESCRIPTION),
        capacity: capacity(&fields, notes),
    })
}

fn capacity(fields: &Fields<'_>, notes: &mut Notes) -> Option<u32> {
    let value = fields.object.get("capacity").filter(|value| !value.is_null())?;
    let text = value.to_string();
    let number = text.trim_matches('"').trim().parse::<u32>().ok();
    if number.is_none() {
        fields.warn(notes, "Its capacity is no whole number; it was left out.");
    }
    number
}
