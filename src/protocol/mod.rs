//! The wire: one envelope for requests, one for replies, one for pushes; refusals; close codes.
//! Pure, without input or output. `docs/protocol.md` is the same for readers.

mod card;
mod close;
mod codes;
mod envelope;
mod push;
mod refusal;

pub use card::{Badge, Card};
pub use close::{Close, CloseReason};
pub use codes::{close_of, status_of};
pub use envelope::{
    MalformedRequest, Request, parse_data, parse_request, refusal_line, reply_line,
};
pub use push::{Push, push_frame, push_line};
pub use refusal::{ProblemDetail, Refusal};

/// The WebSocket subprotocol.
pub const SUBPROTOCOL: &str = "plenary.v1";
/// The maximum size of a client's frame, in bytes.
pub const FRAME_BYTES: usize = 64 * 1024;
/// The maximum number of requests in a client's frame.
pub const FRAME_REQUESTS: usize = 128;
