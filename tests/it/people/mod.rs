//! People as their browsers see the hub: signing in and out, registering, their own account.

mod absolute_end;
mod account;
mod code;
mod directory;
mod email_change;
mod invitations;
mod lobby;
mod mailed_link;
mod password;
mod picture;
mod privacy;
mod registration;
mod registrations;
mod roles;
mod same_person;
mod sign_in;
mod tables;
mod transfer;

use std::time::Duration;

use plenary::clock::{Clock, Timestamp};

use serde_json::json;

use crate::support::conference::Conference;
use crate::support::databases::TestDatabase;
use crate::support::hub::TestHub;
use crate::support::mail::Mailboxes;

/// When the tests take place.
const START: i64 = 1_800_000_000_000;
const ADA: &str = "ada@example.org";

/// A hub with a manual clock, and its mail server.
async fn hub_with_mail(database: TestDatabase) -> (TestHub, Mailboxes) {
    let mailboxes = Mailboxes::start().await;
    let clock = Clock::manual(Timestamp(START));
    let hub = TestHub::with(database, clock, &[&mailboxes.flag()]).await;
    (hub, mailboxes)
}

/// A hub with an event and a manual clock, and its mail server.
async fn conference_with_mail(database: TestDatabase) -> (Conference, Mailboxes) {
    let mailboxes = Mailboxes::start().await;
    let clock = Clock::manual(Timestamp(START));
    let flags = [mailboxes.flag(), "--requests-per-minute=1000".to_owned()];
    let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
    (Conference::with_flags(database, clock, &flags).await, mailboxes)
}

/// A ticket type of the event, `quota` of them.
async fn ticket_type(conference: &mut Conference, quota: u32) -> String {
    let new = json!({"name": format!("One of {quota}"), "quota": quota});
    let path = "/api/v1/events/camp/ticket-types";
    let made = conference.organizer.client.post(path, new).await.ok();
    made["id"].as_str().expect("an id").to_owned()
}

/// Advances the clock.
fn wait(hub: &TestHub, minutes: u64) {
    hub.app.clock.advance(Duration::from_secs(60 * minutes));
}
