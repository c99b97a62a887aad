//! Generic types. OpenAPI has none: `Page<Room>` appears there as `Page_Room`, expanded.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::REFERENCE;

/// The name of a type, `Page<Room>` for `Page_Room`.
pub(super) fn name(schema: &str) -> String {
    match schema.split_once('_') {
        Some((generic, argument)) => format!("{generic}<{argument}>"),
        None => schema.to_owned(),
    }
}

/// The generic declaration that the schema is an instance of: its name, and its type with `Item` in
/// place of the argument. `None` if the schema is not generic.
pub(super) fn declaration(
    schema: &str,
    schemas: &BTreeMap<String, Value>,
) -> Option<(String, Value)> {
    let (generic, argument) = schema.split_once('_')?;
    let declared = with_item(schemas.get(schema)?, argument, schemas.get(argument)?);
    Some((format!("{generic}<Item>"), declared))
}

/// The schema with `Item` in place of the argument, which is a reference or expanded.
fn with_item(schema: &Value, argument: &str, written_out: &Value) -> Value {
    let refers = schema["$ref"].as_str().and_then(|path| path.strip_prefix(REFERENCE));
    if refers == Some(argument) || schema == written_out {
        return json!({"$ref": format!("{REFERENCE}Item")});
    }
    match schema {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, field)| (name.clone(), with_item(field, argument, written_out)))
            .collect(),
        Value::Array(parts) => {
            parts.iter().map(|part| with_item(part, argument, written_out)).collect()
        }
        other => other.clone(),
    }
}
