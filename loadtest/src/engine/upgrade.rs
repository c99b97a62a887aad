//! The handshake that turns a TCP connection into a WebSocket (RFC 6455 §4).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rand::RngCore;
use sha1::{Digest as _, Sha1};

/// The largest head of an answer that is read.
pub(crate) const LARGEST_HEAD: usize = 16 * 1024;

const GUID: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// A key and the proof that a server has understood it. One for all connections: checking it must
/// not cost a digest each.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    key: String,
    accept: String,
}

impl Key {
    pub(crate) fn random(random: &mut impl RngCore) -> Self {
        let mut bytes = [0; 16];
        random.fill_bytes(&mut bytes);
        let key = STANDARD.encode(bytes);
        let accept = accept(key.as_bytes());
        Self { key, accept }
    }
}

/// What a server answers to a key.
pub(crate) fn accept(key: &[u8]) -> String {
    STANDARD.encode(Sha1::new().chain_update(key).chain_update(GUID).finalize())
}

/// What to ask for in a handshake.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Upgrade {
    /// Path and query.
    pub(crate) path: String,
    pub(crate) subprotocol: Option<&'static str>,
    /// A `Cookie` line's value.
    pub(crate) cookie: Option<String>,
}

/// The request's bytes.
pub(crate) fn request(upgrade: &Upgrade, host: &str, key: &Key, compress: bool) -> Vec<u8> {
    let mut head = format!(
        "GET {} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {}\r\n",
        upgrade.path, key.key
    );
    let mut add = |name: &str, value: &str| {
        head.push_str(name);
        head.push_str(": ");
        head.push_str(value);
        head.push_str("\r\n");
    };
    if let Some(name) = upgrade.subprotocol {
        add("Sec-WebSocket-Protocol", name);
    }
    if let Some(cookie) = &upgrade.cookie {
        add("Cookie", cookie);
    }
    if compress {
        add("Sec-WebSocket-Extensions", "permessage-deflate; client_no_context_takeover");
    }
    head.push_str("\r\n");
    head.into_bytes()
}

/// What a server answered.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The head has not arrived as a whole.
    Partial,
    /// Frames follow from this byte on.
    Open { head: usize, compressed: bool },
    /// It is no WebSocket: status and why.
    Refused(String),
}

/// Reads the answer at the beginning of the buffer.
pub(crate) fn answer(buffer: &[u8], upgrade_key: &Key) -> Answer {
    let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") else {
        let broken = buffer.len() > LARGEST_HEAD;
        return if broken { Answer::Refused("no HTTP answer".to_owned()) } else { Answer::Partial };
    };
    let head = String::from_utf8_lossy(&buffer[..end]);
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap_or_default();
    let status = status.split_once(' ').map_or(status, |(_, status)| status);
    if !status.starts_with("101") {
        return Answer::Refused(format!("HTTP {}", status.get(..3).unwrap_or(status)));
    }
    let header = |name: &str| {
        lines.clone().filter_map(|line| line.split_once(':')).find_map(|(key, value)| {
            key.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    };
    if header("sec-websocket-accept").as_deref() != Some(upgrade_key.accept.as_str()) {
        return Answer::Refused("the handshake's proof is wrong".to_owned());
    }
    let extensions = header("sec-websocket-extensions").unwrap_or_default();
    Answer::Open { head: end + 4, compressed: extensions.contains("permessage-deflate") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> Key {
        let key = "dGhlIHNhbXBsZSBub25jZQ==".to_owned();
        let accept = accept(key.as_bytes());
        Key { key, accept }
    }

    #[test]
    fn the_proof_is_that_of_the_standard() {
        // RFC 6455 §1.3
        assert_eq!(key().accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    #[test]
    fn an_answer_is_read_in_pieces_and_its_frames_left_alone() {
        let whole = format!(
            "HTTP/1.1 101 Switching Protocols\r\nsec-websocket-accept: {}\r\n\r\n\u{1}",
            key().accept
        );
        let head = whole.len() - 1;
        for end in 0..head {
            assert_eq!(answer(&whole.as_bytes()[..end], &key()), Answer::Partial);
        }
        let open = Answer::Open { head, compressed: false };
        assert_eq!(answer(whole.as_bytes(), &key()), open);
    }

    #[test]
    fn a_refusal_is_told_by_its_status() {
        let full = b"HTTP/1.1 503 Service Unavailable\r\n\r\n{}";
        assert_eq!(answer(full, &key()), Answer::Refused("HTTP 503".to_owned()));
        let liar = b"HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: no\r\n\r\n";
        assert!(matches!(answer(liar, &key()), Answer::Refused(_)));
    }
}
