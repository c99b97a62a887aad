//! What was found, for people and for programs.

pub(crate) mod chart;
pub(crate) mod curves;
pub(crate) mod findings;
mod harm;
pub(crate) mod html;
pub(crate) mod json;
pub(crate) mod limits;
mod rereads;
pub(crate) mod table;
