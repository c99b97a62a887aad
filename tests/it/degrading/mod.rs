//! What goes wrong with machines: they stand still, their clock jumps, their disk is full, they are
//! gone from one moment to the next, they are restarted. It degrades, and heals by itself.

mod clock;
mod disk;
mod killed;
mod paused;
mod rolling;
