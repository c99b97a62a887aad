//! Registrations: how somebody comes to take part in an event.

mod store;

pub use store::confirm;
