//! Refuses cross-site requests, which other sites' pages make a browser send with our cookie.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::problem::Problem;
use crate::core::Core;

/// Lets requests that may change something through only from our own pages or from programs other
/// than browsers.
pub(super) async fn same_origin_only(
    State(core): State<Core>,
    request: Request,
    next: Next,
) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if reads || is_same_origin(request.headers(), &core.settings.addresses.public_url) {
        return next.run(request).await;
    }
    let detail = "This request came from a page of another site. If it is yours, check that \
                  --public-url is the address that people type.";
    Problem::new("request.cross_origin", detail).into_response()
}

/// Whether this cannot come from another site's page; also for WebSocket handshakes, to which
/// browsers apply no same-origin policy.
///
/// `public_url` is the origin that people use. Browsers set these headers themselves and pages
/// cannot forge them. A client that sends neither is not a browser, so there are no cookies of
/// somebody else to abuse.
pub fn is_same_origin(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    match (text("sec-fetch-site"), text(header::ORIGIN.as_str())) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => origin.eq_ignore_ascii_case(public_url),
        (None, None) => true,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn allowed(site: Option<&'static str>, origin: Option<&'static str>) -> bool {
        let mut headers = HeaderMap::new();
        if let Some(site) = site {
            headers.insert("sec-fetch-site", HeaderValue::from_static(site));
        }
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
        }
        is_same_origin(&headers, "https://conference.example")
    }

    #[test]
    fn our_own_pages_and_programs_are_let_through() {
        assert!(allowed(Some("same-origin"), Some("https://conference.example")));
        assert!(allowed(Some("same-origin"), Some("http://localhost:5173")), "a development proxy");
        assert!(allowed(Some("none"), None));
        assert!(allowed(None, Some("https://conference.example")));
        assert!(allowed(None, None));
    }

    #[test]
    fn other_sites_are_not() {
        assert!(!allowed(Some("cross-site"), Some("https://conference.example")));
        assert!(!allowed(Some("same-site"), None), "a neighbour on the same domain");
        assert!(!allowed(None, Some("https://elsewhere.example")));
        assert!(!allowed(None, Some("https://conference.example.elsewhere.example")));
        assert!(!allowed(None, Some("null")), "a sandboxed frame");
    }

    #[test]
    fn an_unreadable_origin_is_refused() {
        let mut headers = HeaderMap::new();
        headers.insert(header::ORIGIN, HeaderValue::from_bytes(b"https://\xff").expect("bytes"));
        assert!(!is_same_origin(&headers, "https://conference.example"));
    }
}
