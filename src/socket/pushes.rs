//! What concerns a connection as a whole and is said unasked.

use std::borrow::Cow;

use serde::Serialize;
use utoipa::ToSchema;

use super::registry::Operations;
use crate::events::Part;
use crate::hub::{Reset, Tick, Totals, Unread};
use crate::id::RoomId;
use crate::moderation::Sanction;
use crate::permission::Grant;
use crate::protocol::Push;

/// Something of the event has changed: read it again over REST, after a random moment, with the
/// tag that you have.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EventChanged {
    /// The event's version now.
    pub(super) version: u64,
    /// What has changed.
    pub(super) what: Vec<Part>,
}

/// The person's own sanctions in force have changed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Standing {
    pub(super) sanctions: Vec<Sanction>,
}

/// The person's roles have changed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Roles {
    pub(super) roles: Vec<Grant>,
    /// Whether the person can only read.
    pub(super) read_only: bool,
}

/// The connection is no longer in the channel, because the person may not be.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Removed {
    /// Why, as a refusal's code.
    #[schema(value_type = String)]
    pub(super) code: Cow<'static, str>,
    /// Why, in a sentence.
    pub(super) message: String,
}

/// How a room's switches stand now.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RoomChanged {
    pub(super) room: RoomId,
    pub(super) name: String,
    pub(super) slow_mode_seconds: u32,
    pub(super) locked: bool,
}

/// The hub is about to close the connection.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Closing {
    /// Why, as a dotted code.
    pub(super) code: &'static str,
    /// Why, in a sentence.
    pub(super) message: String,
    /// When to come back, in milliseconds, if at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) retry_after_ms: Option<u64>,
}

impl Push for EventChanged {
    const NAME: &'static str = "event";
}

impl Push for Standing {
    const NAME: &'static str = "standing";
}

impl Push for Roles {
    const NAME: &'static str = "roles";
}

impl Push for Removed {
    const NAME: &'static str = "removed";
}

impl Push for RoomChanged {
    const NAME: &'static str = "room";
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
    operations.describe_push::<Standing>();
    operations.describe_push::<Roles>();
    operations.describe_push::<Removed>();
    operations.describe_push::<RoomChanged>();
    operations.describe_push::<Closing>();
}
