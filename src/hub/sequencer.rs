//! Puts a channel's publications in order: the next position passes, a duplicate is dropped, a gap
//! holds back what comes after it until it is filled.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::publication::Publication;

/// How many publications may wait after a gap. Further ones are dropped: the repair reads up to the
/// head anyway.
const WAITING: usize = 64;

/// The outcome of offering a publication.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Offered {
    /// These go out now, in this order.
    Ready(Vec<Arc<Publication>>),
    /// It was known already.
    Duplicate,
    /// Something before it is missing.
    Gap,
}

/// One channel's position.
#[derive(Debug, Default)]
pub(super) struct Sequencer {
    head: u64,
    waiting: BTreeMap<u64, Arc<Publication>>,
}

impl Sequencer {
    /// The position of the last change that has passed.
    pub(super) fn head(&self) -> u64 {
        self.head
    }

    /// Whether something waits after a gap.
    pub(super) fn has_gap(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Starts at a position, keeping what waits beyond it.
    pub(super) fn start(&mut self, head: u64) -> Vec<Arc<Publication>> {
        self.head = head;
        self.drain()
    }

    /// Takes in a publication. One that overlaps what has passed is passed on nevertheless: its
    /// items are whole, so that the newest wins.
    pub(super) fn offer(&mut self, publication: &Arc<Publication>) -> Offered {
        if publication.seq <= self.head {
            return Offered::Duplicate;
        }
        if publication.after > self.head {
            if self.waiting.len() < WAITING {
                self.waiting.insert(publication.seq, Arc::clone(publication));
            }
            return Offered::Gap;
        }
        self.head = publication.seq;
        let mut ready = vec![Arc::clone(publication)];
        ready.extend(self.drain());
        Offered::Ready(ready)
    }

    fn drain(&mut self) -> Vec<Arc<Publication>> {
        let mut ready = Vec::new();
        while let Some(first) = self.waiting.first_entry() {
            if first.get().after > self.head {
                break;
            }
            let publication = first.remove();
            if publication.seq > self.head {
                self.head = publication.seq;
                ready.push(publication);
            }
        }
        ready
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::ChannelId;

    fn publication(after: u64, seq: u64) -> Arc<Publication> {
        let channel = ChannelId(uuid::Uuid::nil());
        Arc::new(Publication { channel, after, seq, count: seq, items: vec![], mentions: vec![] })
    }

    fn seqs(offered: Offered) -> Vec<u64> {
        match offered {
            Offered::Ready(ready) => ready.iter().map(|publication| publication.seq).collect(),
            other => panic!("not ready: {other:?}"),
        }
    }

    #[test]
    fn the_next_number_passes_and_a_duplicate_does_not() {
        let mut sequencer = Sequencer::default();
        assert_eq!(seqs(sequencer.offer(&publication(0, 1))), [1]);
        assert_eq!(sequencer.offer(&publication(0, 1)), Offered::Duplicate);
        assert_eq!(seqs(sequencer.offer(&publication(1, 4))), [4]);
        assert_eq!(sequencer.head(), 4);
    }

    #[test]
    fn what_comes_after_a_gap_waits_for_it() {
        let mut sequencer = Sequencer::default();
        assert_eq!(sequencer.offer(&publication(2, 3)), Offered::Gap);
        assert_eq!(sequencer.offer(&publication(1, 2)), Offered::Gap);
        assert!(sequencer.has_gap());
        assert_eq!(seqs(sequencer.offer(&publication(0, 1))), [1, 2, 3]);
        assert!(!sequencer.has_gap());
    }

    #[test]
    fn a_repair_that_reaches_beyond_what_waits_makes_it_a_duplicate() {
        let mut sequencer = Sequencer::default();
        assert_eq!(sequencer.offer(&publication(2, 3)), Offered::Gap);
        assert_eq!(seqs(sequencer.offer(&publication(0, 5))), [5]);
        assert!(!sequencer.has_gap());
    }
}
