//! How many files and sockets the process may have open: each connection is one.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// How many may be open after [`raise`]: the system's hard limit.
pub fn limit() -> u64 {
    getrlimit(Resource::Nofile).maximum.unwrap_or(u64::MAX)
}

/// Uses what the system allows: the soft limit, often 1,024, is raised to the hard one. Answers
/// how many may be open now.
pub fn raise() -> u64 {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    match setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }) {
        Ok(()) => maximum.unwrap_or(u64::MAX),
        Err(_) => current.unwrap_or(u64::MAX),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn everything_that_the_system_allows_is_used() {
        assert_eq!(super::raise(), super::limit());
    }
}
