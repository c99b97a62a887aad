//! What operators rely on: the admin address, the settings, the stop.

mod admin;
mod doctor;
mod settings;
mod stop;
