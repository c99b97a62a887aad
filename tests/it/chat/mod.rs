//! Chat over real sockets.

mod away;
mod crash;
mod directs;
mod messages;
mod pointers;
mod restart;
mod unknown;
mod unread;
mod writers;
