//! People: accounts, sign-ins, registrations, roles, profiles.

pub mod actor;
mod appearance;
pub mod card;
pub mod role;
pub mod sign_in;
pub mod ticket;

pub use appearance::{Appearance, appearance, in_event};
