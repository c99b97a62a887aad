//! The WebSocket edge: upgrade, frames, one task per connection, dispatch by operation.
//!
//! A connection is an actor: [`connection`] is what handlers know of it, [`session`] is its only
//! task, which reads a frame, has its requests answered one after the other, and writes what the
//! socket did not take at once. It never reads ahead of what it has answered, so that a flood waits
//! in the client's own buffers. An idle one is not woken: [`keep_alive`] asks for all of them.

mod answers;
mod connection;
mod control;
mod counted;
mod goodbye;
mod greeting;
mod hello;
mod keep_alive;
mod pushes;
mod rate;
mod registry;
mod session;
mod sockets;
mod upgrade;
mod welcome;

pub use connection::Connection;
pub use control::listen as listen_to_changes;
pub use counted::METRICS;
pub use keep_alive::{run as keep_alive, send_away};
pub use rate::{Bucket, Buckets};
pub use registry::{OperationInfo, Operations, PushInfo, Scope};
pub use sockets::{Changed, Hooks, Sockets};
pub use upgrade::router;
pub use welcome::Welcomes;

/// Registers what belongs to no capability.
pub fn register(operations: &mut Operations, hooks: &mut Hooks) {
    hello::welcomes(&mut hooks.welcomes);
    pushes::describe(operations);
}

/// Adds the first request to the documents, when all have told what they say to a newcomer. It is
/// not answered like the others.
pub fn describe_hello(operations: &mut Operations, hooks: &Hooks) {
    hello::describe(operations, &hooks.welcomes);
}
