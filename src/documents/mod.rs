//! The generated documents of the interface: the OpenAPI document of the REST edge, the AsyncAPI
//! document of the socket, and the generated part of `docs/protocol.md`. All are made from the
//! program's own types and tables; the committed copies are checked for drift.

mod asyncapi;
mod protocol;
mod typescript;

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::PartialSchema;
use utoipa::openapi::schema::{Object, Ref};
use utoipa::openapi::{Info, OpenApi, RefOr, Schema};

use crate::http;
use crate::protocol::Refusal;
use crate::registry::Registry;

pub use asyncapi::asyncapi;
pub use protocol::{BEGIN, END, protocol_markdown};
pub use typescript::{rest_types, socket_types};

/// The OpenAPI document. Its components hold the socket's types too (`SocketOperations`,
/// `SocketPushes`), so that one document is enough to generate a client's types from.
pub fn openapi(hub: &Registry) -> OpenApi {
    let mut document = http::document(hub.api.clone());
    document.info = Info::new("Plenary", env!("CARGO_PKG_VERSION"));
    let components = document.components.get_or_insert_default();
    for (name, schema) in socket_schemas(hub) {
        components.schemas.entry(name).or_insert(schema);
    }
    document
}

/// A document as formatted JSON.
pub fn pretty(document: &impl serde::Serialize) -> String {
    let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.push('\n');
    text
}

/// The schemas of everything sent over the socket, by name.
fn socket_schemas(hub: &Registry) -> BTreeMap<String, RefOr<Schema>> {
    let operations = &hub.operations;
    let mut schemas: BTreeMap<String, RefOr<Schema>> = BTreeMap::new();
    let mut all_operations = Object::new();
    let mut all_pushes = Object::new();
    for (name, info) in operations.infos() {
        let (request, answer) = (schema_name(name, "Request"), schema_name(name, "Answer"));
        let mut pair = Object::new();
        for (part, schema) in [("request", &request), ("answer", &answer)] {
            pair.properties.insert(part.to_owned(), reference(schema));
            pair.required.push(part.to_owned());
        }
        all_operations.properties.insert(name.to_owned(), RefOr::T(pair.into()));
        all_operations.required.push(name.to_owned());
        schemas.insert(request, info.request.clone());
        schemas.insert(answer, info.answer.clone());
        schemas.extend(info.referred.iter().cloned());
    }
    for (name, info) in operations.pushes() {
        let data = schema_name(name, "Push");
        all_pushes.properties.insert(name.to_owned(), reference(&data));
        all_pushes.required.push(name.to_owned());
        schemas.insert(data, info.data.clone());
        schemas.extend(info.referred.iter().cloned());
    }
    let parts = hub.events.parts().iter().filter(|part| part.is_public());
    name_values(&mut schemas, "Part", parts.map(|part| part.name()));
    let kinds = hub.events.channel_kinds().iter();
    name_values(&mut schemas, "ChannelKind", kinds.map(|kind| kind.name()));
    schemas.insert("Refusal".to_owned(), <Refusal as PartialSchema>::schema());
    schemas.insert("SocketOperations".to_owned(), RefOr::T(all_operations.into()));
    schemas.insert("SocketPushes".to_owned(), RefOr::T(all_pushes.into()));
    schemas
}

/// Says which values a type has that capabilities add to.
fn name_values<'a>(
    schemas: &mut BTreeMap<String, RefOr<Schema>>,
    name: &str,
    values: impl Iterator<Item = &'a str>,
) {
    if let Some(RefOr::T(Schema::Object(schema))) = schemas.get_mut(name) {
        schema.enum_values = Some(values.map(Value::from).collect());
    }
}

fn reference(name: &str) -> RefOr<Schema> {
    RefOr::Ref(Ref::from_schema_name(name))
}

/// The name of a schema: `MessageSendRequest` for `message.send` and `Request`.
fn schema_name(operation: &str, suffix: &str) -> String {
    let words = operation.split(['.', '_']).map(|word| {
        let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
        first.to_uppercase() + rest
    });
    words.collect::<String>() + suffix
}

/// The names shared by different types, in all documents.
pub fn name_collisions(hub: &Registry) -> Vec<String> {
    let operations = &hub.operations;
    let infos = operations.infos().flat_map(|(_, info)| info.referred.clone());
    let pushes = operations.pushes().flat_map(|(_, info)| info.referred.clone());
    let rest = http::document(hub.api.clone()).components.unwrap_or_default().schemas;
    let mut known: BTreeMap<String, Value> = BTreeMap::new();
    let mut collisions = Vec::new();
    for (name, schema) in infos.chain(pushes).chain(rest) {
        let schema = serde_json::to_value(&schema).unwrap_or_default();
        let kept = known.entry(name.clone()).or_insert_with(|| schema.clone());
        if *kept != schema {
            collisions.push(name);
        }
    }
    collisions
}
