//! Where a document comes from: a file or an address on the web.

use std::io::Read as _;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use bytes::Bytes;

use super::LARGEST_DOCUMENT;

/// How long an answer may take in all.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How often an address may point to another.
const REDIRECTS: u32 = 5;

/// Reads the file at this path, or what is at this address (`http://…`, `https://…`).
///
/// # Errors
/// A sentence when there is nothing, or more than 32 MiB.
pub fn read(source: &str) -> anyhow::Result<Bytes> {
    let address = ["http://", "https://"].iter().any(|scheme| {
        source.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    });
    let bytes = if address { fetch(source) } else { open(source) };
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

fn fetch(address: &str) -> anyhow::Result<Bytes> {
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .timeout_connect(Some(CONNECT))
        .max_redirects(REDIRECTS)
        .user_agent(concat!("plenary/", env!("CARGO_PKG_VERSION")))
        .accept("application/json");
    let response = config.build().new_agent().get(address).call()?;
    bounded(response.into_body().into_reader())
}

/// Everything that can be read, if that is not too much.
fn bounded(reader: impl std::io::Read) -> anyhow::Result<Bytes> {
    let mut bytes = Vec::new();
    reader.take(LARGEST_DOCUMENT as u64 + 1).read_to_end(&mut bytes)?;
    ensure!(bytes.len() <= LARGEST_DOCUMENT, "it is larger than {} MiB", LARGEST_DOCUMENT >> 20);
    Ok(bytes.into())
}
