//! Answers to conditional requests: "not modified" where nothing has changed, and otherwise in an
//! encoding that the browser accepts.

use std::fmt::Write as _;
use std::io::Write as _;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::protocol::Refusal;

/// Below this many bytes compression saves no packet.
const WORTH_COMPRESSING: usize = 1_000;

/// A JSON answer that is encoded once and sent to many, with its tag and its compressed copy.
#[derive(Clone, Debug)]
pub struct Document {
    tag: HeaderValue,
    plain: Bytes,
    gzip: Option<Bytes>,
}

impl Document {
    /// Writes the value as JSON.
    ///
    /// # Errors
    /// When the value cannot be written as JSON, which is a mistake of ours.
    pub fn new(value: &impl Serialize) -> Result<Self, Refusal> {
        let plain = serde_json::to_vec(value).map_err(|error| {
            tracing::error!(%error, "an answer could not be written as JSON");
            Refusal::failed()
        })?;
        // Weak, because the plain and the compressed bytes share it.
        let tag = format!("W/{}", entity_tag(&Sha256::digest(&plain).into()));
        let tag = HeaderValue::from_str(&tag).map_err(|_| Refusal::failed())?;
        Ok(Self { tag, gzip: compress(&plain), plain: plain.into() })
    }

    /// The answer to a request with these headers.
    pub fn answer(&self, headers: &HeaderMap) -> Response {
        self.answer_kept(headers, "private, no-cache")
    }

    /// The same, about people: no browser keeps it, where the next person at the machine would find
    /// it.
    pub fn answer_personal(&self, headers: &HeaderMap) -> Response {
        self.answer_kept(headers, "no-store")
    }

    fn answer_kept(&self, headers: &HeaderMap, kept: &'static str) -> Response {
        let tag = self.tag.to_str().unwrap_or_default().trim_start_matches("W/");
        let unchanged = headers.get(header::IF_NONE_MATCH).is_some_and(|sent| matches(sent, tag));
        let compressed = self.gzip.as_ref().filter(|_| accepts(headers, "gzip"));
        let mut response = match compressed {
            _ if unchanged => StatusCode::NOT_MODIFIED.into_response(),
            Some(bytes) => bytes.clone().into_response(),
            None => self.plain.clone().into_response(),
        };
        let answers = response.headers_mut();
        answers.insert(header::ETAG, self.tag.clone());
        answers.insert(header::VARY, HeaderValue::from_static("accept-encoding, cookie"));
        answers.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
        if !unchanged {
            let json = HeaderValue::from_static("application/json");
            answers.insert(header::CONTENT_TYPE, json);
            if compressed.is_some() {
                answers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            }
        }
        response
    }
}

fn compress(plain: &[u8]) -> Option<Bytes> {
    if plain.len() < WORTH_COMPRESSING {
        return None;
    }
    let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 3), Compression::default());
    encoder.write_all(plain).ok()?;
    encoder.finish().ok().map(Bytes::from)
}

/// Whether the browser accepts this encoding: named, and not with a weight of zero.
pub(super) fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|choice| choice.split_once(';').unwrap_or((choice, "")))
        .any(|(name, weight)| {
            let refused = matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000");
            name.trim().eq_ignore_ascii_case(encoding) && !refused
        })
}

pub(super) fn entity_tag(hash: &[u8; 32]) -> String {
    let mut tag = String::from("\"");
    for byte in &hash[..16] {
        // Writing to a String cannot fail.
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    tag
}

/// Whether an If-None-Match header contains the tag. A proxy may have weakened it: `W/"…"`.
pub(super) fn matches(sent: &HeaderValue, tag: &str) -> bool {
    sent.to_str().is_ok_and(|sent| {
        sent.split(',').map(str::trim).any(|one| one == "*" || one.trim_start_matches("W/") == tag)
    })
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn headers(pairs: &[(header::HeaderName, &str)]) -> HeaderMap {
        let value = |text: &str| HeaderValue::from_str(text).expect("a header value");
        pairs.iter().map(|(name, text)| (name.clone(), value(text))).collect()
    }

    async fn body(response: Response) -> Bytes {
        axum::body::to_bytes(response.into_body(), 1 << 20).await.expect("a body")
    }

    #[tokio::test]
    async fn what_the_browser_has_is_not_sent_again() {
        let document = Document::new(&["a", "b"]).expect("a document");
        let first = document.answer(&HeaderMap::new());
        let tag = first.headers()[header::ETAG].to_str().expect("text").to_owned();
        assert_eq!(body(first).await, r#"["a","b"]"#);

        let again = document.answer(&headers(&[(header::IF_NONE_MATCH, &tag)]));
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert!(body(again).await.is_empty());

        let other = Document::new(&["a", "c"]).expect("a document");
        let changed = other.answer(&headers(&[(header::IF_NONE_MATCH, &tag)]));
        assert_eq!(changed.status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn large_answers_are_compressed_for_clients_that_accept_it() {
        let long = "long ".repeat(1_000);
        let document = Document::new(&long).expect("a document");
        let compressed = document.answer(&headers(&[(header::ACCEPT_ENCODING, "br, gzip")]));
        assert_eq!(compressed.headers()[header::CONTENT_ENCODING], "gzip");
        let compressed = body(compressed).await;
        let mut plain = String::new();
        flate2::read::GzDecoder::new(&compressed[..]).read_to_string(&mut plain).expect("gzip");
        assert_eq!(plain, format!("\"{long}\""));

        let plain = document.answer(&HeaderMap::new());
        assert!(!plain.headers().contains_key(header::CONTENT_ENCODING));
    }
}
