//! `plenary restored`: the last step of a restore.

use clap::Args;

use crate::clock::Timestamp;
use crate::config::Settings;
use crate::id::LogId;
use crate::identity::{sign_in, ticket};
use crate::installation::{self, LogEnd};
use crate::output::print;
use crate::registry::MayBegin;

use super::existing;

/// How to end a restore.
#[derive(Args, Debug)]
pub(super) struct RestoredCommand {
    /// Also signs everybody out: whose sign-in was ended after the backup is signed in again
    /// otherwise.
    #[arg(long)]
    end_sign_ins: bool,
    #[command(flatten, next_help_heading = "Settings")]
    settings: Settings,
}

impl RestoredCommand {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let core = existing::open(self.settings, MayBegin::No).await?;
        installation::replace_log(&core.db, LogId::new(core.clock.now(), &core.random)).await?;
        ticket::end_all(&core.db).await?;
        let end = installation::log_end(&core.db).await?;
        let sign_ins = if self.end_sign_ins {
            format!("{} sign-ins were ended.\n", sign_in::end_everybodys(&core.db).await?)
        } else {
            SIGN_INS_STAY.to_owned()
        };
        core.db.close().await;
        Ok(print(&format!("{}{CLIENTS}{sign_ins}", told(end)))?)
    }
}

const CLIENTS: &str = "Clients are told to start again from there. A hub that runs stops within \
                       seconds, with status 75, to be started again.\n";
const SIGN_INS_STAY: &str = "Whoever signed out, or was signed out, after the backup was made is \
                             signed in again; `plenary restored --end-sign-ins` signs everybody \
                             out. Roles, bans and registrations are as they were then: look them \
                             through.\n";

/// What the log ends with, as a sentence.
fn told(end: LogEnd) -> String {
    let LogEnd { messages, last_message_at } = end;
    match last_message_at.and_then(readable) {
        Some(last) => format!("The log holds {messages} messages, the last one of {last}.\n"),
        None => "The log holds no message.\n".to_owned(),
    }
}

fn readable(time: Timestamp) -> Option<String> {
    Some(jiff::Timestamp::from_millisecond(time.0).ok()?.to_string())
}
