//! Opening connections: from which address, and how many files that needs.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use mio::net::TcpStream;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use socket2::{Domain, Protocol, Socket, Type};

/// How many connections one source address is given. It has some 28,000 ports, but the system looks
/// for a free one ever longer as they fill.
pub(crate) const PER_SOURCE: usize = 2_000;

/// Files that are open besides the sockets.
const OTHER_FILES: u64 = 64;

/// Begins to connect.
pub(crate) fn connect(target: SocketAddr, source: Option<IpAddr>) -> io::Result<TcpStream> {
    let domain = Domain::for_address(target);
    let socket = Socket::new(domain, Type::STREAM, Some(Protocol::TCP))?;
    socket.set_nonblocking(true)?;
    socket.set_tcp_nodelay(true)?;
    if let Some(source) = source {
        socket.bind(&SocketAddr::new(source, 0).into())?;
    }
    match socket.connect(&target.into()) {
        Ok(()) => {}
        // EINPROGRESS has no kind of its own.
        Err(error)
            if error.raw_os_error() == Some(rustix::io::Errno::INPROGRESS.raw_os_error()) => {}
        Err(error) => return Err(error),
    }
    Ok(TcpStream::from_std(socket.into()))
}

/// The addresses to come from: those that are given, and towards this machine itself as many as
/// the ports of one would not suffice for. Parts that run side by side have different ones, and so
/// have runs of different seconds: a port rests for a minute after its connection has ended.
pub(crate) fn sources(
    given: &[IpAddr],
    target: SocketAddr,
    clients: usize,
    part: usize,
    second: u64,
) -> Vec<IpAddr> {
    let here = matches!(target.ip(), IpAddr::V4(address) if address.is_loopback());
    if !given.is_empty() || !here {
        return given.to_vec();
    }
    let count = clients.div_ceil(PER_SOURCE);
    let first = 2 + part * count;
    let run = u8::try_from(1 + second % 250).unwrap_or(1);
    (first..first + count)
        .map(|number| {
            let [high, low] = u16::try_from(number).unwrap_or(2).to_be_bytes();
            Ipv4Addr::new(127, run, high, low).into()
        })
        .collect()
}

/// Raises the limit of open files as far as it goes.
///
/// # Errors
/// When that is too little for so many sockets; says what to do.
pub(crate) fn raise_file_limit(sockets: usize) -> anyhow::Result<u64> {
    let limit = getrlimit(Resource::Nofile);
    let highest = limit.maximum;
    // Refused at worst, and then the present one counts.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: highest, maximum: highest });
    let current = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    let needed = sockets as u64 + OTHER_FILES;
    anyhow::ensure!(
        current >= needed,
        "{sockets} sockets need {needed} open files, and this process may have {current}. Raise the \
         limit (ulimit -Hn), or share the clients among several load testers with --part."
    );
    Ok(current)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(texts: &[&str]) -> Vec<IpAddr> {
        texts.iter().map(|text| text.parse().expect("an address")).collect()
    }

    #[test]
    fn towards_this_machine_there_are_addresses_enough() {
        let target = "127.0.0.1:8080".parse().expect("an address");
        assert_eq!(sources(&[], target, 1, 0, 0), addresses(&["127.1.0.2"]));
        assert_eq!(sources(&[], target, 4_000, 0, 250), addresses(&["127.1.0.2", "127.1.0.3"]));
        assert_eq!(sources(&[], target, 4_000, 1, 249), addresses(&["127.250.0.4", "127.250.0.5"]));
    }

    #[test]
    fn towards_others_only_what_is_given() {
        let target = "192.0.2.1:80".parse().expect("an address");
        assert!(sources(&[], target, 50_000, 0, 0).is_empty());
        let given = addresses(&["192.0.2.7"]);
        assert_eq!(sources(&given, target, 50_000, 3, 0), given);
    }
}
