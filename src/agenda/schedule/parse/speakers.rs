//! Speakers: the persons of the sessions, each once.

use std::collections::HashMap;

use serde_json::Value;

use super::document::name_of;
use super::fields::Fields;
use super::rooms::LONGEST_KEY;
use crate::agenda::schedule::notes::Notes;
use crate::agenda::schedule::plan::PlannedSpeaker;
use crate::text::name_key;

const LONGEST_NAME: usize = 150;
const LONGEST_BIOGRAPHY: usize = 20_000;
/// The maximum number of speakers of a session.
const MAX_IN_A_SESSION: usize = 200;

/// The fields in which programs write a person's name, the best first.
const NAMES: [&str; 5] = ["public_name", "name", "full_public_name", "full_name", "display_name"];
/// The fields in which programs write a person's key, the best first.
const KEYS: [&str; 3] = ["guid", "code", "id"];

/// The speakers so far.
#[derive(Debug, Default)]
pub(super) struct Speakers {
    list: Vec<PlannedSpeaker>,
    by_key: HashMap<String, usize>,
}

impl Speakers {
    /// The indexes of the session's speakers, each once, in order.
    pub(super) fn of_session(&mut self, fields: &Fields<'_>, notes: &mut Notes) -> Vec<usize> {
        let list = match fields.object.get("persons").or_else(|| fields.object.get("speakers")) {
            None | Some(Value::Null) => return vec![],
            Some(Value::Array(list)) => list,
            Some(other) => {
                let message = format!("They must be a list and are {}.", name_of(other));
                fields.fault(notes, "persons", message);
                return vec![];
            }
        };
        if list.len() > MAX_IN_A_SESSION {
            let message = format!("A session has at most {MAX_IN_A_SESSION} speakers.");
            fields.fault(notes, "persons", message);
            return vec![];
        }
        let mut places = Vec::with_capacity(list.len());
        for (index, item) in list.iter().enumerate() {
            let Some(place) = self.read(item, index, fields, notes) else { continue };
            if places.contains(&place) {
                fields.warn(notes, "A person is listed twice.");
            } else {
                places.push(place);
            }
        }
        places
    }

    /// All of them, as they first appear.
    pub(super) fn into_list(self) -> Vec<PlannedSpeaker> {
        self.list
    }

    fn read(
        &mut self,
        item: &Value,
        index: usize,
        session: &Fields<'_>,
        notes: &mut Notes,
    ) -> Option<usize> {
        let path = format!("persons[{index}].");
        let named;
        let object = match item {
            Value::Object(object) => object,
            Value::String(_) => {
                named = [("name".to_owned(), item.clone())].into_iter().collect();
                &named
            }
            other => {
                let message = format!("A person must be an object and is {}.", name_of(other));
                session.fault(notes, &format!("persons[{index}]"), message);
                return None;
            }
        };
        let fields = Fields { object, path: &path, ..*session };
        let faults_before = notes.fault_count();
        let Some(name) = NAMES.iter().find_map(|name| fields.line(notes, name, LONGEST_NAME))
        else {
            if notes.fault_count() == faults_before {
                fields.warn(notes, "A person has no name and was left out.");
            }
            return None;
        };
        let key = KEYS
            .iter()
            .find_map(|key| Some(format!("{key}:{}", fields.line(notes, key, LONGEST_KEY)?)))
            .unwrap_or_else(|| format!("name:{}", name_key(&name)));
        let biography = ["biography", "bio"]
            .iter()
            .find_map(|field| fields.lines(notes, field, LONGEST_BIOGRAPHY))
            .unwrap_or_default();
        let picture =
            ["avatar", "avatar_url", "picture"].iter().find_map(|field| fields.url(notes, field));
        Some(self.add(PlannedSpeaker { key, name, biography, picture }, &fields, notes))
    }

    fn add(&mut self, speaker: PlannedSpeaker, fields: &Fields<'_>, notes: &mut Notes) -> usize {
        let known = self.by_key.get(&speaker.key).copied();
        let Some((place, known)) = known.and_then(|at| Some((at, self.list.get_mut(at)?))) else {
            let place = self.list.len();
            self.by_key.insert(speaker.key.clone(), place);
            self.list.push(speaker);
            return place;
        };
        if known.name != speaker.name {
            fields.warn(notes, "A person has two names; the first was taken.");
        }
        if known.biography.is_empty() {
            known.biography = speaker.biography;
        }
        if known.picture.is_none() {
            known.picture = speaker.picture;
        }
        place
    }
}
