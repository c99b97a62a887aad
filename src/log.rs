//! The log: one line per event on standard error, for people or for machines.
//!
//! Never logged: secrets (tokens, passwords, cookies, database and mail URLs with their passwords),
//! message texts, answers to registration fields. Ids, codes, counts and times are.

use std::io::IsTerminal as _;
use std::panic::PanicHookInfo;

use clap::ValueEnum;
use tracing_subscriber::EnvFilter;

/// The format of the log's lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object per line, for machines.
    Json,
}

/// Caps the level of libraries that log frames, statements and mails at their most verbose levels,
/// whatever the filter says.
const DISCREET: &str = "tungstenite=info,tokio_tungstenite=info,hyper=info,sqlx=info,lettre=info";

/// Starts the log for the whole process. `filter` has been checked by [`log_filter`].
pub fn start(format: LogFormat, filter: &str) {
    let filter = EnvFilter::try_new(format!("{filter},{DISCREET}"))
        .unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // If standard error is closed, reporting that on standard error would panic.
        .log_internal_errors(false)
        .with_ansi(std::io::stderr().is_terminal());
    // Only the first start in a process counts; tests start several hubs.
    let _ = match format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().flatten_event(true).with_span_list(false).try_init(),
    };
    std::panic::set_hook(Box::new(report_panic));
}

/// Validates the value of `--log`.
///
/// # Errors
/// A sentence if it is not a filter.
pub fn log_filter(text: &str) -> Result<String, String> {
    EnvFilter::try_new(text)
        .map(|_| text.to_owned())
        .map_err(|error| format!("{error}; write for example info or plenary=debug,info"))
}

/// Logs a panic, which is a bug, with its location. Its message is not logged, as it may contain
/// what a person wrote.
fn report_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(place, "the program panicked, which is a bug; please report the place");
}

#[cfg(test)]
mod tests {
    use super::log_filter;

    #[test]
    fn filters_are_checked() {
        assert!(log_filter("plenary=debug,info").is_ok());
        assert!(log_filter("plenary=loud").is_err());
    }
}
