//! The source of a document: a file or a web address.

use std::io::Read as _;
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail, ensure};
use bytes::Bytes;
use ureq::Timeout;

use super::LARGEST_DOCUMENT;

/// How long an answer may take in total.
const TIMEOUT: Duration = Duration::from_secs(60);
/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);
/// The maximum number of redirects.
const REDIRECTS: u32 = 5;

/// Reads the file at this path, or what is at this address (`http://…`, `https://…`).
///
/// # Errors
/// A sentence when there is nothing, or more than 32 MiB.
pub fn read(source: &str) -> anyhow::Result<Bytes> {
    let address = ["http://", "https://"].iter().any(|scheme| {
        source.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    });
    let bytes = if address { fetch(source, TIMEOUT) } else { open(source) };
    bytes.with_context(|| format!("{source} cannot be read"))
}

fn open(path: &str) -> anyhow::Result<Bytes> {
    if path.contains("://") {
        bail!("only http:// and https:// addresses are fetched");
    }
    let file = std::fs::File::open(path)?;
    ensure!(!file.metadata()?.is_dir(), "it is a folder");
    bounded(file)
}

fn fetch(address: &str, patience: Duration) -> anyhow::Result<Bytes> {
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(patience))
        .timeout_connect(Some(CONNECT))
        .max_redirects(REDIRECTS)
        .user_agent(concat!("plenary/", env!("CARGO_PKG_VERSION")))
        .accept("application/json");
    let agent = config.build().new_agent();
    let read = || {
        let response = agent.get(address).call()?;
        bounded(response.into_body().into_reader())
    };
    read().map_err(|error| match timeout(&error) {
        Some(Timeout::Connect | Timeout::Resolve) => {
            anyhow!("there is no connection within {CONNECT:?}")
        }
        Some(_) => anyhow!("it does not arrive within {patience:?}"),
        None => error,
    })
}

/// What timed out, if that is the error. While a body is read, the client's errors are wrapped in
/// I/O errors.
fn timeout(error: &anyhow::Error) -> Option<Timeout> {
    let of = |error: &ureq::Error| match error {
        ureq::Error::Timeout(timeout) => Some(*timeout),
        _ => None,
    };
    let reading = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    let reading = reading.and_then(|inner| inner.downcast_ref::<ureq::Error>());
    error.downcast_ref::<ureq::Error>().or(reading).and_then(of)
}

/// Reads everything, up to the limit.
fn bounded(reader: impl std::io::Read) -> anyhow::Result<Bytes> {
    let mut bytes = Vec::new();
    reader.take(LARGEST_DOCUMENT as u64 + 1).read_to_end(&mut bytes)?;
    ensure!(bytes.len() <= LARGEST_DOCUMENT, "it is larger than {} MiB", LARGEST_DOCUMENT >> 20);
    Ok(bytes.into())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn a_server_that_takes_its_time_is_told_in_words() {
        for begin in ["", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"] {
            let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
            let address = listener.local_addr().expect("a bound port");
            let server = std::thread::spawn(move || {
                let (mut stream, _) = listener.accept().expect("a client");
                stream.write_all(begin.as_bytes()).expect("what is said");
                stream
            });
            let patience = Duration::from_millis(500);
            let error = fetch(&format!("http://{address}/"), patience).expect_err("no answer");
            assert_eq!(error.to_string(), "it does not arrive within 500ms");
            server.join().expect("no panic");
        }
    }
}
