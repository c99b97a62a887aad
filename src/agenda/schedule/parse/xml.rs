//! The `schedule.xml` of Pentabarf, frab, pretalx and FOSDEM, in the shape of a `schedule.json`.

use roxmltree::{Node, ParsingOptions};
use serde_json::{Map, Value};

use super::document::{Document, Object, refuse};
use crate::agenda::schedule::notes::Faults;
use crate::text::{one_line, shortened};

/// How many parts of XML are read: a session has some thirty.
const MAX_NODES: u32 = 3_000_000;
/// What of a conference or a session is a text, under the same name in both formats.
const CONFERENCE: [&str; 8] = [
    "acronym",
    "title",
    "start",
    "end",
    "time_zone_name",
    "timezone",
    "time_zone",
    "timeslot_duration",
];
const SESSION: [&str; 16] = [
    "guid",
    "id",
    "code",
    "date",
    "start",
    "end",
    "duration",
    "slug",
    "url",
    "title",
    "subtitle",
    "track",
    "type",
    "language",
    "abstract",
    "description",
];

/// Reads the document.
pub(super) fn read(text: &str) -> Result<Document, Faults> {
    let options = ParsingOptions { nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    let document = roxmltree::Document::parse_with_options(text, options).map_err(|error| {
        let place = error.pos();
        let row = format!("line {}, column {}", place.row, place.col);
        let why = error.to_string();
        let why = why.split(" at ").next().unwrap_or_default();
        Faults::of_document(Some(row), format!("The document is no valid XML: {why}."))
    })?;
    let schedule = document.root_element();
    if !schedule.has_tag_name("schedule") {
        let name = shortened(schedule.tag_name().name(), 60);
        return refuse(format!("This XML begins with <{name}>; a schedule.xml with <schedule>."));
    }
    let mut conference = Object::new();
    let mut outer = Object::new();
    let mut generator = None;
    let mut days = vec![];
    for child in schedule.children().filter(Node::is_element) {
        match child.tag_name().name() {
            "generator" => {
                let name = child.attribute("name").map(str::to_owned);
                generator = name.or_else(|| Some(content(child)));
            }
            name @ ("version" | "base_url") => put(&mut outer, name, content(child)),
            "conference" => {
                texts(child, &CONFERENCE, &mut conference);
                texts(child, &["base_url"], &mut outer);
                lists(child, &mut conference);
            }
            "day" => days.push(Value::Object(day(child))),
            _ => {}
        }
    }
    if conference.is_empty() && days.is_empty() {
        return refuse(
            "There is neither a <conference> nor a <day> in this <schedule>.".to_owned(),
        );
    }
    conference.insert("days".to_owned(), Value::Array(days));
    Ok(Document { schedule: outer, conference, generator, oddities: vec![] })
}

/// The conference's own lists of rooms and tracks, which newer documents have.
fn lists(conference: Node<'_, '_>, object: &mut Object) {
    for (item, list) in [("room", "rooms"), ("track", "tracks")] {
        let nodes = conference.descendants().filter(|node| node.has_tag_name(item));
        let items: Vec<Value> = nodes.map(|node| Value::Object(described(node))).collect();
        if !items.is_empty() {
            object.insert(list.to_owned(), Value::Array(items));
        }
    }
}

/// Attributes and children as fields; text that is neither is the name.
fn described(node: Node<'_, '_>) -> Object {
    let mut object = Object::new();
    for attribute in node.attributes() {
        put(&mut object, attribute.name(), attribute.value().to_owned());
    }
    for child in node.children().filter(Node::is_element) {
        put(&mut object, child.tag_name().name(), content(child));
    }
    if !object.contains_key("name") {
        put(&mut object, "name", content(node));
    }
    object
}

fn day(node: Node<'_, '_>) -> Object {
    let mut object = Object::new();
    for (attribute, field) in [("date", "date"), ("start", "day_start"), ("end", "day_end")] {
        if let Some(value) = node.attribute(attribute) {
            put(&mut object, field, value.to_owned());
        }
    }
    if let Some(index) = node.attribute("index").and_then(|index| index.parse::<u64>().ok()) {
        object.insert("index".to_owned(), Value::from(index));
    }
    let mut rooms = Object::new();
    for room in node.children().filter(|node| node.has_tag_name("room")) {
        let name = one_line(room.attribute("name").unwrap_or_default());
        let listed = rooms.entry(name).or_insert_with(|| Value::Array(vec![]));
        if let Value::Array(listed) = listed {
            let events = room.children().filter(|node| node.has_tag_name("event"));
            listed.extend(events.map(|event| Value::Object(session(event))));
        }
    }
    object.insert("rooms".to_owned(), Value::Object(rooms));
    object
}

fn session(node: Node<'_, '_>) -> Object {
    let mut object = Object::new();
    for attribute in ["guid", "id", "code"] {
        if let Some(value) = node.attribute(attribute) {
            put(&mut object, attribute, value.to_owned());
        }
    }
    texts(node, &SESSION, &mut object);
    texts(node, &["room"], &mut object);
    let lists = node.children().filter(|node| node.has_tag_name("persons"));
    let persons = lists.flat_map(|list| list.children()).filter(|node| node.has_tag_name("person"));
    let persons = persons.map(|person| Value::Object(described(person)));
    object.insert("persons".to_owned(), Value::Array(persons.collect()));
    object
}

/// The contents of the children with these names.
fn texts(node: Node<'_, '_>, names: &[&str], object: &mut Object) {
    for child in node.children().filter(Node::is_element) {
        let name = child.tag_name().name();
        if names.contains(&name) {
            put(object, name, content(child));
        }
    }
}

fn put(object: &mut Map<String, Value>, name: &str, text: String) {
    if !text.trim().is_empty() {
        object.insert(name.to_owned(), Value::String(text));
    }
}

/// The text of an element; with its markup, where somebody wrote HTML into it as elements.
fn content(node: Node<'_, '_>) -> String {
    if node.children().any(|child| child.is_element()) {
        let source = node.document().input_text();
        let (first, last) = (node.first_child(), node.last_child());
        let range = first.zip(last).map(|(first, last)| first.range().start..last.range().end);
        return range.and_then(|range| source.get(range)).unwrap_or_default().to_owned();
    }
    node.children().filter_map(|child| child.text()).collect()
}
