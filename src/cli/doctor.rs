//! `plenary doctor`.

use std::process::ExitCode;

use crate::clock::Clock;
use crate::config::Settings;
use crate::doctor;

pub(super) async fn run(settings: &Settings) -> ExitCode {
    let findings = doctor::examine(settings, &Clock::System).await;
    print!("{}", doctor::report(&findings));
    if doctor::is_healthy(&findings) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
