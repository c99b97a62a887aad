//! When to try again what has failed: soon, then less and less often, until it succeeds.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// How long it is waited after the first failure, and at most; twice as long after each.
const SHORTEST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(super) struct Retry {
    at: Option<Instant>,
    wait: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self { at: None, wait: SHORTEST }
    }
}

impl Retry {
    /// Waits until it is time; for ever while nothing has failed.
    pub(super) async fn due(&self) {
        match self.at {
            Some(at) => sleep_until(at).await,
            None => std::future::pending().await,
        }
    }

    /// Something has failed.
    pub(super) fn again(&mut self) {
        self.at.get_or_insert_with(|| Instant::now() + self.wait);
    }

    /// It was tried again.
    pub(super) fn tried(&mut self, succeeded: bool) {
        self.at = None;
        self.wait = if succeeded { SHORTEST } else { LONGEST.min(2 * self.wait) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn waited(retry: &Retry) -> Duration {
        let begin = Instant::now();
        retry.due().await;
        begin.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_tried_less_and_less_often_until_it_succeeds() {
        let mut retry = Retry::default();
        retry.again();
        let mut waits = Vec::new();
        for _ in 0..7 {
            waits.push(waited(&retry).await.as_secs());
            retry.tried(false);
            retry.again();
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 30, 30]);
        retry.due().await;
        retry.tried(true);
        assert!(tokio::time::timeout(10 * LONGEST, retry.due()).await.is_err(), "nothing is due");
        retry.again();
        tokio::time::advance(SHORTEST / 2).await;
        retry.again();
        assert_eq!(waited(&retry).await, SHORTEST / 2, "another failure puts nothing off");
    }
}
