//! Fetches a picture from a foreign host, so that attendees' browsers do not have to: the host would
//! learn who looks at what, and could change the picture into anything.
//!
//! The address comes from whoever wrote the schedule. The hub may reach what strangers must not, so it
//! connects to public addresses only, whatever a name or a redirect leads to.

mod public;

use std::io::Read as _;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use tokio::sync::oneshot;
use ureq::Agent;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

use super::{LARGEST_FILE, Picture, Unreadable};
use crate::core::Core;
use public::is_public;

/// How long all of it may take.
const TIMEOUT: Duration = Duration::from_secs(20);
/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);
/// The maximum number of redirects.
const REDIRECTS: u32 = 3;
/// The maximum size of an answer's head, in bytes.
const MAX_HEAD: usize = 16 * 1024;

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum NotFetched {
    /// The host did not give it.
    #[error("{0}")]
    Host(String),
    /// What it gave is none.
    #[error(transparent)]
    File(#[from] Unreadable),
}

/// The picture at this address, as the hub writes it.
///
/// # Errors
/// Why there is none.
pub async fn fetch(core: &Core, address: &str) -> Result<Picture, NotFetched> {
    let reach = if core.settings.pictures.private_pictures { anywhere } else { is_public };
    let (sender, receiver) = oneshot::channel();
    let address = address.to_owned();
    // A thread of its own: the runtime would wait for it at a stop.
    let thread = std::thread::Builder::new().name("fetch-picture".to_owned()).spawn(move || {
        // Nobody may be waiting any more.
        let _ = sender.send(get(&address, reach));
    });
    thread.map_err(|error| NotFetched::Host(error.to_string()))?;
    let file = receiver.await.map_err(|_| NotFetched::Host("it was given up".to_owned()))?;
    let asker = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
    Ok(super::read(&core.cpu_pool, asker, file?.into()).await?)
}

fn anywhere(_: IpAddr) -> bool {
    true
}

fn get(address: &str, reach: fn(IpAddr) -> bool) -> Result<Vec<u8>, NotFetched> {
    let config = Agent::config_builder()
        // A proxy would resolve names itself.
        .proxy(None)
        .timeout_global(Some(TIMEOUT))
        .timeout_connect(Some(CONNECT))
        .max_redirects(REDIRECTS)
        .max_response_header_size(MAX_HEAD)
        .user_agent(concat!("plenary/", env!("CARGO_PKG_VERSION")))
        .accept("image/png, image/jpeg, image/webp")
        .build();
    let agent = Agent::with_parts(config, DefaultConnector::default(), Reachable(reach));
    let response = agent.get(address).call().map_err(host)?;
    let mut file = Vec::new();
    let mut body = response.into_body().into_reader().take(LARGEST_FILE as u64 + 1);
    body.read_to_end(&mut file).map_err(host)?;
    if file.len() > LARGEST_FILE {
        return Err(NotFetched::Host(format!("it is larger than {} MiB", LARGEST_FILE >> 20)));
    }
    Ok(file)
}

fn host(error: impl std::fmt::Display) -> NotFetched {
    NotFetched::Host(error.to_string())
}

/// Resolves names to those of their addresses that may be reached. Connections are opened to what it
/// returns, so that a name cannot lead elsewhere in between; every redirect asks it again.
#[derive(Debug)]
struct Reachable(fn(IpAddr) -> bool);

impl Resolver for Reachable {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = DefaultResolver::default().resolve(uri, config, timeout)?;
        let mut allowed = self.empty();
        for address in found.iter().filter(|address| self.0(address.ip())) {
            allowed.push(*address);
        }
        if allowed.is_empty() { Err(ureq::Error::HostNotFound) } else { Ok(allowed) }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::net::{SocketAddr, TcpListener};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// A server that gives these answers, one per connection, and counts the connections.
    fn serve(answers: Vec<Vec<u8>>) -> (SocketAddr, Arc<AtomicUsize>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("a bound port");
        let count = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&count);
        std::thread::spawn(move || {
            for answer in answers {
                let (mut stream, _) = listener.accept().expect("a client");
                counted.fetch_add(1, Ordering::SeqCst);
                let mut head = [0; 4_096];
                let _ = stream.read(&mut head);
                let _ = stream.write_all(&answer);
            }
        });
        (address, count)
    }

    fn answer(head: &str, body: &[u8]) -> Vec<u8> {
        let head = format!(
            "HTTP/1.1 {head}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            body.len()
        );
        [head.as_bytes(), body].concat()
    }

    fn refusal(result: Result<Vec<u8>, NotFetched>) -> String {
        result.expect_err("refused").to_string()
    }

    #[test]
    fn a_file_arrives_and_a_large_one_does_not() {
        let (address, _) = serve(vec![answer("200 OK", b"a file")]);
        assert_eq!(get(&format!("http://{address}/a"), anywhere).expect("a file"), b"a file");
        let (address, _) = serve(vec![answer("200 OK", &vec![0; LARGEST_FILE + 1])]);
        assert!(refusal(get(&format!("http://{address}/a"), anywhere)).contains("2 MiB"));
        let (address, _) = serve(vec![answer("404 Not Found", b"")]);
        assert!(refusal(get(&format!("http://{address}/a"), anywhere)).contains("404"));
    }

    #[test]
    fn nothing_on_this_machine_or_its_networks_is_asked() {
        let (address, asked) = serve(vec![answer("200 OK", b"a secret")]);
        let port = address.port();
        for host in
            ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "[::1]", "0", "2130706433", "0x7f.1"]
        {
            refusal(get(&format!("http://{host}:{port}/"), is_public));
        }
        assert_eq!(asked.load(Ordering::SeqCst), 0);
    }

    #[test]
    fn a_redirect_leads_nowhere_else_than_an_address() {
        /// As if the first server were a public one.
        fn only_the_first(address: IpAddr) -> bool {
            address != IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2)) && address.is_ipv4()
        }
        let secret = TcpListener::bind("127.0.0.2:0").expect("a port");
        let port = secret.local_addr().expect("a bound port").port();
        let (asked, arrived) = std::sync::mpsc::channel();
        std::thread::spawn(move || asked.send(secret.accept()));
        for place in [
            format!("http://127.0.0.2:{port}/"),
            format!("http://[::ffff:127.0.0.2]:{port}/"),
            "file:///etc/passwd".to_owned(),
        ] {
            let moved = answer(&format!("302 Found\r\nlocation: {place}"), b"");
            let (address, _) = serve(vec![moved]);
            refusal(get(&format!("http://{address}/"), only_the_first));
        }
        assert!(arrived.try_recv().is_err(), "nobody came");
        let again = |to: &str| answer(&format!("302 Found\r\nlocation: {to}"), b"");
        let (address, count) =
            serve(vec![again("/a"), again("/b"), again("/c"), again("/d"), again("/e")]);
        refusal(get(&format!("http://{address}/"), anywhere));
        assert_eq!(count.load(Ordering::SeqCst), 4);
    }
}
