//! The opening handshake (RFC 6455, section 4.2).

use http::header::{
    CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_EXTENSIONS, SEC_WEBSOCKET_KEY,
    SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::deflate::{Deflate, negotiate};

/// Why a request cannot be upgraded to a WebSocket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAWebSocket {
    /// It is not an upgrade.
    #[error("This address is for WebSockets. Send a GET request with the headers of an upgrade.")]
    NoUpgrade,
    /// It is of another version of the protocol.
    #[error("Only version 13 of the WebSocket protocol is supported.")]
    Version,
    /// Its key is missing or malformed.
    #[error("The header Sec-WebSocket-Key is missing or is not 16 bytes in Base64.")]
    Key,
}

/// The outcome of the negotiation.
#[derive(Clone, Debug)]
pub struct Handshake {
    /// About compression.
    pub deflate: Deflate,
    accept: String,
    protocol: Option<&'static str>,
    extensions: Option<String>,
}

impl Handshake {
    /// Accepts the request, with this subprotocol if it is offered.
    ///
    /// # Errors
    /// Why it cannot be upgraded.
    pub fn of(request: &Parts, protocol: &'static str) -> Result<Self, NotAWebSocket> {
        let headers = &request.headers;
        let upgrades =
            lists(headers, &UPGRADE, "websocket") && lists(headers, &CONNECTION, "upgrade");
        if request.method != Method::GET || !upgrades {
            return Err(NotAWebSocket::NoUpgrade);
        }
        if headers.get(SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
            return Err(NotAWebSocket::Version);
        }
        let key = headers.get(SEC_WEBSOCKET_KEY).map(HeaderValue::as_bytes);
        let key = key.filter(|key| key.len() == 24).ok_or(NotAWebSocket::Key)?;
        let offers = headers.get_all(SEC_WEBSOCKET_EXTENSIONS);
        let (deflate, extensions) =
            negotiate(offers.iter().filter_map(|value| value.to_str().ok()));
        Ok(Self {
            deflate,
            accept: derive_accept_key(key),
            protocol: lists(headers, &SEC_WEBSOCKET_PROTOCOL, protocol).then_some(protocol),
            extensions,
        })
    }

    /// The answer that upgrades it.
    pub fn response<B: Default>(self) -> Response<B> {
        let mut response = Response::new(B::default());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let headers = response.headers_mut();
        headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
        let protocol = self.protocol.map(str::to_owned);
        for (name, value) in [
            (SEC_WEBSOCKET_ACCEPT, Some(self.accept)),
            (SEC_WEBSOCKET_PROTOCOL, protocol),
            (SEC_WEBSOCKET_EXTENSIONS, self.extensions),
        ] {
            // All of them are made of plain characters.
            if let Some(Ok(value)) = value.map(HeaderValue::try_from) {
                headers.insert(name, value);
            }
        }
        response
    }
}

/// Whether the header lists this value.
fn lists(headers: &HeaderMap, name: &HeaderName, wanted: &str) -> bool {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|value| value.trim().eq_ignore_ascii_case(wanted))
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    const HEADERS: [(&str, &str); 6] = [
        ("upgrade", "WebSocket"),
        ("connection", "keep-alive, Upgrade"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ("sec-websocket-protocol", "other, plenary.v1"),
        ("sec-websocket-extensions", "permessage-deflate; client_max_window_bits"),
    ];

    fn handshake(method: Method, change: (&str, &str)) -> Result<Response<()>, NotAWebSocket> {
        let mut request = Request::builder().method(method);
        for (name, value) in HEADERS {
            let value = if name == change.0 { change.1 } else { value };
            request = request.header(name, value);
        }
        let (parts, ()) = request.body(()).expect("a request").into_parts();
        Handshake::of(&parts, "plenary.v1").map(Handshake::response)
    }

    #[test]
    fn the_example_of_the_rfc_is_answered() {
        let response = handshake(Method::GET, ("", "")).expect("a handshake");
        assert_eq!(response.status(), StatusCode::SWITCHING_PROTOCOLS);
        let header = |name: &str| response.headers()[name].to_str().expect("text").to_owned();
        assert_eq!(header("sec-websocket-accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assert_eq!(header("sec-websocket-protocol"), "plenary.v1");
        assert!(header("sec-websocket-extensions").starts_with("permessage-deflate"));
        let other = handshake(Method::GET, ("sec-websocket-protocol", "other")).expect("agreed");
        assert!(!other.headers().contains_key("sec-websocket-protocol"));
    }

    #[test]
    fn a_request_that_cannot_be_upgraded_is_told_why() {
        for (method, change, why) in [
            (Method::POST, ("", ""), NotAWebSocket::NoUpgrade),
            (Method::GET, ("upgrade", "h2c"), NotAWebSocket::NoUpgrade),
            (Method::GET, ("connection", "close"), NotAWebSocket::NoUpgrade),
            (Method::GET, ("sec-websocket-version", "8"), NotAWebSocket::Version),
            (Method::GET, ("sec-websocket-key", "short"), NotAWebSocket::Key),
        ] {
            assert_eq!(handshake(method, change).err(), Some(why), "{change:?}");
        }
    }
}
