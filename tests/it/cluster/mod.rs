//! Several hubs on one database.

mod presence;
mod talk;
