//! Talk over real sockets.

mod crash;
mod directs;
mod messages;
mod restart;
