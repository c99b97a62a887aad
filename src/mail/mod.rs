//! Mail: written into the outbox within the transaction that causes it, sent by a worker.
//!
//! So a mail is sent if and only if what it speaks of has happened, no request waits for a mail
//! server, and a mail server that is away for a while costs nothing but time. Addresses and texts
//! never reach the logs.

pub mod development_page;
mod folder;
mod letter;
mod outbox;
mod transport;
mod worker;

use std::sync::Arc;

use tokio::sync::Notify;

use crate::config::Settings;
use crate::core::Core;
use crate::registry::Registry;

pub use letter::{Language, Letter, Writing};
pub use outbox::{Envelope, queue};
pub use transport::Transport;
pub use worker::{deliver_due, run};

/// Adds what operators see of mail, and the removal of what is no longer of use.
pub fn register(hub: &mut Registry, core: &Core) {
    hub.admin(development_page::router(), core.clone());
    let own = core.clone();
    hub.sweep(move || {
        let core = own.clone();
        async move { outbox::sweep(&core.db, core.clock.now()).await }
    });
}

/// The way out for mail.
#[derive(Debug)]
pub struct Mail {
    transport: Transport,
    from: lettre::message::Mailbox,
    queued: Arc<Notify>,
}

impl Mail {
    /// By the settings: an SMTP server, or files in the data folder.
    ///
    /// # Errors
    /// When the server's address cannot be used.
    pub fn open(settings: &Settings) -> anyhow::Result<Self> {
        Ok(Self {
            transport: Transport::open(settings)?,
            from: settings.mail_from.clone(),
            queued: Arc::new(Notify::new()),
        })
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
