//! Hubs connected over Redis: the transport by itself, and whole hubs.

mod cluster;
mod deafening;
mod hubs;
mod node;
mod redis;
mod sentinel;
mod tls;
