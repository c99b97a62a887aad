//! The examples for operators in docs/deploy, tested as they are.

mod containers;
mod front;
mod unit;
mod watching;
