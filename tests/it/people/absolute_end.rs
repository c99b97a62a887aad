//! A sign-in has an absolute end, however often it is used.

use http::StatusCode;
use plenary::clock::{Clock, Timestamp};

use super::{ADA, START, hub_with_mail, wait};
use crate::support::databases::{TestDatabase, on_each_database};
use crate::support::hub::TestHub;

const DAY: u64 = 24 * 60;

on_each_database!(a_sign_in_ends_after_ninety_days);

async fn a_sign_in_ends_after_ninety_days(database: TestDatabase) {
    let (hub, _mail) = hub_with_mail(database).await;
    let client = hub.signed_in(ADA).await;
    for _ in 0..8 {
        wait(&hub, 11 * DAY);
        client.get("/api/v1/me").await.ok();
    }
    let mut ends = hub.app.identity.sign_ins.listen();
    wait(&hub, 2 * DAY);
    assert_eq!(client.get("/api/v1/me").await.status, StatusCode::UNAUTHORIZED);
    hub.app.upkeep.sweep().await.expect("a sweep");
    ends.try_recv().expect("its sockets are closed");
}

#[tokio::test]
async fn how_long_is_a_setting() {
    let clock = Clock::manual(Timestamp(START));
    let hub = TestHub::with(TestDatabase::sqlite(), clock, &["--sign-in-days=1"]).await;
    let client = hub.signed_in(ADA).await;
    wait(&hub, DAY - 1);
    client.get("/api/v1/me").await.ok();
    wait(&hub, 1);
    assert_eq!(client.get("/api/v1/me").await.status, StatusCode::UNAUTHORIZED);
}
