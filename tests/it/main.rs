//! Whole-system tests, all in one program, because each further one would link the hub again.

#![allow(
    unreachable_pub,
    reason = "a test program has no outside; `pub` marks what is meant for tests"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "tests that depend on time or chance pass their own; the rest may take the machine's"
)]

mod agenda;
mod bus;
mod capability;
mod chat;
mod cluster;
mod databases;
mod degrading;
mod deploy;
mod documents;
mod events;
mod layers;
mod load_test;
mod mail;
mod moderation;
mod nodes;
mod operating;
mod people;
mod permissions;
mod sample;
mod scripts;
mod socket;
#[allow(dead_code, reason = "a tool stays when the last test that used it goes")]
mod support;
mod tables;
