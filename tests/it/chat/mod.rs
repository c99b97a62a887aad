//! Chat over real sockets.

mod away;
mod crash;
mod directs;
mod messages;
mod restart;
mod unknown;
mod writers;
