//! What all workers of this process know of each other, and the progress that is shown.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use crate::clock::Nanos;

/// Written by workers, read by everybody; only sums and moments, so relaxed order is enough.
#[derive(Debug, Default)]
pub(crate) struct Board {
    /// Clients that are in their rooms.
    pub(crate) ready: AtomicUsize,
    /// Messages sent.
    pub(crate) sent: AtomicU64,
    /// Receiver × number.
    pub(crate) received: AtomicU64,
    /// Refused requests and connections.
    pub(crate) refused: AtomicU64,
    /// Clients that were told not to come back.
    pub(crate) turned_away: AtomicUsize,
    /// When the scenario begins; 0 until everybody is there.
    pub(crate) start: AtomicU64,
    /// When it ends, if that is earlier than planned; 0 if it is not.
    pub(crate) end: AtomicU64,
    /// The workers shall give up.
    pub(crate) stop: AtomicBool,
    /// The highest number of each room that anybody has seen.
    heads: Vec<AtomicU64>,
}

impl Board {
    pub(crate) fn new(rooms: usize) -> Self {
        Self { heads: (0..rooms).map(|_| AtomicU64::new(0)).collect(), ..Self::default() }
    }

    /// A number of a room has been seen.
    pub(crate) fn seen(&self, room: u32, number: u64) {
        if let Some(head) = self.heads.get(room as usize) {
            head.fetch_max(number, Ordering::Relaxed);
        }
    }

    pub(crate) fn head(&self, room: u32) -> u64 {
        self.heads.get(room as usize).map_or(0, |head| head.load(Ordering::Relaxed))
    }

    /// When the scenario begins, once that is settled.
    pub(crate) fn start(&self) -> Option<Nanos> {
        Some(self.start.load(Ordering::Relaxed)).filter(|start| *start > 0)
    }

    /// When the scenario ends at the latest.
    pub(crate) fn end(&self) -> Nanos {
        match self.end.load(Ordering::Relaxed) {
            0 => Nanos::MAX,
            end => end,
        }
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}
