//! What the hub logs.

use clap::Args;

use crate::log::{LogFormat, log_filter};

/// The log on standard error.
#[derive(Args, Clone, Debug)]
pub struct Logging {
    /// What is logged: error, warn, info, debug or trace, also per part ("plenary::http=debug,info").
    #[arg(id = "log", long, env = "PLENARY_LOG", default_value = "info", value_name = "LOG", value_parser = log_filter)]
    pub filter: String,

    /// What a line of the log looks like.
    #[arg(id = "log-format", long, env = "PLENARY_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text, value_name = "LOG_FORMAT")]
    pub format: LogFormat,
}
