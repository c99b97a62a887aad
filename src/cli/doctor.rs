//! `plenary doctor`.

use std::process::ExitCode;

use super::output::print;
use crate::clock::Clock;
use crate::config::Settings;
use crate::doctor;

pub(super) async fn run(settings: &Settings) -> ExitCode {
    let findings = doctor::examine(settings, &Clock::System).await;
    let told = print(&doctor::report(&findings)).is_ok();
    if told && doctor::is_healthy(&findings) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
