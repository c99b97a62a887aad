//! Plenary, the real-time core of a virtual conference. The layers, each using only those below it
//! (docs/architecture.md has the table, a test checks the imports against it):
//!
//! - The program: [`cli`] is the command line, [`app`] the list of capabilities, [`doctor`] the
//!   checks before a start, [`upkeep`] removes expired data, [`sample`] is a sample conference.
//! - The capabilities, all structured the same way (rules in `mod.rs`, SQL in `store.rs`, REST in
//!   `http`, socket operations in `live.rs`, announcements between nodes in `announcements.rs`):
//!   [`chat`], [`moderation`], [`agenda`], [`people`], [`pictures`], [`organizing`],
//!   [`load_test`].
//! - The edges: [`http`] for attendees and, on a separate address, for operators; [`socket`];
//!   [`documents`], which describes both; [`registry`], where capabilities register.
//! - [`core`] is the cheap handle on everything below.
//! - [`events`] are the events, [`identity`] accounts, sign-ins and roles, [`mail`] the outbox.
//! - [`hub`] is channels, their members and outboxes; [`bus`] connects hubs on one database;
//!   [`cluster`] is the list of their nodes.
//! - The foundations: [`db`], one SQL text for three databases; [`permission`], the one table and
//!   the one function; [`protocol`] on [`websocket`]; [`text`], [`installation`], [`lifecycle`],
//!   [`tasks`], [`cpu_pool`], [`config`], [`clock`], [`random`], [`id`], [`metrics`], [`log`], [`machine`],
//!   [`audit`], [`finding`], [`output`].

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
pub mod cpu_pool;
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
pub mod output;
pub mod people;
pub mod permission;
pub mod pictures;
pub mod protocol;
pub mod random;
mod refusals;
pub mod registry;
pub mod sample;
pub mod socket;
pub mod stream;
pub mod tasks;
pub mod text;
pub mod upkeep;
pub mod websocket;
