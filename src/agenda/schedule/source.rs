//! The source of a document: a file or a web address.

use std::io::Read as _;
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail, ensure};
use bytes::Bytes;
use serde_json::{Value, json};
use ureq::Timeout;

use super::LARGEST_DOCUMENT;

/// How long an answer may take in total.
const TIMEOUT: Duration = Duration::from_secs(60);
/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);
/// The maximum number of pages of an API.
const PAGES: usize = 1_000;
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
    let bytes = if address { fetch_all(source, TIMEOUT) } else { open(source) };
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

/// Fetches what is at the address and, where that is a page of an API, the pages after it.
fn fetch_all(address: &str, patience: Duration) -> anyhow::Result<Bytes> {
    let first = fetch(address, patience)?;
    let Some((mut items, mut next)) = page(&first) else { return Ok(first) };
    let mut size = first.len();
    for _ in 0..PAGES {
        let Some(following) = next else {
            let whole = json!({ "next": null, "results": items });
            return Ok(whole.to_string().into());
        };
        // Where the first page was asked for, the others are, whatever host the answer names.
        let path = path_of(&following).context("the address of the next page cannot be read")?;
        let bytes = fetch(&format!("{}{path}", origin_of(address)), patience)?;
        size += bytes.len();
        ensure!(size <= LARGEST_DOCUMENT, "it is larger than {} MiB", LARGEST_DOCUMENT >> 20);
        let (more, after) = page(&bytes).context("the next page is none")?;
        items.extend(more);
        next = after;
    }
    bail!("it has more than {PAGES} pages")
}

/// The items of a page that is followed by another, or that is one of several; and the address of
/// the next.
fn page(bytes: &[u8]) -> Option<(Vec<Value>, Option<String>)> {
    let Value::Object(mut page) = serde_json::from_slice(bytes).ok()? else { return None };
    let Some(Value::Array(items)) = page.remove("results") else { return None };
    Some((items, page.get("next")?.as_str().map(str::to_owned)))
}

/// Scheme and host of an address.
fn origin_of(address: &str) -> &str {
    let host = address.find("://").map_or(0, |at| at + 3);
    let end = address[host..].find(['/', '?', '#']).map_or(address.len(), |at| host + at);
    &address[..end]
}

/// What follows the host in an address.
fn path_of(address: &str) -> Option<&str> {
    if address.starts_with('/') && !address.starts_with("//") {
        return Some(address);
    }
    address.contains("://").then(|| &address[origin_of(address).len()..])
}

fn fetch(address: &str, patience: Duration) -> anyhow::Result<Bytes> {
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(patience))
        .timeout_connect(Some(CONNECT))
        .max_redirects(REDIRECTS)
        .user_agent(concat!("plenary/", env!("CARGO_PKG_VERSION")))
        .accept("application/json, application/xml;q=0.9, text/xml;q=0.9");
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
    fn pages_are_asked_for_where_the_first_was() {
        let first = "https://talks.example/api/x/?a=b";
        assert_eq!(origin_of(first), "https://talks.example");
        assert_eq!(path_of("http://inner:8000/api/x/?page=2"), Some("/api/x/?page=2"));
        assert_eq!(path_of("/api/x/?page=2"), Some("/api/x/?page=2"));
        assert_eq!(path_of("//elsewhere.example/"), None);
    }

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
