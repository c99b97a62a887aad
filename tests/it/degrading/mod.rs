//! Failures of machines: they freeze, their clock jumps, their disk is full, they crash, they are
//! restarted. The service degrades, and recovers by itself.

mod clock;
mod disk;
mod killed;
mod paused;
mod rolling;
mod silent;
