//! The WebSocket edge: upgrade, frames, one task per connection, dispatch by operation.
//!
//! A connection is an actor: [`connection`] is what handlers know of it, [`session_loop`] is its
//! only task, which reads a frame, has its requests answered one after the other, and writes what
//! its outbox holds, several lines to a frame. It never reads ahead of what it has answered, so
//! that a flood waits in the client's own buffers.

mod connection;
mod control;
mod hello;
mod pushes;
mod rate;
mod registry;
mod session_loop;
mod upgrade;

pub use connection::Connection;
pub use control::listen as listen_to_changes;
pub use rate::{Bucket, Buckets};
pub use registry::{OperationInfo, Operations, PushInfo};
pub use upgrade::router;

/// Registers what belongs to no capability.
pub fn describe(operations: &mut Operations) {
    hello::describe(operations);
    pushes::describe(operations);
}
