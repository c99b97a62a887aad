//! How mail leaves the hub.

use clap::Args;
use lettre::message::Mailbox;

/// The mail server, and who mails are from.
#[derive(Args, Clone, Debug)]
pub struct Mail {
    /// The mail server: smtp://HOST:PORT?tls=required or smtps://USER:PASSWORD@HOST [default: mail goes into files of the data folder]
    #[arg(long, env = "PLENARY_SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<String>,

    /// Who the hub's mails are from.
    #[arg(id = "mail-from", long, env = "PLENARY_MAIL_FROM", default_value = "Plenary <plenary@localhost>", value_name = "MAIL_FROM", value_parser = mailbox)]
    pub from: Mailbox,
}

fn mailbox(text: &str) -> Result<Mailbox, String> {
    let sentence = "it must be an address, like Summer Camp <camp@conference.example>";
    text.parse().map_err(|_| sentence.to_owned())
}
