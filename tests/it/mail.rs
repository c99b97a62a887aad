//! Mail leaves through the outbox: at once, later, or not at all, and never twice.

use std::time::Duration;

use plenary::clock::{Clock, Timestamp};
use plenary::db::Columns;
use serde_json::json;

use crate::support::databases::{TestDatabase, on_each_database};
use crate::support::hub::{TestHub, within};
use crate::support::mail::{MailCatcher, Manner};

const ADA: &str = "ada@example.org";

on_each_database!(two_workers_send_each_mail_once);

async fn two_workers_send_each_mail_once(database: TestDatabase) {
    let mut catcher = MailCatcher::start(Manner::Takes).await;
    let flag = format!("--smtp-url={}", catcher.url());
    let clock = Clock::manual(Timestamp(1_800_000_000_000));
    let hub = TestHub::with(database, clock, &[&flag, "--requests-per-minute=1000"]).await;
    let mut client = hub.client();
    let mut expected = Vec::new();
    for number in 0..40 {
        let email = format!("person{number}@example.org");
        client.post("/api/v1/sign-in/link", json!({"email": email})).await.ok();
        // A second worker besides the hub's own.
        hub.app.mail.deliver_due().await.expect("the outbox");
        expected.push(email);
    }
    let mut caught = Vec::new();
    while caught.len() < expected.len() {
        caught.extend(within(catcher.next()).await.to);
    }
    caught.sort();
    expected.sort();
    assert_eq!(caught, expected);
    hub.app.clock.advance(Duration::from_secs(3_600));
    while hub.app.mail.deliver_due().await.expect("the outbox") {}
    assert_eq!(catcher.try_next(), None, "nothing is sent twice");
}

/// The state of the only mail in the outbox: attempts, and whether it is retried.
async fn fate(hub: &TestHub) -> (i64, bool, bool) {
    let query = "SELECT attempts, next_attempt_at, sent_at FROM mails";
    let row = hub.app.db.one(hub.app.db.query(query)).await.expect("the outbox").expect("a mail");
    let waiting = row.optional_number("next_attempt_at").expect("a time").is_some();
    let sent = row.optional_number("sent_at").expect("a time").is_some();
    (row.number("attempts").expect("a number"), waiting, sent)
}

async fn after_one_attempt(manner: Manner) -> TestHub {
    let catcher = MailCatcher::start(manner).await;
    let flag = format!("--smtp-url={}", catcher.url());
    let clock = Clock::manual(Timestamp(1_800_000_000_000));
    let hub = TestHub::with(TestDatabase::sqlite(), clock, &[&flag]).await;
    hub.client().post("/api/v1/sign-in/link", json!({"email": ADA})).await.ok();
    within(async { while fate(&hub).await.0 == 0 {} }).await;
    hub
}

#[tokio::test]
async fn deferred_mail_is_retried_until_it_expires() {
    let hub = after_one_attempt(Manner::Defers).await;
    assert_eq!(fate(&hub).await, (1, true, false));
    // Its link is valid for half an hour.
    hub.app.clock.advance(Duration::from_secs(31 * 60));
    hub.app.mail.deliver_due().await.expect("the outbox");
    within(async { while fate(&hub).await.1 {} }).await;
    assert!(!fate(&hub).await.2);
}

#[tokio::test]
async fn refused_mail_is_given_up_and_its_text_deleted() {
    let hub = after_one_attempt(Manner::Refuses).await;
    assert_eq!(fate(&hub).await, (1, false, false));
    let row = hub.app.db.one(hub.app.db.query("SELECT body FROM mails")).await;
    assert_eq!(row.expect("the outbox").expect("a mail").text("body").expect("text"), "");
}

#[tokio::test]
async fn without_a_mail_server_operators_can_read_the_mail() {
    let hub = TestHub::start().await;
    hub.client().post("/api/v1/sign-in/link", json!({"email": ADA})).await.ok();
    let list = within(async {
        loop {
            let list = hub.operator().get("/mail").await.text;
            if list.contains("<td>") {
                return list;
            }
        }
    })
    .await;
    assert!(list.contains(ADA), "{list}");
    let (_, link) = list.split_once("href=\"").expect("a link");
    let (path, _) = link.split_once('"').expect("a link");
    let page = hub.operator().get(path).await;
    let url = format!("<a href=\"{}/\">", hub.app.settings.addresses.public_url);
    assert!(page.text.contains(&url), "links can be followed: {}", page.text);
    assert_eq!(hub.operator().get("/mail/../plenary.sqlite").await.status, 404);
}
