//! Mail: written into the outbox within the transaction that causes it, sent by a worker.
//!
//! So a mail is sent if and only if what it speaks of has happened, no request waits for a mail
//! server, and a mail server that is away for a while costs nothing but time. Addresses and texts
//! never reach the logs.

mod counted;
pub(crate) mod folder;
mod letter;
mod store;
mod transport;
mod worker;

use std::sync::Arc;

use tokio::sync::Notify;

use crate::clock::Clock;
use crate::config::Settings;
use crate::db::Db;
use crate::random::Random;

pub use counted::METRICS;
pub use letter::{Language, Letter, Writing};
pub(crate) use store::sweep;
pub use store::{Envelope, queue};
pub use transport::Transport;

/// The way out for mail.
#[derive(Debug)]
pub struct Mail {
    transport: Transport,
    from: lettre::message::Mailbox,
    queued: Notify,
    db: Db,
    clock: Clock,
    random: Random,
}

impl Mail {
    /// What is in this database's outbox leaves as the settings say: by an SMTP server, or as files
    /// in the data folder.
    ///
    /// # Errors
    /// When the server's address cannot be used.
    pub fn open(
        settings: &Settings,
        db: &Db,
        clock: &Clock,
        random: &Random,
    ) -> anyhow::Result<Arc<Self>> {
        Ok(Arc::new(Self {
            transport: Transport::open(settings)?,
            from: settings.mail.from.clone(),
            queued: Notify::new(),
            db: db.clone(),
            clock: clock.clone(),
            random: random.clone(),
        }))
    }

    /// Tells the worker that mail was queued, after the transaction is committed. Forgetting it
    /// only makes the mail a little late.
    pub fn hurry(&self) {
        self.queued.notify_one();
    }

    /// How mail leaves.
    pub fn transport(&self) -> &Transport {
        &self.transport
    }
}
