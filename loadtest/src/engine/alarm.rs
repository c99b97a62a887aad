//! Waking up to the microsecond: the selector itself counts in milliseconds, which would be late
//! by half of one on average, or would have to be spent spinning.

use std::io;
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::time::Duration;

use mio::unix::SourceFd;
use mio::{Interest, Poll, Token};
use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create,
    timerfd_settime,
};

/// The alarm's own token; no slot has it.
pub(super) const TOKEN: Token = Token(usize::MAX);

/// From this wait on, whole milliseconds are enough: the rest is waited for afterwards.
const COARSE: Duration = Duration::from_millis(20);

#[derive(Debug)]
pub(super) struct Alarm(OwnedFd);

impl Alarm {
    pub(super) fn new(poll: &Poll) -> io::Result<Self> {
        let timer = timerfd_create(
            TimerfdClockId::Monotonic,
            TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC,
        )?;
        poll.registry().register(&mut SourceFd(&timer.as_raw_fd()), TOKEN, Interest::READABLE)?;
        Ok(Self(timer))
    }

    /// Sets the alarm, and says what to give the selector as its limit.
    pub(super) fn set(&self, wait: Duration) -> io::Result<Duration> {
        if wait.is_zero() || wait >= COARSE {
            return Ok(Duration::from_millis(u64::try_from(wait.as_millis()).unwrap_or(1_000)));
        }
        let none = Timespec { tv_sec: 0, tv_nsec: 0 };
        let value = Timespec { tv_sec: 0, tv_nsec: i64::from(wait.subsec_nanos()) };
        let once = Itimerspec { it_interval: none, it_value: value };
        timerfd_settime(&self.0, TimerfdTimerFlags::empty(), &once)?;
        Ok(COARSE)
    }
}
