//! Speakers: the persons of the sessions, each once.

use std::collections::HashMap;

use serde_json::Value;

use super::document::{Document, Object, name_of};
use super::fields::Fields;
use super::identity::{Names, identifier, line_of};
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
    names: Names,
    list: Vec<PlannedSpeaker>,
    by_key: HashMap<String, usize>,
}

impl Speakers {
    /// Nobody yet, but knowing which identifiers of the document identify somebody.
    pub(super) fn knowing(document: &Document, language: &str) -> Self {
        let mut names = Names::default();
        let persons = document.sessions().filter_map(|session| list_of(session)?.as_array());
        for person in persons.flatten().filter_map(Value::as_object) {
            let Some(name) = NAMES.iter().find_map(|name| line_of(person.get(*name), language))
            else {
                continue;
            };
            for field in KEYS {
                if let Some(key) = identifier(person.get(field)) {
                    names.add(field, key, &name);
                }
            }
        }
        Self { names, ..Self::default() }
    }

    /// The indexes of the session's speakers, each once, in order.
    pub(super) fn of_session(&mut self, fields: &Fields<'_>, notes: &mut Notes) -> Vec<usize> {
        let list = match list_of(fields.object) {
            None | Some(Value::Null) => return vec![],
            Some(Value::Array(list)) => list,
            Some(other) => {
                let message = format!("They must be a list and are {}.", name_of(other));
                fields.fault(notes, "persons", message);
                return vec![];
            }
        };
        if list.len() > MAX_IN_A_SESSION {
            let message = format!("More than {MAX_IN_A_SESSION} persons; the first are shown.");
            fields.warn(notes, message);
        }
        let mut places = Vec::new();
        for (index, item) in list.iter().enumerate().take(MAX_IN_A_SESSION) {
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
        let Some(name) = NAMES.iter().find_map(|name| fields.line(notes, name, LONGEST_NAME))
        else {
            fields.warn(notes, "A person has no name and was left out.");
            return None;
        };
        let key = self.key(object, &name, &fields, notes);
        let biography = ["biography", "bio"]
            .iter()
            .find_map(|field| fields.prose(notes, field, LONGEST_BIOGRAPHY))
            .unwrap_or_default();
        let picture =
            ["avatar", "avatar_url", "picture"].iter().find_map(|field| fields.url(notes, field));
        Some(self.add(PlannedSpeaker { key, name, biography, picture }))
    }

    /// What the person is known by in later imports: the first identifier that identifies them, or
    /// else their name.
    fn key(&self, object: &Object, name: &str, fields: &Fields<'_>, notes: &mut Notes) -> String {
        for field in KEYS {
            let Some(key) = identifier(object.get(field)) else { continue };
            if self.names.identifies(field, &key) {
                return format!("{field}:{key}");
            }
            let message = format!(
                "Several names stand under one {field} of a person; they are known by their names."
            );
            notes.warn(fields.row, message);
        }
        format!("name:{}", name_key(name))
    }

    fn add(&mut self, speaker: PlannedSpeaker) -> usize {
        let known = self.by_key.get(&speaker.key).copied();
        let Some((place, known)) = known.and_then(|at| Some((at, self.list.get_mut(at)?))) else {
            let place = self.list.len();
            self.by_key.insert(speaker.key.clone(), place);
            self.list.push(speaker);
            return place;
        };
        if known.biography.is_empty() {
            known.biography = speaker.biography;
        }
        if known.picture.is_none() {
            known.picture = speaker.picture;
        }
        place
    }
}

/// The persons of a session.
fn list_of(session: &Object) -> Option<&Value> {
    session.get("persons").or_else(|| session.get("speakers"))
}
