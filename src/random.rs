//! Randomness, passed in: identifiers, secrets and jitter come from a [`Random`], so that a test
//! can replay them from a seed.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use parking_lot::Mutex;
use rand::rngs::StdRng;
use rand::{RngCore, SeedableRng};
use uuid::Uuid;

use crate::clock::Timestamp;

/// The source of random bytes.
#[derive(Clone, Debug, Default)]
pub enum Random {
    /// The operating system's generator; the only one that may make secrets in production.
    #[default]
    System,
    /// A generator that is reproducible from its seed, for tests.
    Seeded(Arc<Mutex<StdRng>>),
}

impl Random {
    /// A generator that yields the same bytes for the same seed.
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(Arc::new(Mutex::new(StdRng::seed_from_u64(seed))))
    }

    /// Fills the buffer with random bytes.
    pub fn fill(&self, bytes: &mut [u8]) {
        match self {
            Self::System => system_fill(bytes),
            Self::Seeded(generator) => generator.lock().fill_bytes(bytes),
        }
    }

    /// A version 7 UUID (RFC 9562) for this moment: ids made later sort later.
    pub fn uuid(&self, now: Timestamp) -> Uuid {
        let mut tail = [0_u8; 10];
        self.fill(&mut tail);
        let millis = u64::try_from(now.0).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &tail).into_uuid()
    }

    /// A secret of 256 bits as 43 URL-safe characters.
    pub fn secret(&self) -> String {
        let mut bytes = [0_u8; 32];
        self.fill(&mut bytes);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// A uniformly distributed integer below `end`; 0 if `end` is 0.
    pub fn below(&self, end: u64) -> u64 {
        let mut bytes = [0_u8; 8];
        self.fill(&mut bytes);
        // The bias of the remainder is below 2⁻³² for every range that is used.
        u64::from_le_bytes(bytes).checked_rem(end).unwrap_or(0)
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that uses the machine's randomness")]
fn system_fill(bytes: &mut [u8]) {
    rand::rng().fill_bytes(bytes);
}
