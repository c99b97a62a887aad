//! What operators rely on: the admin address, the settings, the stop.

mod admin;
mod doctor;
mod failing_process;
mod log;
mod restore;
mod settings;
mod stop;
mod tasks;
