//! The answer to a hello, composed of every capability's part.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use futures_util::future::{BoxFuture, FutureExt as _};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::openapi::schema::Object;
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::connection::Connection;
use crate::protocol::Refusal;

type Fields = BoxFuture<'static, Result<String, Refusal>>;
type Part = Box<dyn Fn(Arc<Connection>) -> Fields + Send + Sync>;

/// The parts of the answer to a hello. Each is an object; their fields are merged.
#[derive(Default)]
pub struct Welcomes {
    parts: Vec<Part>,
    limits: Vec<String>,
    schema: Object,
    limits_schema: Object,
    referred: Vec<(String, RefOr<Schema>)>,
}

impl fmt::Debug for Welcomes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Welcomes").field("parts", &self.parts.len()).finish_non_exhaustive()
    }
}

impl Welcomes {
    /// Adds the fields of `T` to the answer.
    pub fn add<T, F, O>(&mut self, part: F)
    where
        T: Serialize + ToSchema,
        F: Fn(Arc<Connection>) -> O + Send + Sync + 'static,
        O: Future<Output = Result<T, Refusal>> + Send + 'static,
    {
        merge(&mut self.schema, <T as PartialSchema>::schema());
        T::schemas(&mut self.referred);
        self.parts.push(Box::new(move |connection| {
            let answering = part(connection);
            async move { fields(&answering.await?) }.boxed()
        }));
    }

    /// Adds the fields of `T` to the limits that a client should know. They never change.
    pub fn add_limits<T: Serialize + ToSchema>(&mut self, limits: &T) {
        merge(&mut self.limits_schema, <T as PartialSchema>::schema());
        T::schemas(&mut self.referred);
        self.limits.extend(fields(limits));
    }

    /// The answer for a connection.
    pub(super) async fn welcome(
        &self,
        connection: &Arc<Connection>,
    ) -> Result<Box<RawValue>, Refusal> {
        let mut text = "{".to_owned();
        for part in &self.parts {
            text += &part(Arc::clone(connection)).await?;
            text.push(',');
        }
        text += "\"limits\":{";
        text += &self.limits.join(",");
        text += "}}";
        RawValue::from_string(text).map_err(|error| broken(&error))
    }

    /// The schema of the whole answer, and the schemas it refers to, by name.
    pub(super) fn schema(&self) -> (RefOr<Schema>, Vec<(String, RefOr<Schema>)>) {
        let mut whole = self.schema.clone();
        whole.description = Some("The answer to a hello.".to_owned());
        whole.properties.insert("limits".to_owned(), Ref::from_schema_name("Limits").into());
        whole.required.push("limits".to_owned());
        let mut limits = self.limits_schema.clone();
        limits.description = Some("The limits that a client should know.".to_owned());
        let mut referred = self.referred.clone();
        referred.push(("Limits".to_owned(), RefOr::T(limits.into())));
        (RefOr::T(whole.into()), referred)
    }
}

/// The fields of an object, as between its braces.
fn fields(part: &impl Serialize) -> Result<String, Refusal> {
    let text = serde_json::to_string(part).map_err(|error| broken(&error))?;
    Ok(text[1..text.len() - 1].to_owned())
}

fn broken(error: &serde_json::Error) -> Refusal {
    tracing::error!(%error, "a welcome could not be written as JSON");
    Refusal::new("server.failed", "Something went wrong on our side.")
}

fn merge(whole: &mut Object, part: RefOr<Schema>) {
    if let RefOr::T(Schema::Object(part)) = part {
        whole.properties.extend(part.properties);
        whole.required.extend(part.required);
    }
}
