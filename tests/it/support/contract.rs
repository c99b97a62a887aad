//! Checks every REST answer of every test against the OpenAPI document: all required fields, no
//! undocumented ones, and never `null`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use http::Method;
use plenary::app::registered;
use plenary::documents;
use serde_json::Value;

use super::client::Answer;

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let hub = registered().expect("what is registered");
    serde_json::to_value(documents::openapi(&hub)).expect("JSON")
});

/// Checks an answer.
///
/// # Panics
/// When it does not match.
pub fn check(method: &Method, path: &str, answer: &Answer) {
    let Some(operation) = operation(method, path) else { return };
    let kind = answer.headers.get("content-type").and_then(|kind| kind.to_str().ok());
    let status = answer.status.as_str();
    let described = match kind.unwrap_or_default() {
        "application/problem+json" => &DOCUMENT["components"]["schemas"]["Problem"],
        kind if answer.status.is_success() => {
            let response = &operation["responses"][status];
            assert!(response.is_object(), "{method} {path}: {status} is not described");
            if kind.is_empty() {
                assert!(response["content"].is_null(), "{method} {path}: {status} has no body");
                return;
            }
            &response["content"][kind.split(';').next().unwrap_or_default()]["schema"]
        }
        _ => return,
    };
    if kind.is_some_and(|kind| kind.starts_with("text/csv")) || *method == Method::HEAD {
        return;
    }
    if let Err(why) = fits(&answer.json(), described) {
        panic!("{method} {path}: the answer is not as described: {why}\n{}", answer.text);
    }
}

/// The document's operation at this path.
fn operation(method: &Method, path: &str) -> Option<&'static Value> {
    let path = path.split('?').next().unwrap_or_default();
    let matches = |template: &str| {
        let (parts, given) = (template.split('/'), path.split('/'));
        parts.clone().count() == given.clone().count()
            && parts.zip(given).all(|(part, given)| part.starts_with('{') || part == given)
    };
    let (_, methods) = DOCUMENT["paths"].as_object()?.iter().find(|(path, _)| matches(path))?;
    methods.get(method.as_str().to_lowercase())
}

/// Whether a value matches a schema, or where it does not.
fn fits(value: &Value, schema: &Value) -> Result<(), String> {
    let schema = resolved(schema);
    if let Some(choices) = schema["oneOf"].as_array() {
        let fitting = choices.iter().any(|choice| fits(value, choice).is_ok());
        return fitting.then_some(()).ok_or_else(|| format!("{value} is none of the choices"));
    }
    if let Some(values) = schema["enum"].as_array() {
        let known = values.contains(value);
        return known.then_some(()).ok_or_else(|| format!("{value} is not one of {values:?}"));
    }
    if schema["allOf"].is_array() || names_type(schema, "object") {
        return object_fits(value, schema);
    }
    let anything = schema["type"].is_null();
    let fitting = anything
        || match value {
            Value::Null => false,
            Value::Bool(_) => names_type(schema, "boolean"),
            Value::Number(_) => names_type(schema, "integer") || names_type(schema, "number"),
            Value::String(_) => names_type(schema, "string"),
            Value::Array(_) => names_type(schema, "array"),
            Value::Object(_) => false,
        };
    if !fitting {
        return Err(format!("{value} is no {}", schema["type"]));
    }
    let items = value.as_array().into_iter().flatten();
    items.filter(|_| !anything).try_for_each(|item| fits(item, &schema["items"]))
}

fn object_fits(value: &Value, schema: &Value) -> Result<(), String> {
    let fields = value.as_object().ok_or_else(|| format!("{value} is no object"))?;
    let mut described = Described::default();
    described.gather(schema);
    if let Some(missing) = described.required.iter().find(|name| !fields.contains_key(**name)) {
        return Err(format!("{missing} is missing"));
    }
    fields.iter().try_for_each(|(name, field)| {
        let property = described.properties.get(name.as_str()).copied().or(described.others);
        let property = property.ok_or_else(|| format!("{name} is not described"))?;
        fits(field, property).map_err(|why| format!("{name}: {why}"))
    })
}

/// The fields of an object and of those that are flattened into it.
#[derive(Default)]
struct Described<'a> {
    properties: BTreeMap<&'a str, &'a Value>,
    required: BTreeSet<&'a str>,
    others: Option<&'a Value>,
}

impl<'a> Described<'a> {
    fn gather(&mut self, schema: &'a Value) {
        let schema = resolved(schema);
        let properties = schema["properties"].as_object().into_iter().flatten();
        self.properties.extend(properties.map(|(name, property)| (name.as_str(), property)));
        let required = schema["required"].as_array().into_iter().flatten();
        self.required.extend(required.filter_map(Value::as_str));
        let others = &schema["additionalProperties"];
        self.others = self.others.or(others.is_object().then_some(others));
        for part in schema["allOf"].as_array().into_iter().flatten() {
            self.gather(part);
        }
    }
}

/// The schema behind a reference.
fn resolved(schema: &Value) -> &Value {
    match schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        Some(name) => &DOCUMENT["components"]["schemas"][name],
        None => schema,
    }
}

fn names_type(schema: &Value, name: &str) -> bool {
    match &schema["type"] {
        Value::Array(names) => names.iter().any(|one| one == name),
        one => one == name,
    }
}
