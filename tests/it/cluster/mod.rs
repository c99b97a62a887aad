//! Several hubs on one database.

mod control;
mod gaps;
mod presence;
mod talk;
