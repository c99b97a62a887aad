//! People as their browsers see the hub: coming in, going out, their own account.

mod account;
mod sign_in;

use std::time::Duration;

use plenary::clock::{Clock, Timestamp};

use crate::support::databases::TestDatabase;
use crate::support::hub::TestHub;
use crate::support::mail::Mailboxes;

const ADA: &str = "ada@example.org";

/// A hub whose clock stands still, and its mail server.
async fn hub_with_mail(database: TestDatabase) -> (TestHub, Mailboxes) {
    let mailboxes = Mailboxes::start().await;
    let clock = Clock::manual(Timestamp(1_800_000_000_000));
    let hub = TestHub::with(database, clock, &[&mailboxes.flag()]).await;
    (hub, mailboxes)
}

/// Lets time go by.
fn wait(hub: &TestHub, minutes: u64) {
    hub.app.clock.advance(Duration::from_secs(60 * minutes));
}
