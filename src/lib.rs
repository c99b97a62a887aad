//! Plenary, the real-time core of a virtual conference. The map of the house:
//!
//! - [`app`] puts the parts together; [`config`] is every setting; [`clock`], [`random`] and
//!   [`id`] are passed to whoever needs them.
//! - [`hub`] is the core: channels, who is in them, and the way to their sockets.
//! - [`bus`] is the way between hubs on one database, [`cluster`] which of them are there.
//! - [`db`] is the database, one SQL text for three of them; [`permission`] the one table and the
//!   one function that let an operation through.
//! - [`socket`] is the WebSocket edge, on [`websocket`], the protocol below, and [`protocol`], what
//!   is said in it; [`http`] is the REST edge, for attendees and, on an address of its own, for
//!   operators. [`documents`] describes both.
//! - [`installation`] is which installation, and which log, all numbers belong to.
//! - [`tasks`] are those that a hub cannot do without, supervised; [`lifecycle`] is how the hub
//!   stops; [`log`] and [`metrics`] are what operators see of it,
//!   [`doctor`] what they ask before it starts, answered in [`finding`]s; [`machine`] is what the
//!   machine gives.
//! - [`mail`] writes to people through an outbox.
//! - [`cli`] is the command line.
//! - [`text`] is what people type, checked; [`audit`] the record of who did what.
//! - The capabilities, cut the same way (rules in `mod.rs`, SQL in `store.rs`, REST in `http.rs`,
//!   socket operations in `live.rs`, what nodes tell each other in `announcements.rs`):
//!   [`events`], [`agenda`], [`people`], [`chat`], [`moderation`], [`load_test`]. [`sample`] is a
//!   conference made of all of them.

#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used))]
// They panic where nobody reads any more.
#![warn(clippy::print_stdout, clippy::print_stderr)]

pub mod agenda;
pub mod app;
pub mod audit;
pub mod bus;
pub mod chat;
pub mod cli;
pub mod clock;
pub mod cluster;
pub mod config;
pub mod core;
pub mod db;
pub mod doctor;
pub mod documents;
pub mod events;
pub mod finding;
pub mod http;
pub mod hub;
pub mod id;
pub mod identity;
pub mod installation;
pub mod lifecycle;
pub mod load_test;
pub mod log;
pub mod machine;
pub mod mail;
pub mod metrics;
pub mod moderation;
pub mod organizing;
pub mod people;
pub mod permission;
pub mod protocol;
pub mod random;
mod refusals;
pub mod registry;
pub mod sample;
pub mod socket;
pub mod tasks;
pub mod text;
pub mod upkeep;
pub mod websocket;
