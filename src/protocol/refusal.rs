//! The error type of the socket edge.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::Timestamp;
use crate::permission::Denied;

/// Why a request was refused. Nothing was changed by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Refusal {
    /// A stable dotted code for programs.
    #[schema(value_type = String)]
    pub code: std::borrow::Cow<'static, str>,
    /// A sentence for people that says what to do.
    pub message: String,
    /// After how many milliseconds to try again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    /// The field concerned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// When the restriction ends by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Why, in the moderators' words to the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// One of several things that are wrong with what was sent.
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

impl ProblemDetail {
    /// A field that has to be there.
    pub fn missing(field: &str) -> Self {
        Self::of_field(field, format!("The field {field} is missing."))
    }

    /// What is wrong in a field.
    pub fn of_field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { row: None, field: Some(field.into()), message: message.into() }
    }
}

impl Refusal {
    /// A refusal with a code and a sentence.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
            retry_after_ms: None,
            field: None,
            until: None,
            reason: None,
        }
    }

    /// Something failed here that the person cannot mend.
    pub fn failed() -> Self {
        Self::new(
            "server.failed",
            "Something went wrong on our side. Nothing was changed; please try again.",
        )
    }

    /// What was asked for does not exist, or not for this person.
    pub fn not_found(what: &str) -> Self {
        Self::new("not_found", format!("There is no such {what}."))
    }

    /// A value that cannot be used.
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self::new("request.invalid", message).about(field)
    }

    /// The same, about this field of the request: where a form shows it.
    #[must_use]
    pub fn about(self, field: &str) -> Self {
        Self { field: Some(field.to_owned()), ..self }
    }

    /// The same, with a delay in milliseconds after which to try again.
    #[must_use]
    pub fn retry_after(self, millis: u64) -> Self {
        Self { retry_after_ms: Some(millis), ..self }
    }
}

impl From<Denied> for Refusal {
    fn from(denied: Denied) -> Self {
        let (code, until) = match denied {
            Denied::SignIn => ("sign_in.required", None),
            Denied::Register => ("registration.required", None),
            Denied::Role => ("permission.denied", None),
            Denied::Banned(until) => ("moderation.banned", until),
            Denied::TimedOut(until) => ("moderation.timed_out", until),
        };
        Self { until, ..Self::new(code, denied.to_string()) }
    }
}
