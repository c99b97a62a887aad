//! The error type of the REST edge: `application/problem+json` (RFC 9457).

use std::borrow::Cow;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::clock::Timestamp;
use crate::db::DbError;
use crate::permission::Denied;
use crate::protocol::{ProblemDetail, Refusal, status_of};

/// An answer that says what went wrong and what to do about it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: problems are distinguished by `code`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The HTTP status' name.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// A stable dotted code for programs.
    #[schema(value_type = String)]
    pub code: Cow<'static, str>,
    /// A sentence for people.
    pub detail: String,
    /// The field of the request concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The errors by row or field, if there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemDetail>,
    /// When it ends, if it ends by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// After how many milliseconds to try again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
}

impl Problem {
    /// A problem with a code, which decides the status, and a sentence.
    pub fn new(code: impl Into<Cow<'static, str>>, detail: impl Into<String>) -> Self {
        let code = code.into();
        let status = StatusCode::from_u16(status_of(&code)).unwrap_or(StatusCode::CONFLICT);
        let problem = Self {
            kind: "about:blank",
            title: "",
            status: 0,
            code,
            detail: detail.into(),
            field: None,
            errors: Vec::new(),
            until: None,
            retry_after_ms: None,
        };
        problem.with_status(status)
    }

    /// The same with another status than the code's, where HTTP has a more specific one.
    #[must_use]
    pub fn with_status(self, status: StatusCode) -> Self {
        let title = status.canonical_reason().unwrap_or("Problem");
        Self { title, status: status.as_u16(), ..self }
    }

    /// The same, about this field of the request.
    #[must_use]
    pub fn about(self, field: &str) -> Self {
        Self { field: Some(field.to_owned()), ..self }
    }

    /// A value of the request that cannot be used.
    pub fn invalid(field: &str, detail: impl Into<String>) -> Self {
        Self::new("request.invalid", detail).about(field)
    }

    /// Values of the request that cannot be used, each with its field. A single one is told as by
    /// [`Problem::invalid`].
    pub fn invalid_fields(mut errors: Vec<ProblemDetail>) -> Self {
        let fields: Vec<_> = errors.iter().filter_map(|error| error.field.as_deref()).collect();
        let detail = format!("These fields cannot be used: {}.", fields.join(", "));
        let field = fields.first().map(|&first| first.to_owned());
        let detail = if errors.len() == 1 { errors.remove(0).message } else { detail };
        Self { field, errors, ..Self::new("request.invalid", detail) }
    }

    /// The resource does not exist, or not for this person.
    pub fn not_found(what: &str) -> Self {
        Refusal::not_found(what).into()
    }

    /// An internal error, which the caller cannot fix.
    pub fn internal() -> Self {
        Refusal::failed().into()
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let Refusal { code, message, retry_after_ms, field, until, .. } = refusal;
        Self { field, until, retry_after_ms, ..Self::new(code, message) }
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        Refusal::from(denied).into()
    }
}

impl From<DbError> for Problem {
    fn from(error: DbError) -> Self {
        Refusal::from(error).into()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry = self.retry_after_ms.map(|millis| millis.div_ceil(1_000));
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = retry {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
