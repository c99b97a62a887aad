//! How long what happens on other nodes may take to be there.

use std::time::{Duration, Instant};

use super::hub::within;

/// Looks again and again until it is so.
pub async fn until(mut is_so: impl AsyncFnMut() -> bool) {
    while !is_so().await {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Waits for what is told, not found by looking again. It is there within milliseconds; the rest is
/// for a machine on which dozens of tests run at the same time.
pub async fn at_once<T>(future: impl Future<Output = T>) -> T {
    at_most(Duration::from_secs(2), future).await
}

/// Waits for what must be there when it is looked at again by itself, every three seconds.
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
