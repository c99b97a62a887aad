//! Random plans with several nodes: hubs on one log, joined by a bus that loses, doubles and delays,
//! and that cuts off nodes; what ticks and repairs cost many members; and totals that
//! all nodes show alike.

mod crowd;
mod node;
mod several;
mod totals;
