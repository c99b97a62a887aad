//! What the layers below say of a failure, as a client is told.

use std::time::Duration;

use crate::hub::{ArchiveError, Close};
use crate::protocol::{CloseReason, Refusal};

impl From<ArchiveError> for Refusal {
    fn from(error: ArchiveError) -> Self {
        match error {
            ArchiveError::Missing => Self::not_found("channel"),
            ArchiveError::Unavailable(_) => {
                tracing::error!(%error, "a channel could not be read");
                let message = "The channel could not be read. Please try again.";
                Self::new("server.storage", message).retry_after(2_000)
            }
        }
    }
}

impl From<CloseReason> for Close {
    fn from(reason: CloseReason) -> Self {
        let millis = |delay: Duration| u64::try_from(delay.as_millis()).unwrap_or(u64::MAX);
        Self {
            code: reason.code(),
            reason: reason.name(),
            message: reason.message().to_owned(),
            retry_after_ms: reason.retry_after().map(millis),
        }
    }
}
