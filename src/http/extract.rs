//! The extractors: who is signed in, which event, a JSON body without unknown fields.

use std::collections::HashMap;
use std::ops::Deref;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRef, FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::header;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::problem::Problem;
use super::receive::{Kind, receive};
use crate::core::Core;
use crate::events::{EventSnapshot, EventState};
use crate::identity::sign_in::{self, SignIn};
use crate::identity::{Caller, actor};
use crate::permission::{Actor, Denied, Level, Operation, Target};

/// The sign-in of the request's cookie, if it has a valid one.
#[derive(Clone, Copy, Debug)]
pub struct MaybeSignedIn(pub Option<SignIn>);

impl<S> FromRequestParts<S> for MaybeSignedIn
where
    Core: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let core = Core::from_ref(state);
        let name = sign_in::cookie_name(core.settings.is_secure());
        let Some(secret) = cookie(parts, name) else { return Ok(Self(None)) };
        Ok(Self(sign_in::find(&core.identity, &secret).await?))
    }
}

/// The sign-in of the request; 401 without one.
#[derive(Clone, Copy, Debug)]
pub struct SignedIn(pub SignIn);

impl<S> FromRequestParts<S> for SignedIn
where
    Core: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let MaybeSignedIn(sign_in) = MaybeSignedIn::from_request_parts(parts, state).await?;
        sign_in.map(Self).ok_or_else(|| Denied::SignIn.into())
    }
}

/// The event of the path's `{slug}` and the caller's actor in it. A draft exists only for its
/// organizers.
#[derive(Clone, Debug)]
pub struct InEvent {
    /// The caller and the event.
    pub caller: Caller,
    /// The sign-in behind the person.
    pub sign_in: Option<SignIn>,
}

impl Deref for InEvent {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.caller
    }
}

impl<S> FromRequestParts<S> for InEvent
where
    Core: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let MaybeSignedIn(sign_in) = MaybeSignedIn::from_request_parts(parts, state).await?;
        let core = Core::from_ref(state);
        let event = event_of_path(parts, &core).await?;
        let actor = actor::in_event(&core.identity, &event, sign_in).await?;
        if event.state == EventState::Draft && actor.level(None) < Level::Organizer {
            return Err(Problem::not_found("event"));
        }
        let caller = Caller { event, actor: Arc::new(actor), now: core.clock.now() };
        Ok(Self { caller, sign_in })
    }
}

async fn event_of_path(parts: &mut Parts, core: &Core) -> Result<Arc<EventSnapshot>, Problem> {
    let path = Path::<HashMap<String, String>>::from_request_parts(parts, core).await;
    let path = path.map_err(|_| Problem::not_found("event"))?;
    let slug = path.get("slug").map_or("", String::as_str);
    core.events.by_slug(slug).await?.ok_or_else(|| Problem::not_found("event"))
}

/// The event of the path's `{slug}`, for answers that are the same for everyone: the caller is not
/// looked up, so that a crowd costs no query. A draft exists only for its organizers.
#[derive(Clone, Debug)]
pub struct PublicEvent {
    /// The event.
    pub event: Arc<EventSnapshot>,
    now: crate::clock::Timestamp,
}

impl PublicEvent {
    /// Lets through what everyone may do.
    ///
    /// # Errors
    /// When not everyone may do it.
    pub fn may(&self, operation: Operation) -> Result<(), Problem> {
        Ok(Actor::default().may(operation, Target::EVENT, self.now)?)
    }
}

impl<S> FromRequestParts<S> for PublicEvent
where
    Core: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let core = Core::from_ref(state);
        let event = event_of_path(parts, &core).await?;
        if event.state == EventState::Draft {
            InEvent::from_request_parts(parts, state).await?;
        }
        Ok(Self { event, now: core.clock.now() })
    }
}

/// The `{id}` of the path; 404 if it is not an id at all.
#[derive(Clone, Copy, Debug)]
pub struct IdInPath<T>(pub T);

impl<T: FromStr, S: Send + Sync> FromRequestParts<S> for IdInPath<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = Path::<HashMap<String, String>>::from_request_parts(parts, state).await;
        let path = path.map_err(|_| Problem::not_found("id"))?;
        let id = path.get("id").and_then(|id| id.parse().ok());
        id.map(Self).ok_or_else(|| Problem::not_found("id"))
    }
}

