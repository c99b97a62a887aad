//! `plenary doctor`.

use std::process::ExitCode;

use crate::clock::Clock;
use crate::config::Settings;
use crate::doctor;
use crate::output::print;
use crate::registry::Registry;

pub(super) async fn run(settings: &Settings, hub: &Registry) -> anyhow::Result<ExitCode> {
    let findings = doctor::examine(settings, &Clock::System, hub).await;
    print(&doctor::report(&findings))?;
    Ok(if doctor::is_healthy(&findings) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
