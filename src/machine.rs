//! What the machine gives the hub: open files, memory, disk.

use std::fs;
use std::io;
use std::path::Path;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

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
    fn the_machine_can_be_asked() {
        assert!(open_files().expect("a number") > 2);
        assert!(resident_memory().expect("a number") > 1 << 20);
        assert!(free_space(Path::new("/")).is_ok());
        assert!(free_space(Path::new("/no/such/folder")).is_err());
    }
}
