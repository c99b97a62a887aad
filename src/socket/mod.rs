//! The WebSocket edge: upgrade, frames, one task per connection, dispatch by operation.
//!
//! A connection is an actor: [`connection`] is what handlers know of it, [`session`] is its only
//! task, which reads a frame, has its requests answered one after the other, and writes what the
//! socket did not take at once. It never reads ahead of what it has answered, so that a flood waits
//! in the client's own buffers. An idle one is not woken: [`keep_alive`] asks for all of them.

mod answers;
mod connection;
mod control;
mod goodbye;
mod greeting;
mod hello;
mod keep_alive;
mod pushes;
mod rate;
mod refusals;
mod registry;
mod session;
mod upgrade;

pub use connection::Connection;
pub use control::listen as listen_to_changes;
pub use keep_alive::{run as keep_alive, send_away};
pub use rate::{Bucket, Buckets};
pub use registry::{OperationInfo, Operations, PushInfo};
pub use session::begin_at_zero;
pub use upgrade::router;

/// Registers what belongs to no capability.
pub fn describe(operations: &mut Operations) {
    hello::describe(operations);
    pushes::describe(operations);
}
