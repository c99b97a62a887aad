//! The WebSocket edge: upgrade, frames, one task per connection, dispatch by operation.
//!
//! A connection is an actor: [`connection`] is what handlers see of it, [`session`] is its only
//! task, which reads a frame, has its requests answered in order, and writes what the socket did
//! not accept at once. It never reads ahead of what it has answered, so that a flood stays in the
//! client's own buffers. Idle connections are not woken: [`keep_alive`] pings all of them.

mod answers;
mod connection;
mod control;
mod counted;
mod floods;
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

/// Registers the operations that belong to no capability.
pub fn register(operations: &mut Operations, hooks: &mut Hooks) {
    hello::welcomes(&mut hooks.welcomes);
    pushes::describe(operations);
}

/// Adds hello to the documents, once all parts of its answer are registered. It is not dispatched
/// like the others.
pub fn describe_hello(operations: &mut Operations, hooks: &Hooks) {
    hello::describe(operations, &hooks.welcomes);
}
