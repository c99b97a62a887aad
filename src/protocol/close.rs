//! How a connection can end. The code carries the policy, so that clients need no table of
//! reasons: 4000–4099 reconnect now, 4100–4199 reconnect after the given delay, 4200–4299 do not
//! reconnect on your own. After any other code, those of the WebSocket standard, reconnect with
//! full jitter.

use std::time::Duration;

/// The end of a connection: the WebSocket close code and the reason, for people and programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Close {
    /// The close code; its range says whether to reconnect.
    pub code: u16,
    /// A stable dotted code.
    pub reason: &'static str,
    /// A sentence for people.
    pub message: String,
    /// After how many milliseconds to reconnect, if the hub asks for a delay.
    pub retry_after_ms: Option<u64>,
}

/// Every reason for which the hub closes a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseReason {
    /// The client left two pings unanswered, or sent no hello in time.
    Silent,
    /// The client did not keep up with reading.
    Slow,
    /// The hub is being stopped or restarted.
    Draining(Duration),
    /// The hub has reached its maximum number of connections.
    Full,
    /// The client sends far too many requests.
    Flood,
    /// The sign-in was ended, here or elsewhere.
    SignInEnded,
    /// The registration was cancelled.
    RegistrationEnded,
    /// The event was closed to guests, or to everyone but its organizers.
    AccessEnded,
    /// The person was banned from the event.
    Banned,
    /// The hello was refused.
    HelloRefused,
    /// The client violated the protocol.
    ProtocolViolation,
    /// The frame was too large.
    TooLarge,
    /// The frame is not UTF-8.
    InvalidText,
}

impl CloseReason {
    /// Every reason, for the documents.
    pub const ALL: [Self; 13] = [
        Self::Silent,
        Self::Slow,
        Self::Draining(Duration::ZERO),
        Self::Full,
        Self::Flood,
        Self::SignInEnded,
        Self::RegistrationEnded,
        Self::AccessEnded,
        Self::Banned,
        Self::HelloRefused,
        Self::ProtocolViolation,
        Self::TooLarge,
        Self::InvalidText,
    ];

    /// The WebSocket close code (RFC 6455, section 7.4).
    pub fn code(self) -> u16 {
        match self {
            Self::Silent => 4_001,
            Self::Slow => 4_002,
            Self::Draining(_) => 4_100,
            Self::Full => 4_101,
            Self::Flood => 4_102,
            Self::SignInEnded => 4_200,
            Self::RegistrationEnded => 4_201,
            Self::Banned => 4_202,
            Self::HelloRefused => 4_203,
            Self::ProtocolViolation => 4_204,
            Self::AccessEnded => 4_205,
            Self::TooLarge => 1_009,
            Self::InvalidText => 1_007,
        }
    }

    /// The stable dotted code.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Silent => "connection.silent",
            Self::Slow => "connection.slow",
            Self::Draining(_) => "server.draining",
            Self::Full => "server.full",
            Self::Flood => "rate.flood",
            Self::SignInEnded => "sign_in.ended",
            Self::RegistrationEnded => "registration.ended",
            Self::AccessEnded => "access.ended",
            Self::Banned => "moderation.banned",
            Self::HelloRefused => "hello.refused",
            Self::ProtocolViolation => "protocol.violation",
            Self::TooLarge => "protocol.too_large",
            Self::InvalidText => "protocol.invalid_text",
        }
    }

    /// A sentence for people.
    pub fn message(self) -> &'static str {
        match self {
            Self::Silent => "The connection went silent.",
            Self::Slow => "The connection could not keep up.",
            Self::Draining(_) => "The server is restarting. You will be back in a moment.",
            Self::Full => "The server is full. Trying again in a while.",
            Self::Flood => "Too many requests. Trying again in a while.",
            Self::SignInEnded => "You have signed out.",
            Self::RegistrationEnded => "Your registration for this event has been cancelled.",
            Self::AccessEnded => "You no longer have access to this event.",
            Self::Banned => "The moderators have banned you from this event.",
            Self::HelloRefused => "The connection could not be opened.",
            Self::ProtocolViolation => "The client violated the protocol.",
            Self::TooLarge => "The frame is too large.",
            Self::InvalidText => "The frame is not UTF-8 text.",
        }
    }

    /// When to reconnect, for codes that ask to wait.
    pub fn retry_after(self) -> Option<Duration> {
        match self {
            Self::Draining(delay) => Some(delay),
            Self::Full => Some(Duration::from_secs(30)),
            Self::Flood => Some(Duration::from_secs(60)),
            _ => None,
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
