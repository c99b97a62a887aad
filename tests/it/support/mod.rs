//! What the tests stand on: databases, servers, temporary folders, mail.
//!
//! Real servers, each in a temporary folder and on a loopback port, gone when the tests are.

pub mod databases;
mod keeper;
pub mod mail;
mod servers;
pub mod skip;
pub mod temporary;
