//! A connection as seen by chat's operations.

use std::ops::Deref;
use std::sync::Arc;

use super::Chat;
use super::reading::Pointer;
use crate::id::ChannelId;
use crate::protocol::Refusal;
use crate::socket::Connection;

/// A connection with the chat's state.
#[derive(Clone, Debug)]
pub(super) struct Participant {
    pub(super) chat: Arc<Chat>,
    pub(super) connection: Arc<Connection>,
}

impl Deref for Participant {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

/// Makes a participant of a connection.
pub(super) trait MakeParticipant:
    Fn(Arc<Connection>) -> Participant + Clone + Send + Sync + 'static
{
}

impl<F> MakeParticipant for F where
    F: Fn(Arc<Connection>) -> Participant + Clone + Send + Sync + 'static
{
}

impl Participant {
    /// Where they stood in a channel when they arrived, if that is a moment ago: how far they had
    /// read, and how often they were mentioned since.
    pub(super) fn found(&self, channel: ChannelId) -> Option<(Pointer, u64)> {
        let now = self.core.clock.uptime();
        self.chat.arrived.look(self.member.connection, now, |following| following.read_in(channel))
    }

    /// Counts a message of the person, over all their connections.
    ///
    /// # Errors
    /// When they send faster than people can read.
    pub(super) fn take_message(&self) -> Result<(), Refusal> {
        let taken = self.chat.rates.take(self.person(), self.core.clock.uptime());
        taken.map_err(|wait| {
            let message = "You are sending very fast. Please wait a moment.";
            Refusal::new("rate.limited", message).retry_after(wait)
        })
    }
}
