//! The one error of the REST edge: `application/problem+json` (RFC 9457).

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::db::DbError;
use crate::permission::Denied;

/// An answer that says what went wrong and what to do about it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: the code tells problems apart.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The HTTP status' name.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// A stable dotted code for programs.
    pub code: &'static str,
    /// A sentence for people.
    pub detail: String,
    /// The field of the request that is concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What is wrong in which row or field, where there is more than one thing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemDetail>,
    /// When it is worth trying again, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
}

/// One of several things that are wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProblemDetail {
    /// Where: a line of a table, or a place in a document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<String>,
    /// The field or column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// A sentence for people.
    pub message: String,
}

impl Problem {
    /// A problem with a status, a code and a sentence.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Problem"),
            status: status.as_u16(),
            code,
            detail: detail.into(),
            field: None,
            errors: Vec::new(),
            retry_after_ms: None,
        }
    }

    /// A value of the request that cannot be used.
    pub fn invalid(field: &str, detail: impl Into<String>) -> Self {
        let problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "request.invalid", detail);
        Self { field: Some(field.to_owned()), ..problem }
    }

    /// What was asked for does not exist, or not for this person.
    pub fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", format!("There is no such {what}."))
    }

    /// The request collides with what is there.
    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, detail)
    }

    /// Something failed here that the person cannot mend.
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "server.failed",
            "Something went wrong on our side. Nothing was changed; please try again.",
        )
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        let (status, code) = match denied {
            Denied::SignIn => (StatusCode::UNAUTHORIZED, "sign_in.required"),
            Denied::Register => (StatusCode::FORBIDDEN, "registration.required"),
            Denied::Role => (StatusCode::FORBIDDEN, "permission.denied"),
            Denied::Banned(_) => (StatusCode::FORBIDDEN, "chat.banned"),
            Denied::TimedOut(_) => (StatusCode::FORBIDDEN, "chat.timed_out"),
        };
        Self::new(status, code, denied.to_string())
    }
}

impl From<DbError> for Problem {
    fn from(error: DbError) -> Self {
        tracing::error!(%error, "a request failed at the database");
        let detail = "The database did not answer. Nothing was changed; please try again.";
        let problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, "server.storage", detail);
        Self { retry_after_ms: Some(2_000), ..problem }
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
