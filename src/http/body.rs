//! JSON bodies: parsed into their type, or refused with every field that does not fit, so that a
//! form can mark them all.

use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use utoipa::PartialSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

use super::problem::Problem;
use super::receive::{Kind, receive};
use crate::protocol::ProblemDetail;

const JSON: Kind = Kind {
    name: "The request's body",
    most: 256 * 1024,
    arrival: std::time::Duration::from_secs(60),
};
/// More wrong fields than any form has; the rest is not looked for.
const MAX_ERRORS: usize = 50;

/// A JSON body, parsed into its type; what does not fit is answered with the names of the fields.
#[derive(Clone, Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned + PartialSchema, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        parse_json(&receive(request.into_body(), JSON).await?).map(Self)
    }
}

/// Parses JSON, telling unknown and missing fields and wrong values apart by name.
///
/// # Errors
/// A 400 for what is not JSON, a 422 with the fields' names for JSON that does not fit.
pub fn parse_json<T: DeserializeOwned + PartialSchema>(bytes: &[u8]) -> Result<T, Problem> {
    // A type with named fields would also be read from an array, by their order.
    if bytes.trim_ascii_start().starts_with(b"[") {
        let detail = "The request's body must be a JSON object.";
        return Err(Problem::new("request.invalid", detail));
    }
    serde_json::from_slice(bytes).map_err(|error| match serde_json::from_slice(bytes) {
        Ok(Value::Object(sent)) if error.is_data() => match wrong_fields::<T>(sent) {
            // Such as a field that is there twice.
            none if none.is_empty() => unusable(&error),
            errors => Problem::invalid_fields(errors),
        },
        Ok(_) => unusable(&error),
        Err(error) => {
            Problem::new("request.malformed", format!("The request's body is not JSON: {error}."))
        }
    })
}

fn unusable(error: &serde_json::Error) -> Problem {
    let detail = format!("The request's body cannot be used: {}.", without_place(error));
    Problem::new("request.invalid", detail)
}

/// What is wrong in which field. The parser stops at the first one, so that each is given to it
/// alone; it then also says that others are missing, which the schema knows better.
fn wrong_fields<T: DeserializeOwned + PartialSchema>(
    sent: Map<String, Value>,
) -> Vec<ProblemDetail> {
    let missing = required::<T>().into_iter().filter(|name| !sent.contains_key(name));
    let missing: Vec<_> = missing.map(|name| ProblemDetail::missing(&name)).collect();
    sent.into_iter()
        .filter_map(|(name, value)| wrong_value::<T>(name, value))
        .chain(missing)
        .take(MAX_ERRORS)
        .collect()
}

fn wrong_value<T: DeserializeOwned>(name: String, value: Value) -> Option<ProblemDetail> {
    let alone = Value::Object(Map::from_iter([(name.clone(), value)]));
    let error = serde_path_to_error::deserialize::<_, T>(alone).err()?;
    let path = error.path().to_string();
    let inside = path.strip_prefix(&name)?;
    if !(inside.is_empty() || inside.starts_with(['.', '['])) {
        return None;
    }
    let message = format!("The field {path} cannot be used: {}.", without_place(error.inner()));
    Some(ProblemDetail::of_field(path, message))
}

/// The fields that may not be left out.
fn required<T: PartialSchema>() -> Vec<String> {
    match T::schema() {
        RefOr::T(Schema::Object(object)) => object.required,
        _ => Vec::new(),
    }
}

/// The error without where the parser stopped; the field says that better.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.as_str(), |(why, _)| why).to_owned()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use utoipa::ToSchema;

    use super::*;
    use crate::text::Title;

    #[derive(Debug, Deserialize, ToSchema)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "what is parsed is not read")]
    struct Request {
        title: Title,
        colour: String,
        #[serde(default)]
        parts: Vec<u32>,
        note: Option<Title>,
    }

    fn refused(body: &str) -> Problem {
        parse_json::<Request>(body.as_bytes()).expect_err("a refusal")
    }

    #[test]
    fn a_refusal_names_the_field() {
        let Problem { status, field, detail, errors, .. } =
            refused(r#"{"title": " ", "colour": "red"}"#);
        assert_eq!((status, field.as_deref()), (422, Some("title")));
        assert_eq!(detail, "The field title cannot be used: it must not be empty.");
        assert_eq!(errors, [], "it is the only one");

        assert_eq!(refused(r#"["a", "b"]"#).status, 422, "fields go by their names");
        let nested = refused(r#"{"title": "a", "colour": "red", "parts": [1, "2"]}"#);
        assert_eq!(nested.field.as_deref(), Some("parts[1]"));
        let unknown = refused(r#"{"title": "a", "colour": "red", "size": 1}"#);
        assert_eq!(unknown.field.as_deref(), Some("size"), "{}", unknown.detail);
        let missing = refused(r#"{"colour": "red"}"#);
        assert_eq!(missing.field.as_deref(), Some("title"));
        assert_eq!(missing.detail, "The field title is missing.");
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let Problem { field, detail, errors, .. } =
            refused(r#"{"size": 1, "note": "", "title": 7, "parts": [true]}"#);
        let told: Vec<_> = errors.iter().filter_map(|error| error.field.as_deref()).collect();
        assert_eq!(told, ["size", "note", "title", "parts[0]", "colour"]);
        assert_eq!(field.as_deref(), Some("size"));
        assert_eq!(detail, "These fields cannot be used: size, note, title, parts[0], colour.");
        assert_eq!(errors[1].message, "The field note cannot be used: it must not be empty.");
        assert_eq!(errors[4].message, "The field colour is missing.");
    }

    #[test]
    fn an_endless_list_of_unknown_fields_is_not_repeated() {
        let fields: Vec<_> = (0..10_000).map(|number| format!(r#""f{number}": 1"#)).collect();
        let problem = refused(&format!("{{{}}}", fields.join(",")));
        assert_eq!(problem.errors.len(), MAX_ERRORS);
    }

    #[test]
    fn what_is_not_json_is_told_apart() {
        for body in ["", "{", "{\"title\": \"a\"} x"] {
            assert_eq!(refused(body).status, 400, "{body}");
        }
        for body in ["7", "null", r#"{"title": "a", "title": "b", "colour": "red"}"#] {
            assert_eq!((refused(body).status, refused(body).field), (422, None), "{body}");
        }
        let parsed = parse_json::<Request>(br#"{"title":"a","colour":"red"}"#);
        assert_eq!(parsed.expect("fits").title.as_str(), "a");
    }
}
