//! What the machine gives the hub: open files, memory, disk.

use std::fs;
use std::io;
use std::path::Path;

use rustix::fs::Mode;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit, umask};

/// How many files the hub needs for itself: the database's connections, logs, pictures on their
/// way.
const OWN_FILES: usize = 512;

/// From now on, what the process makes is for its user alone: the data folder holds addresses,
/// hashes of passwords, and mails with links to sign in.
pub fn keep_files_private() {
    umask(Mode::RWXG | Mode::RWXO);
}

/// How many files and sockets may be open at once after [`raise_open_files`]: the system's hard
/// limit. Each connection is one.
pub fn open_files_limit() -> u64 {
    getrlimit(Resource::Nofile).maximum.unwrap_or(u64::MAX)
}

/// Uses what the system allows: the soft limit, often 1,024, is raised to the hard one. Answers
/// how many may be open now.
pub fn raise_open_files() -> u64 {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    match setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }) {
        Ok(()) => maximum.unwrap_or(u64::MAX),
        Err(_) => current.unwrap_or(u64::MAX),
    }
}

/// How many connections may ask over HTTP at once, of so many open files: a part that leaves most
/// of them to WebSockets, which stay.
pub fn request_connections(open_files: u64) -> usize {
    usize::try_from(open_files / 4).unwrap_or(usize::MAX).clamp(256, 8_192)
}

/// How many WebSockets so many open files can carry, beside requests, the database and the log.
pub fn sockets(open_files: u64) -> usize {
    let all = usize::try_from(open_files).unwrap_or(usize::MAX);
    all.saturating_sub(request_connections(open_files) + OWN_FILES)
}

/// What the machine is called; nothing when the system does not tell.
pub fn name() -> String {
    let name = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    name.trim().to_owned()
}

/// How many files and sockets are open.
///
/// # Errors
/// When the system does not tell.
pub fn open_files() -> io::Result<usize> {
    Ok(fs::read_dir("/proc/self/fd")?.count())
}

/// How many bytes of memory the process has in use; nothing when the system does not tell.
pub fn resident_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = resident.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1_024)
}

/// How many bytes are free for us on the disk that holds `folder`.
///
/// # Errors
/// When the folder cannot be reached.
pub fn free_space(folder: &Path) -> io::Result<u64> {
    let disk = rustix::fs::statvfs(folder)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_the_system_allows_is_used() {
        assert_eq!(raise_open_files(), open_files_limit());
    }

    #[test]
    fn sockets_get_most_of_the_open_files() {
        assert_eq!(sockets(65_536), 65_536 - 8_192 - 512);
        assert_eq!(sockets(1_024), 256);
        assert_eq!(sockets(100), 0);
    }

    #[test]
    fn the_machine_can_be_asked() {
        assert!(open_files().expect("a number") > 2);
        assert!(resident_memory().expect("a number") > 1 << 20);
        assert!(free_space(Path::new("/")).is_ok());
        assert!(free_space(Path::new("/no/such/folder")).is_err());
    }
}
