//! Who holds places that are limited, by network address.
//!
//! A whole conference may share one address, so nobody is refused while there are places. When there
//! is none left, the address that holds most of them loses its oldest one, so that no single address
//! keeps everyone else out.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// For how long nobody loses a place: a crowd that arrives at once needs each for less.
const GRACE: Duration = Duration::from_secs(1);

/// The places of every address.
#[derive(Debug, Default)]
pub struct Shares {
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    next: u64,
    by_address: HashMap<IpAddr, BTreeMap<u64, Holder>>,
}

#[derive(Debug)]
struct Holder {
    since: Instant,
    lost: CancellationToken,
}

/// One place of an address, until it is dropped.
#[derive(Debug)]
pub struct Share {
    shares: Arc<Shares>,
    address: IpAddr,
    number: u64,
    lost: CancellationToken,
}

impl Shares {
    /// Notes a place of this address.
    pub fn hold(self: &Arc<Self>, address: IpAddr) -> Share {
        let lost = CancellationToken::new();
        let mut held = self.held.lock();
        let number = held.next;
        held.next += 1;
        let holder = Holder { since: Instant::now(), lost: lost.clone() };
        held.by_address.entry(address).or_default().insert(number, holder);
        Share { shares: Arc::clone(self), address, number, lost }
    }

    /// Takes the oldest place from the address that has most of them. False if it is held for less
    /// than a second.
    pub fn take_back(&self) -> bool {
        let mut held = self.held.lock();
        let most = held.by_address.values_mut().max_by_key(|holders| holders.len());
        let oldest = most.and_then(|holders| holders.first_entry());
        match oldest.filter(|oldest| oldest.get().since.elapsed() >= GRACE) {
            Some(oldest) => {
                oldest.remove().lost.cancel();
                true
            }
            None => false,
        }
    }
}

impl Share {
    /// Waits until the place is taken back.
    pub async fn lost(&self) {
        self.lost.cancelled().await;
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut held = self.shares.held.lock();
        if let Some(holders) = held.by_address.get_mut(&self.address) {
            holders.remove(&self.number);
            if holders.is_empty() {
                held.by_address.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[tokio::test(start_paused = true)]
    async fn the_oldest_of_whoever_has_most_goes_first() {
        let shares = Arc::new(Shares::default());
        let alone = shares.hold(address(1));
        let crowd: Vec<_> = (0..3).map(|_| shares.hold(address(2))).collect();
        assert!(!shares.take_back(), "a crowd that has just arrived");
        tokio::time::advance(GRACE).await;
        let lost = |share: &Share| share.lost.is_cancelled();
        assert!(shares.take_back());
        assert_eq!(crowd.iter().map(lost).collect::<Vec<_>>(), [true, false, false]);
        assert!(shares.take_back());
        assert_eq!(crowd.iter().map(lost).collect::<Vec<_>>(), [true, true, false]);
        assert!(!lost(&alone));
        drop((alone, crowd));
        assert!(shares.held.lock().by_address.is_empty(), "nothing is left of them");
        assert!(!shares.take_back());
    }
}
