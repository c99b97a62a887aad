//! The socket as an AsyncAPI 3.0 document (<https://www.asyncapi.com/docs/reference/specification/v3.0.0>).

use serde_json::{Map, Value, json};

use super::{schema_name, socket_schemas};
use crate::protocol::SUBPROTOCOL;
use crate::registry::Registry;

/// The AsyncAPI document.
pub fn asyncapi(hub: &Registry) -> Value {
    let registered = &hub.operations;
    let mut messages = Map::new();
    let mut operations = Map::new();
    for (name, _) in registered.infos() {
        let (request, answer) = (schema_name(name, "Request"), schema_name(name, "Answer"));
        messages.insert(request.clone(), message(name, &request_payload(name, &request)));
        messages.insert(answer.clone(), message(name, &answer_payload(&answer)));
        operations.insert(name.to_owned(), json!({
            "action": "receive",
            "channel": { "$ref": "#/channels/socket" },
            "messages": [{ "$ref": format!("#/channels/socket/messages/{request}") }],
            "reply": { "messages": [{ "$ref": format!("#/channels/socket/messages/{answer}") }] },
        }));
    }
    for (name, _) in registered.pushes() {
        let push = schema_name(name, "Push");
        messages.insert(push.clone(), message(name, &push_payload(name, &push)));
        operations.insert(
            format!("push.{name}"),
            json!({
                "action": "send",
                "channel": { "$ref": "#/channels/socket" },
                "messages": [{ "$ref": format!("#/channels/socket/messages/{push}") }],
            }),
        );
    }
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Plenary's socket",
            "version": env!("CARGO_PKG_VERSION"),
            "description": format!(
                "JSON text frames over one WebSocket, subprotocol {SUBPROTOCOL}; one object per \
                 line, one or more lines per frame."
            ),
        },
        "defaultContentType": "application/json",
        "channels": { "socket": { "address": "/ws", "messages": messages } },
        "operations": operations,
        "components": { "schemas": socket_schemas(hub) },
    })
}

fn message(name: &str, payload: &Value) -> Value {
    json!({ "name": name, "payload": payload })
}

fn schema(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn request_payload(operation: &str, data: &str) -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["id", "op"],
        "properties": {
            "id": { "type": "integer", "minimum": 0, "maximum": u32::MAX },
            "op": { "const": operation },
            "data": schema(data),
        },
    })
}

fn answer_payload(ok: &str) -> Value {
    json!({
        "type": "object",
        "required": ["reply"],
        "properties": { "reply": { "type": "integer" }, "ok": schema(ok) },
    })
}

fn push_payload(push: &str, data: &str) -> Value {
    json!({
        "type": "object",
        "required": ["push", "data"],
        "properties": {
            "push": { "const": push },
            "channel": { "type": "string", "format": "uuid" },
            "data": schema(data),
        },
    })
}
