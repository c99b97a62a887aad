//! Tracks: listed by the conference, or only named by sessions.

use std::collections::HashMap;

use serde_json::Value;

use super::Context;
use super::document::{Object, name_of};
use super::fields::{Fields, text_of};
use crate::agenda::schedule::markup;
use crate::agenda::schedule::notes::Notes;
use crate::agenda::schedule::plan::PlannedTrack;
use crate::text::{ShortName, shortened};

/// The maximum number of tracks.
const MAX_TRACKS: usize = 1_000;

/// The tracks so far.
#[derive(Debug, Default)]
pub(super) struct Tracks {
    list: Vec<PlannedTrack>,
    by_name: HashMap<String, usize>,
}

impl Tracks {
    /// Reads the conference's own list, where it has one.
    pub(super) fn listed(list: Option<&Value>, context: &Context, notes: &mut Notes) -> Self {
        let mut tracks = Self::default();
        let Some(Value::Array(list)) = list else { return tracks };
        for (index, item) in list.iter().enumerate() {
            let row = format!("track {} of the conference", index + 1);
            tracks.read(item, &row, context, notes);
        }
        tracks
    }

    /// The index of the track in a session's field `track`.
    pub(super) fn of_session(&mut self, fields: &Fields<'_>, notes: &mut Notes) -> Option<usize> {
        let value = fields.object.get("track")?;
        self.read(value, fields.row, fields.context, notes)
    }

    /// All of them, in order.
    pub(super) fn into_list(self) -> Vec<PlannedTrack> {
        self.list
    }

    /// A track is a name, a name in several languages, or an object with a name in it.
    fn read(
        &mut self,
        value: &Value,
        row: &str,
        context: &Context,
        notes: &mut Notes,
    ) -> Option<usize> {
        let object = value.as_object().filter(|object| object.contains_key("name"));
        let name = object.and_then(|object| object.get("name")).unwrap_or(value);
        let Ok(name) = text_of(name, &context.language) else {
            let message =
                format!("A track must be a text and is {}; it was left out.", name_of(value));
            notes.warn(row, message);
            return None;
        };
        let whole = markup::plain(&name?);
        let name = shortened(&whole, ShortName::MOST);
        if name.is_empty() {
            return None;
        }
        if let Some(place) = self.by_name.get(&name) {
            return Some(*place);
        }
        if name != whole {
            let most = ShortName::MOST;
            notes.warn(
                row,
                format!("The track's name has more than {most} characters; it was shortened."),
            );
        }
        if self.list.len() >= MAX_TRACKS {
            notes.warn(
                row,
                format!("An agenda has at most {MAX_TRACKS} tracks; this one was left out."),
            );
            return None;
        }
        let color = object.and_then(|object| color(object, row, notes));
        let place = self.list.len();
        self.by_name.insert(name.clone(), place);
        self.list.push(PlannedTrack { name, color });
        Some(place)
    }
}

/// The color as `#rrggbb`; anything else is left out.
fn color(object: &Object, row: &str, notes: &mut Notes) -> Option<String> {
    let text = object.get("color").and_then(Value::as_str).map(str::trim)?;
    if text.is_empty() {
        return None;
    }
    let digits = text.strip_prefix('#').unwrap_or(text).to_ascii_lowercase();
    let hexadecimal = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let color = match digits.len() {
        3 if hexadecimal => digits.chars().flat_map(|digit| [digit, digit]).collect(),
        6 if hexadecimal => digits,
        _ => {
            notes.warn(row, "The track's color is not written like #00a0c0; it was left out.");
            return None;
        }
    };
    Some(format!("#{color}"))
}
