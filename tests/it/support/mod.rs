//! The tests' support code: databases, hubs, clients, mail, temporary folders.
//!
//! Real servers, each in a temporary folder and on a loopback port, gone when the tests are.

pub mod backup;
pub mod client;
pub mod cluster;
pub mod conference;
pub mod contract;
pub mod databases;
pub mod dump;
pub mod front;
pub mod hub;
mod keeper;
pub mod mail;
pub mod moments;
pub mod node;
pub mod own_database;
pub mod people;
pub mod picture;
pub mod program;
pub mod programs;
pub mod proxy;
pub mod redis;
pub mod servers;
pub mod skip;
pub mod small_disk;
pub mod socket;
pub mod sql;
pub mod temporary;
pub mod view;
