//! What handlers ask of a request: who is signed in, which event, which parameters and which
//! [`Body`].

use std::collections::HashMap;
use std::error::Error as _;
use std::ops::Deref;
use std::str::FromStr;
use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRef, FromRequestParts, Path, Query};
use axum::http::header;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

pub use super::body::Body;
use super::problem::Problem;
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
        let name = sign_in::cookie_name(core.settings.addresses.is_secure());
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

/// The part of the address after the question mark; what does not fit is answered with the
/// parameter's name.
#[derive(Clone, Debug)]
pub struct Parameters<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Parameters<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let parsed = Query::<T>::try_from_uri(&parts.uri);
        parsed.map(|Query(parsed)| Self(parsed)).map_err(|error| unusable_parameters(&error))
    }
}

/// As which error a query's parser names the parameter.
type QueryError = serde_path_to_error::Error<serde::de::value::Error>;

fn unusable_parameters(rejection: &QueryRejection) -> Problem {
    let mut causes = std::iter::successors(rejection.source(), |&error| error.source());
    let Some(error) = causes.find_map(|error| error.downcast_ref::<QueryError>()) else {
        let detail = format!("The query parameters cannot be used: {rejection}.");
        return Problem::new("request.invalid", detail);
    };
    let (name, why) = (error.path().to_string(), error.inner());
    Problem::invalid(&name, format!("The parameter {name} cannot be used: {why}."))
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

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "what is parsed is not read")]
    struct Asked {
        limit: Option<u32>,
    }

    #[test]
    fn a_parameter_that_does_not_fit_is_named() {
        for (query, name, why) in [
            ("limit=many", "limit", "invalid digit found in string"),
            ("limit=1&colour=red", "colour", "unknown field `colour`, expected `limit`"),
        ] {
            let address = format!("/people?{query}").parse().expect("an address");
            let rejection = Query::<Asked>::try_from_uri(&address).expect_err("a rejection");
            let problem = unusable_parameters(&rejection);
            assert_eq!((problem.status, problem.field.as_deref()), (422, Some(name)));
            assert_eq!(problem.detail, format!("The parameter {name} cannot be used: {why}."));
        }
    }
}
