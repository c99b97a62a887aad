//! One time for all: nanoseconds that every load tester on the machine counts alike.

use rustix::time::{ClockId, clock_gettime};

/// Nanoseconds on a [`Clock`].
pub(crate) type Nanos = u64;

pub(crate) const MILLISECOND: Nanos = 1_000_000;
pub(crate) const SECOND: Nanos = 1_000 * MILLISECOND;

/// Where stamps in messages come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Clock {
    /// Since the machine started: exact among the processes of one machine, and never set back.
    #[default]
    Machine,
    /// Since 1970: for load testers on several machines whose clocks agree.
    Wall,
}

impl Clock {
    pub(crate) fn now(self) -> Nanos {
        match self {
            Self::Machine => read(ClockId::Monotonic),
            Self::Wall => read(ClockId::Realtime),
        }
    }

    /// The moment on this clock at which it is `wall` seconds since 1970.
    pub(crate) fn at_wall(self, wall: f64) -> Nanos {
        let ahead = wall - read(ClockId::Realtime) as f64 / SECOND as f64;
        self.now().saturating_add_signed((ahead * SECOND as f64) as i64)
    }
}

/// Seconds since 1970.
pub(crate) fn wall_seconds() -> f64 {
    read(ClockId::Realtime) as f64 / SECOND as f64
}

/// Processor time that the calling thread has used.
pub(crate) fn thread_time() -> Nanos {
    read(ClockId::ThreadCPUTime)
}

fn read(clock: ClockId) -> Nanos {
    let time = clock_gettime(clock);
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    seconds * SECOND + u64::try_from(time.tv_nsec).unwrap_or(0)
}
