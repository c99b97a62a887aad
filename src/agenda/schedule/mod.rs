//! Importing a schedule: the `schedule.json` and `schedule.xml` that frab, pretalx, FOSDEM and their
//! relatives publish, and what pretalx's REST API answers.
//!
//! [`parse`] reads a document into a [`plan::Plan`] or reports all its errors, with its texts as
//! [`markup`] leaves them; [`diff`] compares
//! the plan with what is stored; `apply` applies the difference in one transaction; [`report`]
//! describes it. Only `apply`, [`import`] and their `store` know the database, and only [`source`]
//! knows files and addresses.

mod apply;
mod current;
pub mod diff;
pub mod import;
pub mod markup;
pub mod notes;
pub mod parse;
pub mod plan;
pub mod report;
pub mod source;
mod store;

/// The maximum number of sessions in a schedule.
pub const MAX_SESSIONS: usize = 20_000;
/// The largest document that is read, in bytes.
pub const LARGEST_DOCUMENT: usize = 32 * 1024 * 1024;
