//! Connections that stay and say as little as they can.

use std::collections::VecDeque;
use std::io::Write as _;

use mio::net::TcpStream;

use super::{Attack, Stage, Toll, is_connected};
use crate::clock::{MILLISECOND, Nanos, SECOND};

/// Over how long a time they come, and at most over what part of the attack.
const COMING: Nanos = SECOND;
const COMING_SHARE: Nanos = 4;

/// How often each goes on with what it has to say.
const PACE: Nanos = SECOND;

/// How much of a request those say who only begin.
const BEGINNING: usize = 12;

/// What one says: how much of the request, and how many bytes of it at a time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manner {
    most: usize,
    at_once: usize,
}

/// The whole request in the end, a byte at a time.
pub(super) fn slow_head(_: usize) -> Manner {
    Manner { most: usize::MAX, at_once: 1 }
}

/// One of five says the whole request, two begin it, two say nothing.
pub(super) fn half_open(number: usize) -> Manner {
    let most = match number % 5 {
        0 => usize::MAX,
        1 | 3 => BEGINNING,
        _ => 0,
    };
    Manner { most, at_once: usize::MAX }
}

struct Visitor {
    stream: TcpStream,
    manner: Manner,
    said: usize,
    due: Nanos,
}

impl Visitor {
    /// Says what comes next, if the socket takes it; one that is over says no more.
    fn go_on(&mut self, request: &[u8], now: Nanos) {
        let Manner { most, at_once } = self.manner;
        let rest = &request[self.said..request.len().min(most)];
        let next = &rest[..rest.len().min(at_once)];
        if !next.is_empty() {
            self.said += self.stream.write(next).unwrap_or(0);
        }
        self.due = now + PACE;
    }
}

pub(super) fn linger(
    stage: &mut Stage,
    attack: Attack,
    count: usize,
    manner: &dyn Fn(usize) -> Manner,
) -> Toll {
    let mut toll = Toll::default();
    // In the order in which they are due: all have the same pace.
    let mut visitors: VecDeque<Visitor> = VecDeque::with_capacity(count);
    let mut came = 0;
    let coming_in = COMING.min((attack.to - attack.from) / COMING_SHARE).max(1);
    while stage.is_before(attack.to) {
        let now = stage.clock.now();
        let here = visitors.iter().take_while(|visitor| visitor.due <= now).count();
        for mut visitor in visitors.drain(..here).collect::<Vec<_>>() {
            visitor.go_on(&stage.place.request, now);
            visitors.push_back(visitor);
        }
        let share = (now - attack.from) as f64 / coming_in as f64;
        let due = ((share * count as f64).ceil() as usize).min(count);
        for number in came..due {
            toll.opened += 1;
            let Some(stream) = stage.dial() else { continue };
            let mut visitor = Visitor { stream, manner: manner(number), said: 0, due: now };
            visitor.go_on(&stage.place.request, now);
            visitors.push_back(visitor);
        }
        came = due;
        let coming = if came < count { now + MILLISECOND } else { attack.to };
        let next = visitors.front().map_or(attack.to, |visitor| visitor.due);
        stage.wait(next.min(coming).min(attack.to));
    }
    toll.connected = visitors.iter().filter(|visitor| is_connected(&visitor.stream)).count() as u64;
    toll
}
