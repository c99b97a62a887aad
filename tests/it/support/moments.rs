//! Timeouts for changes to arrive on other nodes.

use std::time::{Duration, Instant};

use super::hub::within;

/// Polls until the condition holds.
pub async fn until(mut is_so: impl AsyncFnMut() -> bool) {
    while !is_so().await {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Waits for something that is announced, not found by polling. It arrives within milliseconds; the
/// rest is a margin for a machine on which dozens of tests run at the same time.
pub async fn at_once<T>(future: impl Future<Output = T>) -> T {
    at_most(Duration::from_secs(2), future).await
}

/// Waits for something that is found by polling, every three seconds.
pub async fn soon<T>(future: impl Future<Output = T>) -> T {
    at_most(Duration::from_millis(4_500), future).await
}

async fn at_most<T>(time: Duration, future: impl Future<Output = T>) -> T {
    let begin = Instant::now();
    let outcome = within(future).await;
    let took = begin.elapsed();
    assert!(took < time, "it took {took:?}");
    outcome
}
