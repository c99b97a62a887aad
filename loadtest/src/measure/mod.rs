//! What is measured: exactly what came, how late it was, and what it cost.

pub(crate) mod account;
pub(crate) mod latency;
pub(crate) mod process;
pub(crate) mod rereads;
pub(crate) mod series;
pub(crate) mod tracker;
