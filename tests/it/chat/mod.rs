//! Talk over real sockets.

mod directs;
mod messages;
mod restart;
