//! What a process and its children have used, from `/proc` (proc(5)).

use std::fs;
use std::io;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use crate::clock::{Nanos, SECOND};

/// What a process has used so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Usage {
    /// Processor time, of the user and of the kernel on its behalf, all threads, in nanoseconds.
    pub(crate) cpu: Nanos,
    /// Memory that is resident, in bytes.
    pub(crate) memory: u64,
}

impl std::ops::Add for Usage {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { cpu: self.cpu + other.cpu, memory: self.memory + other.memory }
    }
}

impl std::iter::Sum for Usage {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |one, other| one + other)
    }
}

/// What the process with this number has used, and its children that are running: some servers do
/// the work in those.
///
/// # Errors
/// When there is no such process, or the machine has no `/proc`.
pub(crate) fn usage(pid: u32) -> anyhow::Result<Usage> {
    let mut sum = usage_alone(pid)?;
    for child in children(pid) {
        // It may have ended meanwhile.
        sum = sum + usage(child).unwrap_or_default();
    }
    Ok(sum)
}

/// The children, whichever thread started them; none where the system does not tell.
fn children(pid: u32) -> Vec<u32> {
    let Ok(threads) = fs::read_dir(format!("/proc/{pid}/task")) else { return Vec::new() };
    let lists = threads.flatten().map(|thread| thread.path().join("children"));
    let lists = lists.filter_map(|path| fs::read_to_string(path).ok());
    lists.flat_map(|list| numbers(&list)).collect()
}

fn numbers(list: &str) -> Vec<u32> {
    list.split_whitespace().filter_map(|number| number.parse().ok()).collect()
}

fn usage_alone(pid: u32) -> anyhow::Result<Usage> {
    let path = format!("/proc/{pid}/stat");
    let stat = fs::read_to_string(&path)
        .with_context(|| format!("{path} cannot be read; is --pid a running process?"))?;
    let cpu = cpu(&stat, rustix::param::clock_ticks_per_second());
    let cpu = cpu.with_context(|| format!("{path} does not look as proc(5) says"))?;
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    Ok(Usage { cpu, memory: memory(&status).unwrap_or(0) })
}

/// utime and stime, the 14th and 15th field; the 2nd is in brackets and may hold anything.
fn cpu(stat: &str, ticks_per_second: u64) -> Option<Nanos> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<u64>().ok();
    Some((ticks()? + ticks()?) * (SECOND / ticks_per_second))
}

fn memory(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kibibytes| kibibytes * 1024)
}

/// How long the calling thread has waited for a processor while others had it.
pub(crate) fn thread_waited() -> Nanos {
    let read = || -> io::Result<Option<Nanos>> {
        let text = fs::read_to_string("/proc/thread-self/schedstat")?;
        Ok(text.split_whitespace().nth(1).and_then(|waited| waited.parse().ok()))
    };
    read().ok().flatten().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_brackets_misleads_nobody() {
        let stat = "7 (a) b 1 2) S 1 7 7 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 4 0 99 1 2";
        assert_eq!(cpu(stat, 100), Some(3 * SECOND));
        assert_eq!(cpu("nonsense", 100), None);
    }

    #[test]
    fn memory_is_in_bytes() {
        assert_eq!(memory("Name:\tx\nVmRSS:\t     12 kB\n"), Some(12 * 1024));
    }

    #[test]
    fn children_count_with_their_parent() {
        let mut child = std::process::Command::new("sleep").arg("60").spawn().expect("a child");
        let found = children(std::process::id());
        let (all, alone) = (usage(std::process::id()), usage_alone(std::process::id()));
        child.kill().and_then(|()| child.wait()).expect("it ends");
        assert!(found.contains(&child.id()), "{found:?}");
        assert!(all.expect("all").memory > alone.expect("alone").memory / 2);
        assert_eq!(numbers("12 34 "), [12, 34]);
    }

    #[test]
    fn this_process_can_be_read_and_a_missing_one_is_named() {
        let own = usage(std::process::id()).expect("this process");
        assert!(own.memory > 0);
        let refusal = usage(u32::MAX).expect_err("no such process").to_string();
        assert!(refusal.contains("--pid"), "{refusal}");
    }
}
