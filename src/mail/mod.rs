//! Mail: written into the outbox within the transaction that causes it, sent by a worker.
//!
//! So a mail is sent if and only if its cause was committed, no request waits for a mail server,
//! and an unavailable mail server only delays mail. Addresses and texts never reach the logs.

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
pub use letter::{Language, Letter, LinkAndCode, Writing};
pub(crate) use store::sweep;
pub use store::{Envelope, queue};
pub use transport::Transport;

/// Outgoing mail.
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
    /// Sends this database's outbox as configured: by an SMTP server, or to files in the data
    /// folder.
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

    /// Wakes the worker after a transaction that queued mail was committed. Forgetting it only
    /// delays the mail a little.
    pub fn hurry(&self) {
        self.queued.notify_one();
    }

    /// The transport.
    pub fn transport(&self) -> &Transport {
        &self.transport
    }
}
