//! The machine's resources: open files, memory, disk.

use std::fs;
use std::io;
use std::path::Path;

use rustix::fs::Mode;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit, umask};

/// How many files the hub itself needs: database connections, logs, pictures in transfer.
const OWN_FILES: usize = 512;

/// Makes files that the process creates from now on accessible to its user alone: the data folder
/// contains addresses, password hashes, and mails with sign-in links.
pub fn keep_files_private() {
    umask(Mode::RWXG | Mode::RWXO);
}

/// How many files and sockets may be open at once after [`raise_open_files`]: the system's hard
/// limit. Each connection counts as one.
pub fn open_files_limit() -> u64 {
    getrlimit(Resource::Nofile).maximum.unwrap_or(u64::MAX)
}

/// Raises the soft limit of open files, often 1,024, to the hard one, and returns it.
pub fn raise_open_files() -> u64 {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    match setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }) {
        Ok(()) => maximum.unwrap_or(u64::MAX),
        Err(_) => current.unwrap_or(u64::MAX),
    }
}

/// How many HTTP connections may be open at once, given this limit of open files: a part that
/// leaves most of them to WebSockets, which last.
pub fn request_connections(open_files: u64) -> usize {
    usize::try_from(open_files / 4).unwrap_or(usize::MAX).clamp(256, 8_192)
}

/// How many WebSockets fit into this limit of open files, besides requests, the database and logs.
pub fn sockets(open_files: u64) -> usize {
    let all = usize::try_from(open_files).unwrap_or(usize::MAX);
    all.saturating_sub(request_connections(open_files) + OWN_FILES)
}

/// The machine's host name; empty if it is unknown.
pub fn name() -> String {
    let name = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    name.trim().to_owned()
}

/// How many files and sockets are open.
///
/// # Errors
/// When the system does not provide it.
pub fn open_files() -> io::Result<usize> {
    Ok(fs::read_dir("/proc/self/fd")?.count())
}

/// How many bytes of memory the process uses; `None` if that is unknown.
pub fn resident_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = resident.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1_024)
}

/// How many bytes are available to us on the disk that holds `folder`.
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
