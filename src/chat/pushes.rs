//! What talk says unasked.

use serde::Serialize;
use utoipa::ToSchema;

use super::direct_list::DirectSummary;
use super::message::Message;
use crate::protocol::Push;
use crate::socket::Operations;

/// Describes the pushes of talk.
pub(super) fn describe(operations: &mut Operations) {
    operations.describe_push::<Messages>();
    operations.describe_push::<Direct>();
    operations.describe_push::<super::rooms::RoomChanged>();
    operations.describe_push::<Mention>();
}

/// The changes after `after`, up to `seq`, have happened, and these messages now look like this.
/// The hub writes it by hand, from messages encoded once.
#[derive(Debug, Serialize, ToSchema)]
struct Messages {
    /// The number before the first of these changes.
    after: u64,
    /// The number of the last of these changes.
    seq: u64,
    messages: Vec<Message>,
}

/// Something was said in a direct channel of yours, joined or not.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Direct {
    pub(super) direct: DirectSummary,
}

/// Somebody mentions you.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Mention {
    pub(super) message: Message,
}

impl Push for Messages {
    const NAME: &'static str = "messages";
}

impl Push for Direct {
    const NAME: &'static str = "direct";
}

impl Push for Mention {
    const NAME: &'static str = "mention";
}
