//! People: accounts, sign-ins, registrations, roles, profiles.

pub mod actor;
pub mod card;
pub mod role;
pub mod sign_in;
