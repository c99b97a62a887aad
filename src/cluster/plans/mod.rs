//! Random plans with several nodes: hubs on one log, joined by a bus that loses, doubles and delays,
//! and that cuts off nodes; and what ticks and repairs cost many members.

mod crowd;
mod node;
mod several;
