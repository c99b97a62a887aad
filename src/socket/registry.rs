//! The operations of the socket, each registered by its capability.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::sync::Arc;

use futures_util::future::{BoxFuture, FutureExt as _};
use metrics::counter;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::connection::Connection;
use super::counted::REQUESTS;
use crate::protocol::{Push, Refusal, parse_data, reply_line};
use crate::websocket::Frame;

type Handler = Box<
    dyn Fn(Arc<Connection>, u32, Option<&RawValue>) -> BoxFuture<'static, Result<Frame, Refusal>>
        + Send
        + Sync,
>;

/// A push as documented.
#[derive(Clone)]
pub struct PushInfo {
    /// The schema of its data.
    pub data: RefOr<Schema>,
    /// The schemas it refers to, by name.
    pub referred: Vec<(String, RefOr<Schema>)>,
}

impl fmt::Debug for PushInfo {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("PushInfo").finish_non_exhaustive()
    }
}

/// An operation as documented.
#[derive(Clone)]
pub struct OperationInfo {
    /// The schema of its parameters.
    pub request: RefOr<Schema>,
    /// The schema of its answer.
    pub answer: RefOr<Schema>,
    /// The schemas they refer to, by name.
    pub referred: Vec<(String, RefOr<Schema>)>,
}

impl fmt::Debug for OperationInfo {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("OperationInfo").finish_non_exhaustive()
    }
}

/// All operations and pushes by name.
#[derive(Default)]
pub struct Operations {
    handlers: BTreeMap<&'static str, Handler>,
    infos: BTreeMap<&'static str, OperationInfo>,
    pushes: BTreeMap<&'static str, PushInfo>,
}

impl fmt::Debug for Operations {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.handlers.keys()).finish()
    }
}

/// Adds operations whose handlers take more than the connection; see [`Operations::with`].
#[derive(Debug)]
pub struct Scope<'a, F> {
    operations: &'a mut Operations,
    context: F,
}

impl<C, F> Scope<'_, F>
where
    C: Send + 'static,
    F: Fn(Arc<Connection>) -> C + Clone + Send + Sync + 'static,
{
    /// Adds an operation: its name and the function that answers it.
    pub fn add<Q, A, H, O>(&mut self, name: &'static str, handler: H) -> &mut Self
    where
        Q: DeserializeOwned + ToSchema + Send + 'static,
        A: Serialize + ToSchema + 'static,
        H: Fn(C, Q) -> O + Clone + Send + Sync + 'static,
        O: Future<Output = Result<A, Refusal>> + Send + 'static,
    {
        let context = self.context.clone();
        self.operations.add(name, move |connection, data| handler(context(connection), data));
        self
    }
}

impl Operations {
    /// Adds an operation: its name and the function that answers it.
    ///
    /// # Panics
    /// When the name is in use: one of two capabilities would never be asked.
    pub fn add<Q, A, F, O>(&mut self, name: &'static str, handler: F)
    where
        Q: DeserializeOwned + ToSchema + Send + 'static,
        A: Serialize + ToSchema + 'static,
        F: Fn(Arc<Connection>, Q) -> O + Clone + Send + Sync + 'static,
        O: Future<Output = Result<A, Refusal>> + Send + 'static,
    {
        let answer: Handler = Box::new(move |connection, id, data| {
            let (parsed, handler) = (parse_data::<Q>(data), handler.clone());
            async move { Ok(reply_line(id, &handler(connection, parsed?).await?)) }.boxed()
        });
        assert!(self.handlers.insert(name, answer).is_none(), "two operations are called {name}");
        let mut referred = Vec::new();
        Q::schemas(&mut referred);
        A::schemas(&mut referred);
        let info = OperationInfo {
            request: <Q as PartialSchema>::schema(),
            answer: <A as PartialSchema>::schema(),
            referred,
        };
        self.infos.insert(name, info);
    }

    /// Adds operations of a capability, whose handlers take the context that `context` makes from
    /// the connection: the connection together with the capability's state.
    pub fn with<C, F>(&mut self, context: F) -> Scope<'_, F>
    where
        F: Fn(Arc<Connection>) -> C + Clone + Send + Sync + 'static,
    {
        Scope { operations: self, context }
    }

    /// Documents an operation that is answered elsewhere; here it is refused with this refusal.
    pub(super) fn describe(
        &mut self,
        name: &'static str,
        info: OperationInfo,
        refusal: fn() -> Refusal,
    ) {
        self.infos.insert(name, info);
        let refused: Handler = Box::new(move |_, _, _| std::future::ready(Err(refusal())).boxed());
        self.handlers.insert(name, refused);
    }

    /// Adds a push to the documents.
    pub fn describe_push<P: Push + ToSchema>(&mut self) {
        let mut referred = Vec::new();
        P::schemas(&mut referred);
        let info = PushInfo { data: <P as PartialSchema>::schema(), referred };
        self.pushes.insert(P::NAME, info);
    }

    /// The names and schemas of all pushes.
    pub fn pushes(&self) -> impl Iterator<Item = (&'static str, &PushInfo)> {
        self.pushes.iter().map(|(name, info)| (*name, info))
    }

    /// The names and schemas of all operations.
    pub fn infos(&self) -> impl Iterator<Item = (&'static str, &OperationInfo)> {
        self.infos.iter().map(|(name, info)| (*name, info))
    }

    pub(super) fn answer(
        &self,
        connection: Arc<Connection>,
        id: u32,
        operation: &str,
        data: Option<&RawValue>,
    ) -> BoxFuture<'static, Result<Frame, Refusal>> {
        if let Some((&name, handler)) = self.handlers.get_key_value(operation) {
            let answering = handler(connection, id, data);
            return async move {
                let answer = answering.await;
                let outcome = if answer.is_ok() { "ok" } else { "refused" };
                counter!(REQUESTS, "operation" => name, "outcome" => outcome).increment(1);
                answer
            }
            .boxed();
        }
        let shown: String = operation.chars().take(64).collect();
        let message = format!("There is no operation {shown:?}.");
        std::future::ready(Err(Refusal::new("request.unknown_operation", message))).boxed()
    }
}
