//! The TypeScript types for the JS client. Existing generators need the compiler's old API, which
//! its current version no longer has.

mod generic;
mod rest;
mod socket;

use std::fmt::Write as _;

use serde_json::Value;

pub use rest::rest_types;
pub use socket::socket_types;

const REFERENCE: &str = "#/components/schemas/";

/// Whether optional fields can also be `null`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Nulls {
    /// Answers: the hub never sends `null`, but leaves fields out.
    LeftOut,
    /// Requests: the hub accepts `null`, which removes a value.
    Written,
}

/// A named type with its comment.
fn declare(text: &mut String, name: &str, schema: &Value, nulls: Nulls) {
    comment(text, schema, "");
    let _ = writeln!(text, "export type {name} = {};\n", type_of(schema, "", nulls));
}

fn comment(text: &mut String, schema: &Value, indent: &str) {
    // An optional reference has its description beside the reference.
    let parts = schema["oneOf"].as_array().into_iter().flatten();
    let mut described = std::iter::once(schema).chain(parts);
    if let Some(description) = described.find_map(|part| part["description"].as_str()) {
        let description = description.replace('\n', " ").replace("*/", "*\\/");
        let _ = writeln!(text, "{indent}/** {description} */");
    }
}

/// The TypeScript type of a schema.
fn type_of(schema: &Value, indent: &str, nulls: Nulls) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.strip_prefix(REFERENCE)) {
        return generic::name(name);
    }
    if let Some(values) = schema["enum"].as_array() {
        return joined(values.iter().map(Value::to_string), " | ");
    }
    for (key, separator) in [("oneOf", " | "), ("anyOf", " | "), ("allOf", " & ")] {
        if let Some(parts) = schema[key].as_array() {
            let parts = parts
                .iter()
                .filter(|part| nulls == Nulls::Written || part["type"] != "null")
                .map(|part| type_of(part, indent, nulls));
            return joined(parts, separator);
        }
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        other => other.as_str().into_iter().collect(),
    };
    let parts = types
        .into_iter()
        .filter(|name| nulls == Nulls::Written || *name != "null")
        .map(|name| basic(name, schema, indent, nulls))
        .collect::<Vec<_>>();
    if parts.is_empty() { "unknown".to_owned() } else { parts.join(" | ") }
}

fn basic(name: &str, schema: &Value, indent: &str, nulls: Nulls) -> String {
    match name {
        "string" => "string".to_owned(),
        "integer" | "number" => "number".to_owned(),
        "boolean" => "boolean".to_owned(),
        "null" => "null".to_owned(),
        "array" => list_of(&type_of(&schema["items"], indent, nulls)),
        "object" => object(schema, indent, nulls),
        _ => "unknown".to_owned(),
    }
}

fn list_of(item: &str) -> String {
    if item.contains(' ') { format!("({item})[]") } else { format!("{item}[]") }
}

fn object(schema: &Value, indent: &str, nulls: Nulls) -> String {
    let Some(properties) = schema["properties"].as_object().filter(|fields| !fields.is_empty())
    else {
        return match &schema["additionalProperties"] {
            values @ Value::Object(_) => {
                format!("Record<string, {}>", type_of(values, indent, nulls))
            }
            _ => "Record<never, never>".to_owned(),
        };
    };
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let inner = format!("{indent}  ");
    let mut text = String::from("{\n");
    for (name, property) in properties {
        comment(&mut text, property, &inner);
        let mark = if required.contains(&name.as_str()) { "" } else { "?" };
        let _ = writeln!(text, "{inner}{name}{mark}: {};", type_of(property, &inner, nulls));
    }
    let _ = write!(text, "{indent}}}");
    text
}

fn joined(parts: impl Iterator<Item = String>, separator: &str) -> String {
    parts.collect::<Vec<_>>().join(separator)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written(schema: &Value) -> String {
        type_of(schema, "", Nulls::Written)
    }

    #[test]
    fn null_is_written_only_where_the_hub_accepts_it() {
        let reference = json!({"$ref": "#/components/schemas/RoomId"});
        for (schema, name) in [
            (json!({"type": ["integer", "null"]}), "number"),
            (json!({"oneOf": [reference, {"type": "null"}]}), "RoomId"),
            (json!({"type": ["array", "null"], "items": {"type": "string"}}), "string[]"),
        ] {
            assert_eq!(type_of(&schema, "", Nulls::LeftOut), name);
            assert_eq!(written(&schema), format!("{name} | null"));
        }
    }

    #[test]
    fn maps_lists_enums_and_unions() {
        let union = json!({"oneOf": [{"type": "string"}, {"type": "boolean"}]});
        assert_eq!(written(&union), "string | boolean");
        assert_eq!(
            written(&json!({"type": "object", "additionalProperties": union})),
            "Record<string, string | boolean>"
        );
        assert_eq!(
            written(&json!({"type": "object", "additionalProperties": {}})),
            "Record<string, unknown>"
        );
        assert_eq!(
            written(&json!({"type": "array", "items": {"enum": ["a", "b"]}})),
            r#"("a" | "b")[]"#
        );
        assert_eq!(written(&json!({})), "unknown");
    }

    #[test]
    fn required_fields_are_not_optional_and_comments_are_kept() {
        let schema = json!({"type": "object", "required": ["a"], "properties": {
            "a": {"type": "string", "description": "Ends */ here."},
            "b": {"oneOf": [{"$ref": "#/components/schemas/B", "description": "Beside."}, {"type": "null"}]},
        }});
        let expected = "{\n  /** Ends *\\/ here. */\n  a: string;\n  /** Beside. */\n  b?: B;\n}";
        assert_eq!(type_of(&schema, "", Nulls::LeftOut), expected);
    }
}
