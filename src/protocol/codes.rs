//! The meaning of refusal codes for the edges: the one table of their statuses over REST and close
//! codes on the socket.

use std::time::Duration;

use super::CloseReason;

/// How soon to reconnect after a hello failed because the database did not answer.
const STORAGE: Duration = Duration::from_secs(2);

/// The status of every code that is not a plain conflict.
const STATUSES: &[(&str, u16)] = &[
    ("request.malformed", 400),
    ("request.no_websocket", 400),
    ("sign_in.required", 401),
    ("sign_in.wrong", 401),
    ("chat.blocked", 403),
    ("chat.locked", 403),
    ("chat.read_only", 403),
    ("moderation.banned", 403),
    ("moderation.timed_out", 403),
    ("moderation.unchangeable", 403),
    ("permission.denied", 403),
    ("registration.cancelled", 403),
    ("registration.required", 403),
    ("request.cross_origin", 403),
    ("sign_in.no_guests", 403),
    ("sign_in.not_fresh", 403),
    ("load_test.off", 404),
    ("not_found", 404),
    ("request.unknown_operation", 404),
    ("request.method", 405),
    ("sign_in.code_spent", 410),
    ("sign_in.link_used", 410),
    ("request.wrong_host", 421),
    ("import.invalid", 422),
    ("picture.unusable", 422),
    ("request.invalid", 422),
    ("sign_in.code_wrong", 422),
    ("chat.slow_mode", 429),
    ("rate.limited", 429),
    ("server.failed", 500),
    ("server.busy", 503),
    ("server.draining", 503),
    ("server.full", 503),
    ("server.storage", 503),
];

/// A valid request that conflicts with the present state (RFC 9110, 15.5.10).
const CONFLICT: u16 = 409;

/// The HTTP status of a refusal with this code. A capability's own codes are conflicts, unless
/// listed in the table.
pub fn status_of(code: &str) -> u16 {
    STATUSES.iter().find(|(known, _)| *known == code).map_or(CONFLICT, |(_, status)| *status)
}

/// How a connection ends whose hello is refused with this code.
pub fn close_of(code: &str) -> CloseReason {
    match code {
        "sign_in.required" => CloseReason::SignInEnded,
        "registration.required" => CloseReason::RegistrationEnded,
        "moderation.banned" => CloseReason::Banned,
        "server.storage" => CloseReason::Draining(STORAGE),
        "rate.flood" => CloseReason::Flood,
        "request.malformed" | "hello.required" => CloseReason::ProtocolViolation,
        _ => CloseReason::HelloRefused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_is_listed_once() {
        let mut codes: Vec<_> = STATUSES.iter().map(|(code, _)| *code).collect();
        let all = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), all);
    }

    #[test]
    fn what_a_capability_refuses_is_a_conflict() {
        assert_eq!(status_of("room.name_taken"), 409);
        assert_eq!(status_of("moderation.banned"), 403);
    }
}
