//! The security headers: they forbid browsers whatever our pages never do.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::{Router, middleware};

/// Scripts, styles, pictures and connections come only from this hub, nothing is inline, and no text
/// is ever turned into code or markup: nobody may even make an exception from that (`trusted-types`).
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     connect-src 'self'; font-src 'self'; img-src 'self' data: blob:; \
     media-src 'self' https: blob:; manifest-src 'self'; worker-src 'self'; base-uri 'none'; \
     form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
     trusted-types 'none'";

/// Camera and microphone are for calls on our own pages; nothing else is used.
const PERMISSIONS_POLICY: &str =
    "camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=(), usb=()";

const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS_POLICY),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

const STRICT_TRANSPORT_SECURITY: [(HeaderName, &str); 1] =
    [(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000")];

/// Adds the headers to every answer that does not set its own, except those that open a WebSocket.
/// `secure` says that browsers connect over TLS; they are then told to always do so.
pub fn protect(router: Router, secure: bool) -> Router {
    router.layer(middleware::map_response(move |mut response: Response| async move {
        if response.status() != StatusCode::SWITCHING_PROTOCOLS {
            let transport = STRICT_TRANSPORT_SECURITY.into_iter().filter(|_| secure);
            for (name, value) in HEADERS.into_iter().chain(transport) {
                let header = response.headers_mut().entry(name);
                header.or_insert(HeaderValue::from_static(value));
            }
        }
        response
    }))
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::extract::Request;
    use axum::routing::get;
    use tower::ServiceExt as _;

    use super::*;

    async fn headers(secure: bool) -> axum::http::HeaderMap {
        let own = [(header::REFERRER_POLICY, "no-referrer")];
        let router = Router::new().route("/", get(move || async move { (own, "") }));
        let request = Request::builder().uri("/").body(Body::empty()).expect("a request");
        let response = protect(router, secure).oneshot(request).await.expect("an answer");
        response.headers().clone()
    }

    #[tokio::test]
    async fn every_answer_has_them_unless_it_sets_its_own() {
        let headers = headers(false).await;
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert_eq!(headers[header::REFERRER_POLICY], "no-referrer");
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert!(policy.contains("img-src 'self' data: blob:;"), "{policy}");
        assert!(policy.contains("require-trusted-types-for 'script'"), "{policy}");
        assert!(!headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
    }

    #[tokio::test]
    async fn an_answer_that_opens_a_websocket_is_kept_short() {
        let router = Router::new().route("/", get(async || StatusCode::SWITCHING_PROTOCOLS));
        let request = Request::builder().uri("/").body(Body::empty()).expect("a request");
        let response = protect(router, true).oneshot(request).await.expect("an answer");
        assert!(!response.headers().contains_key(header::CONTENT_SECURITY_POLICY));
    }

    #[tokio::test]
    async fn with_tls_browsers_are_told_to_insist_on_it() {
        assert!(headers(true).await.contains_key(header::STRICT_TRANSPORT_SECURITY));
    }
}
