//! Plenary, the real-time core of a virtual conference. The layers, each using only those below it
//! (docs/architecture.md has the table, a test holds the imports to it):
//!
//! - The program: [`cli`] is the command line, [`app`] the one list of capabilities, [`doctor`]
//!   what
//! operators ask before it starts, [`upkeep`] removes what has expired, [`sample`] is a conference
//!   to look at.
//! - The capabilities, cut the same way (rules in `mod.rs`, SQL in `store.rs`, REST in `http`,
//!   socket
//!   operations in `live.rs`, what nodes tell each other in `announcements.rs`): [`chat`],
//!   [`moderation`], [`agenda`], [`people`], [`organizing`], [`load_test`].
//! - The edges: [`http`] for attendees and, on an address of its own, for operators; [`socket`];
//! [`documents`], which describes both; [`registry`], where capabilities register what they bring.
//! - [`core`] is the cheap handle on all that is below.
//! - [`events`] is what an event is, [`identity`] who somebody is, [`mail`] the outbox.
//! - [`hub`] is channels, who is in them, and the way to their sockets; [`bus`] the way between
//!   hubs
//!   on one database; [`cluster`] which of them are there.
//! - What all stand on: [`db`], one SQL text for three databases; [`permission`], the one table and
//!   the one function; [`protocol`] on [`websocket`]; [`text`], [`installation`], [`lifecycle`],
//!   [`tasks`], [`config`], [`clock`], [`random`], [`id`], [`metrics`], [`log`], [`machine`],
//!   [`audit`], [`finding`].

#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used))]
// They panic when the output is closed.
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
