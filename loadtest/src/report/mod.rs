//! What was found, for people and for programs.

pub(crate) mod limits;
pub(crate) mod table;
