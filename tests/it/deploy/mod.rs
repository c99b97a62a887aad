//! What operators are given in docs/deploy, tried as it stands there.

mod containers;
mod front;
mod unit;
mod watching;
