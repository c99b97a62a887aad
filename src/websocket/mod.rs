//! WebSocket (RFC 6455) with permessage-deflate (RFC 7692), as a hub of many sockets needs it.
//!
//! A [`Frame`] is encoded, and compressed, once for all its recipients, in a [`Succession`] with
//! those before it as its dictionary; any task writes it to the [`Socket`] directly, without waking
//! the connection's task. An idle connection holds no buffer: reads go through one buffer per
//! thread, and [`Reader`] keeps only what is not complete yet. Headers are parsed and formatted by
//! `tungstenite`.
//!
//! It is our own because the library wakes a task for each message and member, keeps two buffers
//! per socket and cannot compress. A chat message of 500 bytes compresses to 200 to 220 with the
//! four before it as its dictionary, instead of 340 by itself, and no connection needs its own
//! compressor, only the number of one message. `make conformance` runs the Autobahn suite against
//! it.

mod deflate;
mod frame;
mod handshake;
mod reader;
mod socket;
mod succession;

pub use deflate::Deflate;
pub use frame::Frame;
pub use handshake::{Handshake, NotAWebSocket};
pub use reader::{Incoming, Reader, Violation};
pub use socket::{Lost, Receiver, Socket, Unread};
pub use succession::{Context, Form, Succession};
