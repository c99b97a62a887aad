//! The worker that empties the outbox.

use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use metrics::counter;
use tokio_util::sync::CancellationToken;

use super::outbox::{self, Taken};
use crate::core::Core;
use crate::db::DbError;
use crate::metrics::MAILS;

/// How many mails are taken at a time.
const BATCH: u32 = 32;
/// How many are sent at the same time.
const BATCH_SIZE: usize = 4;
/// How often the outbox is looked into when nobody says that there is something in it: for mails
/// to be tried again, and for those of other nodes and of the command line.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Sends what is in the outbox until `stop` is cancelled; a batch that was begun is finished.
pub async fn run(core: Core, stop: CancellationToken) {
    loop {
        let more = deliver_due(&core).await.unwrap_or_else(|error| {
            tracing::error!(%error, "the outbox cannot be read");
            false
        });
        if more && !stop.is_cancelled() {
            continue;
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = core.mail.queued.notified() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

/// Sends one batch of the mails that are due, and tells whether there may be more.
///
/// # Errors
/// When the database does not answer. What was sent but could not be noted is sent again later.
pub async fn deliver_due(core: &Core) -> Result<bool, DbError> {
    let taken = outbox::take(&core.db, core.clock.now(), BATCH).await?;
    let full = taken.len() >= BATCH as usize;
    let mut results = stream::iter(taken)
        .map(|mail| async move { deliver(core, &mail).await })
        .buffer_unordered(BATCH_SIZE);
    while let Some(result) = results.next().await {
        result?;
    }
    Ok(full)
}

async fn deliver(core: &Core, mail: &Taken) -> Result<(), DbError> {
    let now = core.clock.now();
    if mail.give_up_at <= now {
        counter!(MAILS, "outcome" => "given_up").increment(1);
        tracing::warn!(mail = %mail.id, "a mail is no longer of use and was given up");
        let error = "It could not be sent while it was of use.".to_owned();
        return outbox::failed(&core.db, mail, error, None).await;
    }
    let Err(error) = core.mail.transport.send(&core.mail.from, mail, now).await else {
        counter!(MAILS, "outcome" => "sent").increment(1);
        return outbox::sent(&core.db, mail.id, core.clock.now()).await;
    };
    let next = if error.permanent {
        None
    } else {
        outbox::next_attempt(mail.attempts, now, mail.give_up_at, &core.random)
    };
    let given_up = next.is_none();
    let outcome = if given_up { "given_up" } else { "deferred" };
    counter!(MAILS, "outcome" => outcome).increment(1);
    tracing::warn!(mail = %mail.id, reason = error.kind, given_up, "a mail could not be sent");
    outbox::failed(&core.db, mail, error.message, next).await
}
