//! The pushes that concern a connection as a whole.

use std::borrow::Cow;

use serde::Serialize;
use utoipa::ToSchema;

use super::registry::Operations;
use crate::events::Part;
use crate::hub::{Reset, Tick, Totals, Unread};
use crate::permission::Grant;
use crate::protocol::Push;

/// Something in the event has changed: read it again over REST with the ETag that you have, at a
/// random moment within the given time.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EventChanged {
    /// The event's version now.
    pub(super) version: u64,
    /// What has changed.
    pub(super) what: Vec<Part>,
    /// Within how many milliseconds to read it, so that not all clients ask at once.
    pub(super) within_ms: u64,
}

/// The person's roles have changed, or whether they can only read: the event was closed or opened
/// again.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Roles {
    pub(super) roles: Vec<Grant>,
    /// Whether the person can only read.
    pub(super) read_only: bool,
}

/// The connection was removed from the channel, because the person may no longer be in it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Removed {
    /// Why, as a refusal's code.
    #[schema(value_type = String)]
    pub(super) code: Cow<'static, str>,
    /// Why, in a sentence.
    pub(super) message: String,
}

/// The hub is about to close the connection.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Closing {
    /// Why, as a dotted code.
    pub(super) code: &'static str,
    /// Why, in a sentence.
    pub(super) message: String,
    /// After how many milliseconds to reconnect, if at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) retry_after_ms: Option<u64>,
}

impl Push for EventChanged {
    const NAME: &'static str = "event";
}

impl Push for Roles {
    const NAME: &'static str = "roles";
}

impl Push for Removed {
    const NAME: &'static str = "removed";
}

impl Push for Closing {
    const NAME: &'static str = "closing";
}

/// Describes the pushes that belong to no capability.
pub(super) fn describe(operations: &mut Operations) {
    operations.describe_push::<Tick>();
    operations.describe_push::<Totals>();
    operations.describe_push::<Unread>();
    operations.describe_push::<Reset>();
    operations.describe_push::<EventChanged>();
    operations.describe_push::<Roles>();
    operations.describe_push::<Removed>();
    operations.describe_push::<Closing>();
}
