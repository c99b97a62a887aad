//! Requests in, replies out.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::refusal::Refusal;
use crate::websocket::Frame;

/// A client's request: exactly one reply with the same `id` answers it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request<'a> {
    /// The client's number for it.
    pub id: u32,
    /// The operation's name.
    #[serde(borrow)]
    pub op: std::borrow::Cow<'a, str>,
    /// The operation's parameters; an empty object if left out.
    #[serde(borrow, default)]
    pub data: Option<&'a RawValue>,
}

/// A line that is not a request, with its id if that was readable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MalformedRequest {
    /// The request's number, if it could be read.
    pub id: Option<u32>,
    /// What is wrong with it.
    pub refusal: Refusal,
}

/// Parses one line of a frame.
///
/// # Errors
/// What is wrong with it, with the id if that could be read.
pub fn parse_request(line: &str) -> Result<Request<'_>, MalformedRequest> {
    #[derive(Deserialize)]
    struct OnlyId {
        id: u32,
    }
    if !is_object(line) {
        let refusal = Refusal::new("request.malformed", "A request is a JSON object.");
        return Err(MalformedRequest { id: None, refusal });
    }
    serde_json::from_str(line).map_err(|error| MalformedRequest {
        id: serde_json::from_str::<OnlyId>(line).ok().map(|only| only.id),
        refusal: refusal_of(&error, "request.malformed"),
    })
}

/// Parses an operation's parameters.
///
/// # Errors
/// `request.unknown_field` or `request.invalid`, by the name of the field.
pub fn parse_data<T: DeserializeOwned>(data: Option<&RawValue>) -> Result<T, Refusal> {
    let text = data.map_or("{}", RawValue::get);
    if !is_object(text) {
        return Err(Refusal::new("request.invalid", "A request's data is a JSON object."));
    }
    let mut input = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(&mut input).map_err(|error| {
        let refusal = refusal_of(error.inner(), "request.invalid");
        // The path is "." for the data as a whole, and stops before a field that is missing.
        let path = error.path().to_string();
        let field = if path == "." { refusal.field } else { Some(path) };
        Refusal { field: field.filter(|name| name.len() <= LONGEST_FIELD), ..refusal }
    })
}

/// Whether this can be a JSON object: otherwise an array would be accepted for a type with named
/// fields, which is not part of the protocol.
fn is_object(json: &str) -> bool {
    json.trim_start().starts_with('{')
}

/// How much of the parser's message is repeated, in characters: it can contain what was sent.
const LONGEST_REASON: usize = 300;
/// The maximum length of a field name that is repeated to the client, in bytes.
const LONGEST_FIELD: usize = 64;

fn refusal_of(error: &serde_json::Error, code: &'static str) -> Refusal {
    let text = error.to_string();
    let why = text.rsplit_once(" at line ").map_or(text.as_str(), |(why, _)| why);
    let why: String = why.trim_end_matches('.').chars().take(LONGEST_REASON).collect();
    // The parser puts unknown and missing fields between backticks, but also values.
    let names = why.starts_with("unknown field") || why.starts_with("missing field");
    let named = why.split('`').nth(1).filter(|name| names && name.len() <= LONGEST_FIELD);
    let code = if why.starts_with("unknown field") { "request.unknown_field" } else { code };
    let refusal = Refusal::new(code, format!("The request cannot be used: {why}."));
    Refusal { field: named.map(str::to_owned), ..refusal }
}

#[derive(Serialize)]
struct Reply<'a, T> {
    reply: u32,
    ok: &'a T,
}

#[derive(Serialize)]
struct ErrorReply<'a> {
    reply: Option<u32>,
    error: &'a Refusal,
}

/// The line that answers a request.
pub fn reply_line<T: Serialize>(id: u32, ok: &T) -> Frame {
    match Frame::json(&Reply { reply: id, ok }) {
        Ok(frame) => frame,
        Err(error) => {
            tracing::error!(%error, "an answer could not be encoded");
            refusal_line(Some(id), &Refusal::new("server.failed", "Something went wrong here."))
        }
    }
}

/// The line that refuses a request; without an id when none could be read.
pub fn refusal_line(id: Option<u32>, error: &Refusal) -> Frame {
    Frame::json(&ErrorReply { reply: id, error }).unwrap_or_else(|_| Frame::text(""))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Data {
        #[expect(dead_code, reason = "only its presence counts")]
        seq: u64,
    }

    #[test]
    fn a_request_is_an_id_an_operation_and_data() {
        let request = parse_request(r#"{"id":7,"op":"channel.read","data":{"seq":3}}"#).unwrap();
        assert_eq!((request.id, request.op.as_ref()), (7, "channel.read"));
        assert!(parse_data::<Data>(request.data).is_ok());
    }

    #[test]
    fn errors_name_the_field() {
        let refused = parse_request(r#"{"id":7,"op":"ping","extra":1}"#).unwrap_err();
        assert_eq!(refused.id, Some(7));
        assert_eq!(refused.refusal.code, "request.unknown_field");
        assert_eq!(refused.refusal.field.as_deref(), Some("extra"));

        let wrong = RawValue::from_string(r#"{"seq":"three"}"#.to_owned()).unwrap();
        assert_eq!(parse_data::<Data>(Some(&wrong)).unwrap_err().code, "request.invalid");
        let array = RawValue::from_string("[3]".to_owned()).unwrap();
        assert_eq!(parse_data::<Data>(Some(&array)).unwrap_err().code, "request.invalid");
        assert_eq!(parse_request(r#"[7,"ping"]"#).unwrap_err().refusal.code, "request.malformed");
        let missing = parse_data::<Data>(None).unwrap_err();
        assert_eq!(missing.field.as_deref(), Some("seq"));
    }

    proptest! {
        #[test]
        fn no_text_makes_the_decoder_panic(line in ".*") {
            let _ = parse_request(&line);
        }

        #[test]
        fn no_json_makes_the_decoder_panic(
            id in any::<i64>(), op in ".{0,20}", data in "[\\[\\]{}\",:0-9a-z]{0,40}",
        ) {
            let line = format!(r#"{{"id":{id},"op":{},"data":{data}}}"#, serde_json::json!(op));
            if let Ok(request) = parse_request(&line) {
                prop_assert_eq!(request.op.as_ref(), op);
                let _ = parse_data::<Data>(request.data);
            }
        }
    }
}
