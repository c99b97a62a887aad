//! `plenary doctor`.

use std::process::ExitCode;

use super::output::print;
use crate::app::registered;
use crate::clock::Clock;
use crate::config::Settings;
use crate::doctor;

pub(super) async fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let findings = doctor::examine(settings, &Clock::System, &registered()?).await;
    print(&doctor::report(&findings))?;
    Ok(if doctor::is_healthy(&findings) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
