//! Several hubs on one database.

mod talk;