/// The query string; what does not fit is refused with a sentence.
#[derive(Clone, Debug)]
pub struct Parameters<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Parameters<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let parsed = Query::<T>::try_from_uri(&parts.uri);
        parsed.map(|Query(parsed)| Self(parsed)).map_err(|error| {
            let detail = format!("The query parameters cannot be used: {}.", error.body_text());
            Problem::new("request.invalid", detail)
        })
    }
}

const JSON: Kind =
    Kind { name: "The request's body", most: 256 * 1024, arrival: Duration::from_secs(60) };

/// A JSON body, parsed into its type; what does not fit is refused with the field's name.
#[derive(Clone, Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        parse_json(&receive(request.into_body(), JSON).await?).map(Self)
    }
}

/// Parses JSON, reporting unknown fields and wrong types by name.
///
/// # Errors
/// A 400 for what is not JSON, a 422 with the field's name for JSON that does not fit.
pub fn parse_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    // Otherwise an array would be accepted for a type with named fields.
    if bytes.trim_ascii_start().starts_with(b"[") {
        let detail = "The request's body must be a JSON object.";
        return Err(Problem::new("request.invalid", detail));
    }
    let mut input = serde_json::Deserializer::from_slice(bytes);
    let parsed = serde_path_to_error::deserialize(&mut input)
        .map_err(|error| refusal(Some(error.path().to_string()), error.inner()))?;
    input.end().map_err(|error| refusal(None, &error))?;
    Ok(parsed)
}

fn refusal(path: Option<String>, error: &serde_json::Error) -> Problem {
    if !error.is_data() {
        let detail = format!("The request's body is not JSON: {error}.");
        return Problem::new("request.malformed", detail);
    }
    // The parser appends a position; the field's name is more useful.
    let text = error.to_string();
    let why = text.rsplit_once(" at line ").map_or(text.as_str(), |(why, _)| why);
    // The path is "." for the body as a whole.
    match path.filter(|path| path != ".") {
        Some(field) => {
            Problem::invalid(&field, format!("The field {field} cannot be used: {why}."))
        }
        None => {
            Problem::new("request.invalid", format!("The request's body cannot be used: {why}."))
        }
    }
}

/// The value of a cookie of the request.
pub fn cookie(parts: &Parts, name: &str) -> Option<String> {
    parts
        .headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then(|| value.to_owned()))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::text::Title;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Request {
        title: Title,
        #[serde(default)]
        parts: Vec<u32>,
    }

    fn refused(body: &str) -> (u16, Option<String>, String) {
        let problem = parse_json::<Request>(body.as_bytes()).expect_err("a refusal");
        (problem.status, problem.field, problem.detail)
    }

    #[test]
    fn a_refusal_names_the_field() {
        let (status, field, detail) = refused(r#"{"title": " "}"#);
        assert_eq!((status, field.as_deref()), (422, Some("title")));
        assert_eq!(detail, "The field title cannot be used: it must not be empty.");

        let (status, ..) = refused(r#"["a", [1]]"#);
        assert_eq!(status, 422, "fields go by their names, not by their order");

        let (_, field, _) = refused(r#"{"title": "a", "parts": [1, "2"]}"#);
        assert_eq!(field.as_deref(), Some("parts[1]"));

        let (status, field, detail) = refused(r#"{"title": "a", "colour": 1}"#);
        assert_eq!((status, field.as_deref()), (422, Some("colour")), "{detail}");
    }

    #[test]
    fn a_missing_field_is_named_in_the_sentence() {
        let (status, _, detail) = refused("{}");
        assert_eq!(status, 422);
        assert!(detail.contains("missing field `title`"), "{detail}");
    }

    #[test]
    fn what_is_not_json_is_malformed() {
        for body in ["", "{", "{\"title\": \"a\"} x"] {
            assert_eq!(refused(body).0, 400, "{body}");
        }
        let parsed: Request = parse_json(br#"{"title":"a","parts":[1]}"#).expect("fits");
        assert_eq!((parsed.title.as_str(), parsed.parts), ("a", vec![1]));
    }
}
